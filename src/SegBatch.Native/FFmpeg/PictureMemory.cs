using System.Runtime.InteropServices;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Memory of pictures between two decoders. A file's decoder fills megabytes of fresh pages before its first frame is out; in an archive of
/// short files that costs more than decoding, so the next decoder gets what the last one has given back. Safe from any thread.
/// </summary>
internal static unsafe class PictureMemory
{
    /// <summary>Bytes kept for the next decoder at most: twenty pictures of 1920x1080. The oldest go first.</summary>
    public const long MostIdle = 64L << 20;

    private const int Alignment = 64; // what libavcodec aligns its own to, at most

    private static readonly Lock Gate = new();
    private static readonly LinkedList<(nint Address, nuint Size)> Blocks = [];
    private static long s_idle;

    /// <summary>Bytes that nobody uses.</summary>
    public static long Idle
    {
        get
        {
            lock (Gate)
            {
                return s_idle;
            }
        }
    }

    /// <summary>
    /// A block of zeros, as libavcodec starts with: what a damaged file leaves unpainted must not show another file, nor depend on the order of
    /// files. 0 when there is no memory.
    /// </summary>
    public static nint Take(nuint size)
    {
        var block = Reuse(size);
        if (block == 0)
        {
            try
            {
                block = (nint)NativeMemory.AlignedAlloc(size, Alignment);
            }
            catch (OutOfMemoryException)
            {
                return 0; // FFmpeg's callers expect it so
            }
        }

        NativeMemory.Clear((void*)block, size);
        return block;
    }

    /// <summary>Takes a block of <see cref="Take"/> back.</summary>
    public static void GiveBack(nint block, nuint size)
    {
        lock (Gate)
        {
            Blocks.AddLast((block, size));
            s_idle += (long)size;
            while (s_idle > MostIdle && Blocks.First is { Value: var oldest })
            {
                Blocks.RemoveFirst();
                s_idle -= (long)oldest.Size;
                NativeMemory.AlignedFree((void*)oldest.Address);
            }
        }
    }

    private static nint Reuse(nuint size)
    {
        lock (Gate)
        {
            for (var node = Blocks.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Size == size)
                {
                    Blocks.Remove(node);
                    s_idle -= (long)size;
                    return node.Value.Address;
                }
            }

            return 0;
        }
    }
}
