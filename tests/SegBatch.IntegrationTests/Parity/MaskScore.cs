using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.IntegrationTests.Parity;

/// <summary>A mask in a frame, of the truth or found.</summary>
/// <param name="Place">Video, frame and class: only masks of one place are compared.</param>
/// <param name="Score">Of a found mask; of the truth the visible share.</param>
internal sealed record ScoredMask((string Video, long Frame, int ClassId) Place, double Score, FrameSize Size, string Rle)
{
    /// <summary>Share of the frame's diagonal that counts as boundary (Cheng et al., Boundary IoU, CVPR 2021, section 4).</summary>
    private const double BoundaryShare = 0.02;

    private byte[]? _bitmap;
    private byte[]? _boundary;

    public byte[] Bitmap => _bitmap ??= Draw();

    /// <summary>The mask's pixels that are near its edge.</summary>
    public byte[] Boundary => _boundary ??= Edge();

    /// <summary>Overlap of two bitmaps.</summary>
    public static double IoU(byte[] a, byte[] b)
    {
        var (both, any) = (0, 0);
        for (var i = 0; i < a.Length; i++)
        {
            both += a[i] & b[i];
            any += a[i] | b[i];
        }

        return any == 0 ? 0 : (double)both / any;
    }

    public void Forget() => (_bitmap, _boundary) = (null, null);

    private byte[] Draw()
    {
        var bitmap = new byte[Size.Area];
        new RleMask(Size, CocoRle.Decode(Rle)).ToBitmap(bitmap);
        return bitmap;
    }

    /// <summary>The mask without what is left of it after as many erosions by 3 x 3 as the boundary is wide; beyond the frame is nothing.</summary>
    private byte[] Edge()
    {
        var (width, height) = (Size.Width, Size.Height);
        var distance = Math.Max(1, (int)Math.Round(BoundaryShare * Math.Sqrt(width * width + height * height)));
        var inner = Eroded(Eroded(Bitmap, height, width, 1, width, distance), width, height, width, 1, distance);
        return [.. Bitmap.Zip(inner, (set, kept) => (byte)(set & ~kept))];
    }

    /// <summary>Keeps pixels whose neighbours along one axis are set up to a distance.</summary>
    private static byte[] Eroded(byte[] bitmap, int lines, int length, int step, int lineStep, int distance)
    {
        var kept = new byte[bitmap.Length];
        for (var line = 0; line < lines; line++)
        {
            var run = 0;
            for (var i = 0; i < length; i++)
            {
                run = bitmap[line * lineStep + i * step] != 0 ? run + 1 : 0;
                if (run > 2 * distance)
                {
                    kept[line * lineStep + (i - distance) * step] = 1;
                }
            }
        }

        return kept;
    }
}

/// <summary>Mean average precision as COCO has it: IoU from 0.50 to 0.95, 101 points of recall, mean over classes.</summary>
/// <param name="MaskAp">By mask IoU.</param>
/// <param name="BoundaryAp">By the lesser of mask IoU and boundary IoU.</param>
/// <param name="MeanIoU">Mean mask IoU of the pairs at 0.5.</param>
/// <param name="MeanBoundaryIoU">Mean boundary IoU of those.</param>
internal sealed record MaskScore(double MaskAp, double BoundaryAp, double MeanIoU, double MeanBoundaryIoU, int Truths, int Found)
{
    private const double LeastIoU = 0.5;

    /// <summary>Less of a shape than this is not asked for.</summary>
    private const double LeastVisible = 0.35;

    internal sealed class Builder
    {
        private readonly List<ScoredMask> _truth = [];
        private readonly List<ScoredMask> _found = [];

        public void AddTruth(IEnumerable<ScoredMask> masks) => _truth.AddRange(masks);

        public void AddFound(IEnumerable<ScoredMask> masks) => _found.AddRange(masks);

        public MaskScore Build()
        {
            var pairs = Pairs();
            var classes = _truth.Select(mask => mask.Place.ClassId).Distinct().ToList();
            var thresholds = Enumerable.Range(0, 10).Select(i => LeastIoU + 0.05 * i).ToList();
            var matched = Match(pairs, pair => pair.IoU, LeastIoU).Where(match => match.Pair is { Truth.Score: >= LeastVisible }).ToList();
            return new MaskScore(
                thresholds.Average(t => classes.Average(id => Precision(Match(pairs, pair => pair.IoU, t), id))),
                thresholds.Average(t => classes.Average(id => Precision(Match(pairs, pair => Math.Min(pair.IoU, pair.Boundary), t), id))),
                matched.Average(match => match.Pair!.IoU),
                matched.Average(match => match.Pair!.Boundary),
                _truth.Count(mask => mask.Score >= LeastVisible),
                _found.Count
            );
        }

        private Dictionary<ScoredMask, List<Overlap>> Pairs()
        {
            var truth = _truth.ToLookup(mask => mask.Place);
            var pairs = new Dictionary<ScoredMask, List<Overlap>>(ReferenceEqualityComparer.Instance);
            foreach (var found in _found)
            {
                pairs[found] =
                [
                    .. truth[found.Place]
                        .Select(other => (Other: other, IoU: ScoredMask.IoU(found.Bitmap, other.Bitmap)))
                        .Where(pair => pair.IoU >= LeastIoU)
                        .Select(pair => new Overlap(pair.Other, pair.IoU, ScoredMask.IoU(found.Boundary, pair.Other.Boundary))),
                ];
                found.Forget();
                foreach (var other in truth[found.Place])
                {
                    other.Forget();
                }
            }

            return pairs;
        }

        /// <summary>Best score first takes the free object that it overlaps most; those that are not asked for come last.</summary>
        private List<Matched> Match(Dictionary<ScoredMask, List<Overlap>> pairs, Func<Overlap, double> overlap, double threshold)
        {
            var taken = new HashSet<ScoredMask>(ReferenceEqualityComparer.Instance);
            var matches = new List<Matched>();
            foreach (var found in _found.OrderByDescending(mask => mask.Score))
            {
                var best = pairs[found]
                    .Where(pair => overlap(pair) >= threshold && !taken.Contains(pair.Truth))
                    .OrderByDescending(pair => pair.Truth.Score >= LeastVisible)
                    .ThenByDescending(overlap)
                    .FirstOrDefault();
                matches.Add(new Matched(found, best));
                if (best is not null)
                {
                    taken.Add(best.Truth);
                }
            }

            return matches;
        }

        private double Precision(List<Matched> matches, int classId)
        {
            var asked = _truth.Count(mask => mask.Place.ClassId == classId && mask.Score >= LeastVisible);
            var (right, seen) = (0, 0);
            var curve = new List<(double Recall, double Precision)>();
            foreach (var (found, pair) in matches)
            {
                if (found.Place.ClassId == classId && pair is null or { Truth.Score: >= LeastVisible })
                {
                    seen++;
                    right += pair is null ? 0 : 1;
                    curve.Add(((double)right / asked, (double)right / seen));
                }
            }

            return Enumerable
                .Range(0, 101)
                .Average(i => curve.Where(point => point.Recall >= i / 100.0).Select(point => point.Precision).DefaultIfEmpty(0).Max());
        }

        private sealed record Overlap(ScoredMask Truth, double IoU, double Boundary);

        private sealed record Matched(ScoredMask Found, Overlap? Pair);
    }
}
