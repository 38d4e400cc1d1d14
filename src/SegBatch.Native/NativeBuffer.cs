using System.Buffers;
using System.Runtime.InteropServices;

namespace SegBatch.Native;

/// <summary>How many <see cref="NativeBuffer{T}"/> of any element type exist; tests assert that it returns to where it was.</summary>
public static class NativeBuffers
{
    private static long s_outstanding;

    public static long Outstanding => Interlocked.Read(ref s_outstanding);

    internal static void Count(int change) => Interlocked.Add(ref s_outstanding, change);
}

/// <summary>
/// Zero-filled memory outside the garbage collector's heaps, aligned to 64 bytes (a cache line and the widest vector). One
/// owner disposes it; every <see cref="Memory{T}"/> and span taken from it ends there. No finaliser: a span does not keep the
/// buffer alive, so only its owner can know when to free.
/// </summary>
public sealed unsafe class NativeBuffer<T> : MemoryManager<T>
    where T : unmanaged
{
    private const nuint Alignment = 64;
    private T* _data;

    /// <param name="length">Number of elements, at least 1.</param>
    public NativeBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var bytes = (nuint)length * (nuint)sizeof(T);
        _data = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_data, bytes);
        Length = length;
        NativeBuffers.Count(1);
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        return new(_data, Length);
    }

    /// <summary>The memory never moves: pinning only computes the address.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length);
        return new(_data + elementIndex);
    }

    public override void Unpin() { }

    public void Dispose() => ((IDisposable)this).Dispose();

    protected override void Dispose(bool disposing)
    {
        if (_data is null)
        {
            return;
        }

        NativeMemory.AlignedFree(_data);
        _data = null;
        NativeBuffers.Count(-1);
    }
}
