namespace SegBatch.Tests.Demo;

/// <summary>An object in a frame: of the truth, or found.</summary>
/// <param name="TrackId">Null for a found object without a track.</param>
/// <param name="Score">Of a found object.</param>
/// <param name="MaskRle">COCO compressed counts at height × width.</param>
/// <param name="Ignore">Of the truth: too little of it is seen to ask for it, so finding it neither helps nor harms.</param>
public sealed record ScoredObject(
    string Video,
    long Frame,
    long? TrackId,
    int ClassId,
    double Score,
    string MaskRle,
    int Height,
    int Width,
    bool Ignore = false
);

/// <summary>How well found objects agree with the truth. Shares no code with what finds them.</summary>
/// <param name="MaskAp50">Average precision at mask IoU 0.5, area under the interpolated curve, mean over the classes of the truth.</param>
/// <param name="Precision">Share of the found objects that are right, whatever their score.</param>
/// <param name="Recall">Share of the objects of the truth that were found.</param>
/// <param name="IdConsistency">
/// Share of the found objects of the truth that carry the track id which their object carries most often; an id counts for one
/// object of a video only, the one that carries it longest.
/// </param>
/// <param name="MeanIoU">Mean mask IoU of the found objects of the truth.</param>
public sealed record DemoScore(
    double MaskAp50,
    double Precision,
    double Recall,
    double IdConsistency,
    double MeanIoU,
    int Truths,
    int Found
)
{
    private const double LeastIoU = 0.5;

    public static DemoScore Compute(IReadOnlyCollection<ScoredObject> truth, IReadOnlyCollection<ScoredObject> found)
    {
        var truthByFrame = truth.ToLookup(item => (item.Video, item.Frame, item.ClassId));
        var matches = found
            .GroupBy(item => (item.Video, item.Frame, item.ClassId))
            .SelectMany(frame => Match([.. truthByFrame[frame.Key]], frame))
            .Where(match => match.Truth is not { Ignore: true })
            .ToList();
        var right = matches.Where(match => match.Truth is not null).ToList();
        var asked = truth.Where(item => !item.Ignore).ToList();
        var classes = asked.Select(item => item.ClassId).Distinct().ToList();
        return new DemoScore(
            classes.Count == 0 ? 1 : classes.Average(id => AveragePrecision(id, matches, asked.Count(item => item.ClassId == id))),
            Share(right.Count, matches.Count),
            Share(right.Count, asked.Count),
            Share(Consistent(right), right.Count),
            right.Count == 0 ? 0 : right.Average(match => match.IoU),
            asked.Count,
            matches.Count
        );
    }

    /// <summary>Best score first takes the object of the truth that it overlaps most; those to be ignored come last.</summary>
    private static IEnumerable<ScoredMatch> Match(List<ScoredObject> truth, IEnumerable<ScoredObject> found)
    {
        var masks = truth.ConvertAll(Runs);
        var taken = new bool[truth.Count];
        foreach (var item in found.OrderByDescending(item => item.Score))
        {
            var runs = Runs(item);
            var (best, bestIoU) = (-1, 0d);
            for (var i = 0; i < truth.Count; i++)
            {
                var iou = taken[i] ? 0 : IoU(masks[i], runs);
                var better =
                    best < 0 || (truth[best].Ignore && !truth[i].Ignore) || (truth[best].Ignore == truth[i].Ignore && iou > bestIoU);
                if (iou >= LeastIoU && better)
                {
                    (best, bestIoU) = (i, iou);
                }
            }

            if (best >= 0)
            {
                taken[best] = true;
            }

            yield return new ScoredMatch(item, best >= 0 ? truth[best] : null, bestIoU);
        }
    }

    private static double AveragePrecision(int classId, List<ScoredMatch> matches, int truths)
    {
        var (right, seen) = (0, 0);
        var curve = new List<(double Recall, double Precision)>();
        foreach (var match in matches.Where(match => match.Found.ClassId == classId).OrderByDescending(match => match.Found.Score))
        {
            seen++;
            right += match.Truth is null ? 0 : 1;
            curve.Add(((double)right / truths, (double)right / seen));
        }

        var (area, best) = (0d, 0d);
        for (var i = curve.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, curve[i].Precision);
            area += best * (curve[i].Recall - (i > 0 ? curve[i - 1].Recall : 0));
        }

        return area;
    }

    private static int Consistent(List<ScoredMatch> right)
    {
        var consistent = 0;
        foreach (var video in right.Where(match => match.Found.TrackId is not null).GroupBy(match => match.Found.Video))
        {
            var used = new HashSet<long>();
            var objects = new HashSet<long>();
            var pairs = video.GroupBy(match => (Object: match.Truth!.TrackId!.Value, Track: match.Found.TrackId!.Value));
            foreach (var pair in pairs.OrderByDescending(pair => pair.Count()).ThenBy(pair => pair.Key))
            {
                if (!objects.Contains(pair.Key.Object) && used.Add(pair.Key.Track))
                {
                    objects.Add(pair.Key.Object);
                    consistent += pair.Count();
                }
            }
        }

        return consistent;
    }

    private static double Share(int part, int whole) => whole == 0 ? 1 : (double)part / whole;

    private static double IoU(List<(int Start, int End)> a, List<(int Start, int End)> b)
    {
        var (both, i, j) = (0, 0, 0);
        while (i < a.Count && j < b.Count)
        {
            both += Math.Max(0, Math.Min(a[i].End, b[j].End) - Math.Max(a[i].Start, b[j].Start));
            _ = a[i].End < b[j].End ? i++ : j++;
        }

        var all = a.Sum(run => run.End - run.Start) + b.Sum(run => run.End - run.Start) - both;
        return all == 0 ? 0 : (double)both / all;
    }

    /// <summary>
    /// Runs of set pixels, numbered column by column. COCO's text: six bits per character, five of them value, counts from the
    /// fourth on as differences from the last but one.
    /// </summary>
    private static List<(int Start, int End)> Runs(ScoredObject item)
    {
        var runs = new List<(int Start, int End)>();
        var counts = new List<int>();
        var position = 0;
        for (var i = 0; i < item.MaskRle.Length; )
        {
            var (value, shift, more) = (0, 0, true);
            while (more)
            {
                var bits = item.MaskRle[i++] - 48;
                value |= (bits & 31) << shift;
                shift += 5;
                more = (bits & 32) != 0;
                if (!more && (bits & 16) != 0 && shift < 32)
                {
                    value |= -1 << shift;
                }
            }

            counts.Add(counts.Count > 2 ? value + counts[^2] : value);
            if (counts.Count % 2 == 0)
            {
                runs.Add((position, position + counts[^1]));
            }

            position += counts[^1];
        }

        return position == item.Height * item.Width
            ? runs
            : throw new FormatException(
                $"the mask of {item.Video}, frame {item.Frame} has {position} pixels, not {item.Height * item.Width}"
            );
    }

    private sealed record ScoredMatch(ScoredObject Found, ScoredObject? Truth, double IoU);
}
