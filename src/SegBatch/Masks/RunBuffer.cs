using System.Buffers;

namespace SegBatch.Masks;

/// <summary>
/// The run lengths of all masks of one frame, one after the other in one pooled array. Masks are handed out as memory
/// of the array, so the array is only replaced between masks of different frames: growing copies, and old memory stays valid
/// until <see cref="Clear"/>.
/// </summary>
public sealed class RunBuffer : IDisposable
{
    private readonly List<int[]> _full = [];
    private int[] _current = ArrayPool<int>.Shared.Rent(4096);
    private int _start;
    private int _length;

    /// <summary>Appends one run length to the mask being written.</summary>
    public void Add(int count)
    {
        if (_length == _current.Length)
        {
            Grow();
        }

        _current[_length++] = count;
    }

    /// <summary>Ends the mask being written and returns its counts.</summary>
    public ReadOnlyMemory<int> Take()
    {
        var memory = _current.AsMemory(_start, _length - _start);
        _start = _length;
        return memory;
    }

    /// <summary>Forgets the mask being written.</summary>
    public void Drop() => _length = _start;

    /// <summary>Invalidates every mask handed out and starts anew, keeping the largest array.</summary>
    public void Clear()
    {
        foreach (var array in _full)
        {
            ArrayPool<int>.Shared.Return(array);
        }

        _full.Clear();
        _start = _length = 0;
    }

    public void Dispose()
    {
        Clear();
        ArrayPool<int>.Shared.Return(_current);
        _current = [];
    }

    private void Grow()
    {
        var bigger = ArrayPool<int>.Shared.Rent(Math.Max(4096, 2 * _current.Length));
        _current.AsSpan(_start, _length - _start).CopyTo(bigger);
        _full.Add(_current);
        _current = bigger;
        _length -= _start;
        _start = 0;
    }
}
