using SegBatch.Masks;

namespace SegBatch.Evaluation;

/// <summary>An object of the truth or of a run, as evaluation needs it.</summary>
/// <param name="ClassId"><see cref="AnyClass"/> for a region of the truth that concerns every class.</param>
/// <param name="TrackId">Null without a track.</param>
/// <param name="Score">Of a found object; 1 for the truth.</param>
/// <param name="Box">Frame pixels, right and bottom exclusive.</param>
/// <param name="Mask">Of the frame's size; null where there are only boxes.</param>
/// <param name="IsCrowd">Of the truth: a region in the sense of COCO's `iscrowd`. What lies in it is neither right nor wrong.</param>
/// <param name="IsIgnored">Of the truth: finding this object neither helps nor harms.</param>
/// <param name="Area">In square pixels as annotated; null for the mask's, or without a mask the box's.</param>
public sealed record EvaluationObject(
    int ClassId,
    long? TrackId,
    double Score,
    BoxCorners Box,
    RleMask? Mask,
    bool IsCrowd = false,
    bool IsIgnored = false,
    double? Area = null
)
{
    /// <summary>No number that a file would give a class.</summary>
    public const int AnyClass = int.MinValue;

    internal double BoxArea => Math.Max(0, Box.X2 - Box.X1) * Math.Max(0, Box.Y2 - Box.Y1);

    internal double AnnotatedArea => Area ?? Mask?.Area ?? BoxArea;
}

/// <summary>What an overlap is measured on.</summary>
public enum OverlapKind
{
    Mask,
    Box,

    /// <summary>The lesser of mask IoU and boundary IoU (Cheng et al. 2021, section 5).</summary>
    Boundary,
}

/// <summary>Overlap above 0 of a truth with a found object, by their index in the frame. With a crowd: the found object's covered share.</summary>
public readonly record struct OverlapPair(int Truth, int Found, double IoU);

/// <param name="Area">In square pixels, for the size classes.</param>
public readonly record struct TruthEntry(int ClassId, long? TrackId, bool IsCrowd, bool IsIgnored, double Area);

/// <param name="MaskArea">In square pixels, for the size classes, as <paramref name="BoxArea"/> for boxes.</param>
public readonly record struct FoundEntry(int ClassId, long? TrackId, double Score, double MaskArea, double BoxArea);

/// <summary>A frame without its masks: objects and how far those of one class overlap. All metrics are made of these.</summary>
/// <param name="MaskPairs">By truth, then found object. Empty without masks.</param>
/// <param name="BoundaryPairs">Those from the lowest threshold of AP on: the lesser of two overlaps cannot count where one does not.</param>
public sealed record EvaluatedFrame(
    TruthEntry[] Truths,
    FoundEntry[] Founds,
    OverlapPair[] MaskPairs,
    OverlapPair[] BoxPairs,
    OverlapPair[] BoundaryPairs
)
{
    /// <summary>The overlaps of one kind.</summary>
    public OverlapPair[] Pairs(OverlapKind kind) =>
        kind switch
        {
            OverlapKind.Mask => MaskPairs,
            OverlapKind.Box => BoxPairs,
            _ => BoundaryPairs,
        };

    /// <param name="truths">In the order of the annotation, which breaks ties.</param>
    /// <param name="founds">In the order of detection, which breaks ties of the score.</param>
    /// <param name="boundary">Also compute boundary overlaps.</param>
    /// <exception cref="ArgumentException">Masks of one frame have different sizes.</exception>
    public static EvaluatedFrame Of(IReadOnlyList<EvaluationObject> truths, IReadOnlyList<EvaluationObject> founds, bool boundary)
    {
        var (masks, boxes, boundaries) = (new List<OverlapPair>(), new List<OverlapPair>(), new List<OverlapPair>());
        var truthBands = new RleMask?[truths.Count];
        var foundBands = new RleMask?[founds.Count];
        for (var t = 0; t < truths.Count; t++)
        {
            var truth = truths[t];
            for (var f = 0; f < founds.Count; f++)
            {
                var found = founds[f];
                if (truth.ClassId != found.ClassId && truth.ClassId != EvaluationObject.AnyClass)
                {
                    continue;
                }

                Add(boxes, t, f, BoxIoU(found, truth));
                var isMask = truth.Mask is not null && found.Mask is not null;
                var mask = isMask ? MaskIoU.IoU(found.Mask!.Value, truth.Mask!.Value, truth.IsCrowd) : 0;
                Add(masks, t, f, mask);
                if (boundary && mask >= CocoMatching.Thresholds[0])
                {
                    var band = MaskIoU.IoU(Band(foundBands, f, founds), Band(truthBands, t, truths), truth.IsCrowd);
                    Add(boundaries, t, f, Math.Min(mask, band));
                }
            }
        }

        return new EvaluatedFrame(
            [.. truths.Select(item => new TruthEntry(item.ClassId, item.TrackId, item.IsCrowd, item.IsIgnored, item.AnnotatedArea))],
            [.. founds.Select(item => new FoundEntry(item.ClassId, item.TrackId, item.Score, item.AnnotatedArea, item.BoxArea))],
            [.. masks],
            [.. boxes],
            [.. boundaries]
        );

        static void Add(List<OverlapPair> pairs, int truth, int found, double overlap)
        {
            if (overlap > 0)
            {
                pairs.Add(new OverlapPair(truth, found, overlap));
            }
        }
    }

    private static RleMask Band(RleMask?[] bands, int index, IReadOnlyList<EvaluationObject> objects)
    {
        var mask = objects[index].Mask!.Value;
        return bands[index] ??= MaskBoundary.Of(mask, MaskBoundary.Distance(mask.Size));
    }

    private static double BoxIoU(EvaluationObject found, EvaluationObject truth)
    {
        var (a, b) = (found.Box, truth.Box);
        var (width, height) = (Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        return width * height / (truth.IsCrowd ? found.BoxArea : found.BoxArea + truth.BoxArea - (width * height));
    }
}
