using System.Text.Json;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>How what was found differs from a list of expected objects.</summary>
internal sealed record FamilyFigures(int Expected, int Missing, int Extra, double BoxIoU, double MaskIoU, double ScoreDifference)
{
    /// <summary>Below it, two objects are not the same.</summary>
    private const float Same = 0.5f;

    public override string ToString() =>
        FormattableString.Invariant(
            $"{Expected} expected, {Missing} missing, {Extra} extra, box IoU {BoxIoU:f4}, mask IoU {MaskIoU:f4}, score {ScoreDifference:f4}"
        );

    /// <param name="scenes">"scenes" of the list.</param>
    /// <param name="view">The way of feeding whose objects are expected.</param>
    public static FamilyFigures Of(JsonElement scenes, string view, IReadOnlyList<IReadOnlyList<DetectedObject>> found)
    {
        var figures = new FamilyFigures(0, 0, 0, 1, 1, 0);
        for (var i = 0; i < scenes.GetArrayLength(); i++)
        {
            figures = figures.With([.. scenes[i].GetProperty("fed").GetProperty(view).EnumerateArray().Select(Expect)], [.. found[i]]);
        }

        return figures;
    }

    private FamilyFigures With(List<DetectedObject> expected, List<DetectedObject> found)
    {
        var figures = this with { Expected = Expected + expected.Count };
        foreach (var want in expected)
        {
            var same = found.Where(item => item.ClassId == want.ClassId && Box.IoU(item.Box, want.Box) > Same).ToList();
            if (same.Count == 0)
            {
                figures = figures with { Missing = figures.Missing + 1 };
                continue;
            }

            var best = same.MaxBy(item => Box.IoU(item.Box, want.Box));
            found.Remove(best);
            figures = figures with
            {
                BoxIoU = Math.Min(figures.BoxIoU, Box.IoU(best.Box, want.Box)),
                MaskIoU = Math.Min(figures.MaskIoU, SegBatch.Masks.MaskIoU.IoU(best.Mask, want.Mask)),
                ScoreDifference = Math.Max(figures.ScoreDifference, Math.Abs(best.Score - want.Score)),
            };
        }

        return figures with
        {
            Extra = figures.Extra + found.Count,
        };
    }

    private static DetectedObject Expect(JsonElement item)
    {
        float[] box = [.. item.GetProperty("xyxy").EnumerateArray().Select(side => side.GetSingle())];
        var rle = item.GetProperty("rle");
        var (height, width) = (rle.GetProperty("size")[0].GetInt32(), rle.GetProperty("size")[1].GetInt32());
        return new DetectedObject(
            new Box(box[0], box[1], box[2], box[3]),
            item.GetProperty("score").GetSingle(),
            item.GetProperty("class").GetInt32(),
            new RleMask(new FrameSize(width, height), CocoRle.Decode(rle.GetProperty("counts").GetString()!))
        );
    }
}
