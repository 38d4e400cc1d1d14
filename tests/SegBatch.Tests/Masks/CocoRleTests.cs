using System.Text;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class CocoRleTests
{
    [Fact]
    public void Recorded_masks_encode_and_decode_as_pycocotools_does()
    {
        using var recording = RecordedData.Json("rle_masks.json");
        CheckMasks(recording, expectedMasks: 41);
    }

    [Fact]
    public void All_recorded_masks_encode_and_decode_as_pycocotools_does()
    {
        using var recording = SharedData.Json("reference/oracle/02_rle/masks.json.gz");
        CheckMasks(recording, expectedMasks: 200);
    }

    [Fact]
    public void The_longest_numbers_survive()
    {
        int[] counts = [int.MaxValue, 0, int.MaxValue, int.MaxValue, 0, 0, 1];
        var text = CocoRle.ToString(counts);
        Assert.True(text.Length <= CocoRle.MaxLength(counts.Length));
        Assert.Equal(counts, CocoRle.Decode(text));
    }

    [Fact]
    public void A_short_destination_is_refused() =>
        Assert.Throws<ArgumentException>(() => CocoRle.Encode([100_000, 3], stackalloc byte[2]));

    [Theory]
    [InlineData("5270 ", "not a COCO run-length character")]
    [InlineData("5270é", "not a COCO run-length character")]
    [InlineData("52p", "not a COCO run-length character")]
    [InlineData("52]", "ends inside a number")]
    [InlineData("PPPPPPP0", "does not fit 32 bits")]
    [InlineData("5O", "count 1 of the compressed mask is -1")]
    [InlineData("PPPPPP2", "run length must be 0 to 2147483647")]
    public void Malformed_text_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => CocoRle.Decode(text)).Message, StringComparison.Ordinal);

    private static void CheckMasks(JsonDocument recording, int expectedMasks)
    {
        var masks = recording.RootElement.GetProperty("masks");
        Assert.Equal(expectedMasks, masks.GetArrayLength());
        foreach (var recorded in masks.EnumerateArray())
        {
            var size = new FrameSize(recorded.GetProperty("w").GetInt32(), recorded.GetProperty("h").GetInt32());
            var counts = recorded.GetProperty("counts").GetString()!;
            var runs = Ints(recorded.GetProperty("col_runs"));
            Assert.Equal(counts, CocoRle.ToString(runs));
            Assert.Equal(runs, CocoRle.Decode(counts));
            Assert.Equal(runs, CocoRle.Decode(Encoding.ASCII.GetBytes(counts)));

            var mask = new RleMask(size, runs);
            mask.Validate();
            Assert.Equal(recorded.GetProperty("area").GetInt64(), mask.Area);
            var box = recorded.GetProperty("bbox_xywh").EnumerateArray().Select(number => number.GetSingle()).ToArray();
            Assert.Equal(new Box(box[0], box[1], box[0] + box[2], box[1] + box[3]), mask.Bounds);

            var bitmap = Bitmap(Ints(recorded.GetProperty("row_runs")), size);
            Assert.Equal(runs, RleMask.FromBitmap(bitmap, size).Counts.ToArray());
            var drawn = new byte[bitmap.Length];
            Array.Fill(drawn, (byte)7);
            mask.ToBitmap(drawn);
            Assert.Equal(bitmap, drawn);
            CheckCentroid(mask, bitmap);
        }
    }

    private static void CheckCentroid(RleMask mask, byte[] bitmap)
    {
        var pixels = Enumerable.Range(0, bitmap.Length).Where(i => bitmap[i] != 0).ToArray();
        if (pixels.Length == 0)
        {
            Assert.True(double.IsNaN(mask.Centroid.X));
            return;
        }

        Assert.Equal(pixels.Average(i => i % mask.Size.Width + 0.5), mask.Centroid.X, 1e-9);
        Assert.Equal(pixels.Average(i => i / mask.Size.Width + 0.5), mask.Centroid.Y, 1e-9);
    }

    private static byte[] Bitmap(int[] rowRuns, FrameSize size)
    {
        var bitmap = new byte[size.Area];
        for (int i = 0, start = 0; i < rowRuns.Length; start += rowRuns[i++])
        {
            bitmap.AsSpan(start, rowRuns[i]).Fill((byte)(i & 1));
        }

        return bitmap;
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];
}
