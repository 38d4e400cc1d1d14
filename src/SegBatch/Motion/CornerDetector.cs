using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// Chooses what to follow: samples whose response (<see cref="CornerResponse"/>) is more than a share of the best one's, and is not less than that of any
/// of their eight neighbours. The outermost samples do not count.
/// </summary>
/// <param name="size">Size of the pictures, pixels.</param>
/// <param name="quality">Share of the best response that a corner needs.</param>
/// <param name="most">Corners at most, the best ones.</param>
/// <param name="cell">Only the best corner of each square of so many pixels counts; 1: all do.</param>
internal sealed class CornerDetector(FrameSize size, double quality, int most, int cell)
{
    private readonly CornerResponse _response = new(size);
    private readonly int _cellsAcross = (size.Width + cell - 1) / cell;
    private readonly ulong[] _bestOfCell = new ulong[cell > 1 ? (size.Width / cell + 1) * (size.Height / cell + 1) : 0];

    // The response's bits (it is positive: they sort as it does), then the place.
    private ulong[] _keys = new ulong[1024];
    private int _count;

    /// <summary>Finds the corners of a picture whose border is filled: best first, of equal ones the lower, then the one further right first.</summary>
    /// <param name="corners">Cleared first. Positions of samples, the top left one at (0, 0).</param>
    public void Find(GrayPlane picture, List<Vector2> corners)
    {
        corners.Clear();
        _count = 0;
        var threshold = (float)(_response.Fill(picture) * quality);
        if (!(threshold > 0) || size.Width < 3)
        {
            return;
        }

        Array.Clear(_bestOfCell);
        for (var y = 1; y < size.Height - 1; y++)
        {
            Collect(y, threshold);
        }

        foreach (var key in _bestOfCell)
        {
            if (key > 0)
            {
                Append(key);
            }
        }

        Array.Sort(_keys, 0, _count);
        for (var i = _count - 1; i >= Math.Max(0, _count - most); i--)
        {
            var place = (int)(uint)_keys[i];
            corners.Add(new Vector2(place % size.Width, place / size.Width));
        }
    }

    private void Collect(int y, float threshold)
    {
        ref var above = ref MemoryMarshal.GetReference(_response.Row(y - 1));
        ref var row = ref MemoryMarshal.GetReference(_response.Row(y));
        ref var below = ref MemoryMarshal.GetReference(_response.Row(y + 1));
        var x = 1;
        for (; x + 8 < size.Width; x += 8)
        {
            var own = Vector256.LoadUnsafe(ref row, (nuint)x);
            var candidates = Vector256.GreaterThan(own, Vector256.Create(threshold));
            if (candidates.AsInt32() == Vector256<int>.Zero)
            {
                continue;
            }

            var around = Vector256.Max(Vector256.Max(Three(ref above, x), Three(ref below, x)), Three(ref row, x));
            var bits = (candidates & Vector256.GreaterThanOrEqual(own, around)).ExtractMostSignificantBits();
            for (; bits != 0; bits &= bits - 1)
            {
                Take(x + BitOperations.TrailingZeroCount(bits), y, ref row);
            }
        }

        for (; x < size.Width - 1; x++)
        {
            var own = Unsafe.Add(ref row, x);
            if (own > threshold && own >= Largest(ref above, x) && own >= Largest(ref row, x) && own >= Largest(ref below, x))
            {
                Take(x, y, ref row);
            }
        }
    }

    private void Take(int x, int y, ref float row)
    {
        var key = (ulong)BitConverter.SingleToUInt32Bits(Unsafe.Add(ref row, x)) << 32 | (uint)(y * size.Width + x);
        if (cell == 1)
        {
            Append(key);
            return;
        }

        ref var best = ref _bestOfCell[y / cell * _cellsAcross + x / cell];
        best = Math.Max(best, key);
    }

    private void Append(ulong key)
    {
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, 2 * _count);
        }

        _keys[_count++] = key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Three(ref float row, int x) =>
        Vector256.Max(
            Vector256.Max(Vector256.LoadUnsafe(ref Unsafe.Add(ref row, x - 1)), Vector256.LoadUnsafe(ref Unsafe.Add(ref row, x + 1))),
            Vector256.LoadUnsafe(ref Unsafe.Add(ref row, x))
        );

    private static float Largest(ref float row, int x) =>
        Math.Max(Math.Max(Unsafe.Add(ref row, x - 1), Unsafe.Add(ref row, x + 1)), Unsafe.Add(ref row, x));
}
