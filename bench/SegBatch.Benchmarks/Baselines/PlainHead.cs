using SegBatch.Geometry;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>An anchor head's scan and suppression as they are written down: best class of every anchor, sort, compare with all kept.</summary>
internal static class PlainHead
{
    /// <summary>An anchor that was kept; its box in input pixels.</summary>
    public readonly record struct Kept(int Anchor, int ClassId, float Score, Box BoxInTensor);

    /// <param name="values">[4 + classes + coefficients, anchors].</param>
    public static List<Kept> Decode(ReadOnlySpan<float> values, int anchors, int classes, float conf, float iou) =>
        Suppress(Candidates(values, anchors, classes, conf), iou);

    /// <inheritdoc cref="Decode"/>
    public static List<Kept> Candidates(ReadOnlySpan<float> values, int anchors, int classes, float conf)
    {
        var candidates = new List<Kept>();
        for (var anchor = 0; anchor < anchors; anchor++)
        {
            var (best, classId) = (float.NegativeInfinity, 0);
            for (var id = 0; id < classes; id++)
            {
                var score = values[(4 + id) * anchors + anchor];
                if (score > best)
                {
                    (best, classId) = (score, id);
                }
            }

            if (best > conf)
            {
                var (x, y) = (values[anchor], values[anchors + anchor]);
                var (halfWidth, halfHeight) = (values[2 * anchors + anchor] * 0.5f, values[3 * anchors + anchor] * 0.5f);
                candidates.Add(new(anchor, classId, best, new(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight)));
            }
        }

        return candidates;
    }

    public static List<Kept> Suppress(List<Kept> candidates, float iou)
    {
        var kept = new List<Kept>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (!kept.Any(other => other.ClassId == candidate.ClassId && Box.IoU(other.BoxInTensor, candidate.BoxInTensor) > iou))
            {
                kept.Add(candidate);
            }
        }

        return kept;
    }
}
