using SegBatch.Native.FFmpeg;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>Parameter sets written bit by bit after ITU-T H.264, 7.3.2.1.1 and E.1.1.</summary>
public sealed class H264HeaderTests
{
    // Baseline, level 3, numbers 0, one reference frame, 10 by 9 macroblocks, frames only, direct inference, no cropping.
    private const string Start = "01000010 00000000 00011110 1 1 1 1 010 0 0001010 0001001 1 1 0";

    // No aspect ratio, overscan, signal type, chroma place, timing, rates, and no structure of pictures.
    private const string BareUsability = "1 0 0 0 0 0 0 0 0";

    // One picture put back in order, two buffered.
    private const string Restriction = "1 1 1 1 1 1 010 011";

    [Theory]
    [InlineData(Start + "0 1", false)]
    [InlineData(Start + BareUsability + "0 1", false)]
    [InlineData(Start + BareUsability + Restriction + "1", true)]
    [InlineData(Start + BareUsability, false)] // cut off
    [InlineData(Start, false)]
    public void The_order_of_pictures_is_told_by_a_bitstream_restriction_only(string bits, bool tells)
    {
        Assert.Equal(tells, H264Header.TellsOrder(Configuration(Bytes(bits))));
    }

    [Fact]
    public void A_configuration_of_another_kind_tells_nothing()
    {
        var whole = Configuration(Bytes(Start + BareUsability + Restriction + "1"));
        byte[] twoSets = [.. whole];
        twoSets[5] = 0xE2;
        byte[] startCodes = [0, 0, 0, 1, .. whole[8..]];

        Assert.False(H264Header.TellsOrder(twoSets));
        Assert.False(H264Header.TellsOrder(startCodes));
        Assert.False(H264Header.TellsOrder([]));
        for (var length = 0; length < whole.Length - 4; length++)
        {
            Assert.False(H264Header.TellsOrder(whole.AsSpan(0, length)));
        }
    }

    private static byte[] Bytes(string bits)
    {
        var packed = bits.Replace(" ", "", StringComparison.Ordinal);
        return [.. packed.PadRight((packed.Length + 7) / 8 * 8, '0').Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }

    /// <summary>An avcC box with one sequence and one picture parameter set.</summary>
    private static byte[] Configuration(byte[] header) =>
        [1, 66, 0, 30, 0xFF, 0xE1, 0, (byte)(header.Length + 1), 0x67, .. header, 1, 0, 1, 0x68];
}
