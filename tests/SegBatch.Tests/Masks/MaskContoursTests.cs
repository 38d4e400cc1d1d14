using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class MaskContoursTests
{
    [Fact]
    public void Recorded_contours_are_reproduced()
    {
        using var recording = RecordedData.Json("contours.json");
        CheckContours(recording, expectedMasks: 20);
    }

    [Fact]
    public void All_recorded_contours_are_reproduced()
    {
        using var recording = SharedData.Json("reference/oracle/12_contours/cases.json");
        CheckContours(recording, expectedMasks: 30);
    }

    private static void CheckContours(JsonDocument recording, int expectedMasks)
    {
        var masks = recording.RootElement.GetProperty("masks");
        Assert.Equal(expectedMasks, masks.GetArrayLength());
        foreach (var item in masks.EnumerateArray())
        {
            var size = new FrameSize(item.GetProperty("w").GetInt32(), item.GetProperty("h").GetInt32());
            var contours = MaskContours.External(new RleMask(size, CocoRle.Decode(item.GetProperty("rle").GetString())));
            var expected = item.GetProperty("external_contours").EnumerateArray().Select(Points).ToArray();
            Assert.Equal(expected.Length, contours.Count);
            foreach (var (recorded, found) in expected.Zip(contours))
            {
                Assert.Equal(recorded, found);
            }

            Assert.Equal(Points(item.GetProperty("largest")), ContourJoining.Largest(contours));
            Assert.Equal(Points(item.GetProperty("all")), ContourJoining.All(contours));
        }
    }

    private static (int X, int Y)[] Points(JsonElement polygon) =>
        [.. polygon.EnumerateArray().Select(point => (point[0].GetInt32(), point[1].GetInt32()))];
}
