using System.Runtime.InteropServices;
using SegBatch.Native.FFmpeg;
using Xunit;

namespace SegBatch.IntegrationTests.Native;

/// <summary>The memory of pictures between two decoders, which the whole process shares: no other test may decode meanwhile.</summary>
[Collection("native memory")]
public sealed class PictureMemoryTests
{
    private const int Size = (3 << 20) + 64;

    [Fact]
    public void What_is_kept_is_bounded_and_the_newest_comes_first()
    {
        var blocks = Enumerable.Range(0, 30).Select(_ => PictureMemory.Take(Size)).ToArray();
        foreach (var block in blocks)
        {
            PictureMemory.GiveBack(block, Size);
        }

        Assert.InRange(PictureMemory.Idle, PictureMemory.MostIdle - Size, PictureMemory.MostIdle);
        var idle = PictureMemory.Idle;
        var again = PictureMemory.Take(Size);
        Assert.Equal(blocks[^1], again);
        Assert.Equal(idle - Size, PictureMemory.Idle);
        PictureMemory.GiveBack(again, Size);
    }

    [Fact]
    public void A_block_of_another_file_comes_as_zeros()
    {
        var bytes = new byte[Size];
        var block = PictureMemory.Take(Size);
        bytes.AsSpan().Fill(0xFF);
        Marshal.Copy(bytes, 0, block, Size);
        PictureMemory.GiveBack(block, Size);

        var again = PictureMemory.Take(Size);

        Marshal.Copy(again, bytes, 0, Size);
        PictureMemory.GiveBack(again, Size);
        Assert.Equal(block, again);
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)0));
    }
}
