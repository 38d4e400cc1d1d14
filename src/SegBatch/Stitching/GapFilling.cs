using SegBatch.Masks;
using SegBatch.Output;
using SegBatch.Tables;

namespace SegBatch.Stitching;

/// <summary>
/// Makes the rows between two sightings of a track: a box linear in time, and the mask of the nearer sighting moved and scaled into
/// it. Where detected objects cover most of that mask, the object is hidden, and there is no row: masks are of what is seen.
/// </summary>
/// <param name="plan">Its gaps are filled.</param>
/// <param name="classNames">By number.</param>
/// <param name="ends">Rows on both sides of the gaps, by position of their frame and number.</param>
internal sealed class GapFilling(
    OfflinePlan plan,
    IReadOnlyDictionary<int, string> classNames,
    IReadOnlyDictionary<(int Frame, int Instance), InstanceRow> ends
)
{
    /// <summary>Share of a mask under detected masks from which on the object counts as hidden.</summary>
    private const double Hidden = 0.5;

    private readonly Gap[] _gaps = [.. plan.Gaps.OrderBy(gap => gap.Before.Frame).ThenBy(gap => gap.Track.Id)];
    private readonly List<Gap> _open = [];
    private int _next;

    /// <summary>Rows made so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds the rows of a frame behind those that were detected. Frames come in order, each once.</summary>
    /// <param name="position">Position of the frame among those that were read.</param>
    public void AddTo(TableFrame frame, int position)
    {
        _open.RemoveAll(gap => gap.After.Frame <= position);
        if (_open.Count > 0)
        {
            var covering = new Lazy<RleMask?>(() => Union(frame));
            var number = frame.Detections.Select(detection => detection.Row.Instance).DefaultIfEmpty(-1).Max();
            var made = _open.OrderBy(gap => gap.Track.Id).Select(gap => Row(frame, gap, covering)).OfType<InstanceRow>().ToList();
            foreach (var row in made)
            {
                frame.Detections.Add(new TableDetection(row with { Instance = ++number }, IsInstance: true));
                Rows++;
            }
        }

        for (; _next < _gaps.Length && _gaps[_next].Before.Frame == position; _next++)
        {
            _open.Add(_gaps[_next]);
        }
    }

    private InstanceRow? Row(TableFrame frame, in Gap gap, Lazy<RleMask?> covering)
    {
        var nearer = gap.Nearer(frame.Frame.TimeS);
        var box = gap.At(frame.Frame.TimeS);
        var source = ends[(nearer.Frame, nearer.Instance)];
        if (source.MaskSize != frame.Frame.Size)
        {
            return null; // the picture changed its size meanwhile: places before and after are not comparable
        }

        var mask = MaskMotion.Moved(Decode(source), nearer.Box, box);
        var area = mask.Area;
        if (area == 0 || (covering.Value is { } others && MaskIoU.Intersection(mask, others) >= Hidden * area))
        {
            return null;
        }

        var classId = gap.Track.MajorityClass();
        var text = new byte[CocoRle.MaxLength(mask.Counts.Length)];
        var length = CocoRle.Encode(mask.Counts.Span, text);
        return new InstanceRow(
            frame.Frame.Video,
            frame.Frame.Frame,
            frame.Frame.Pts,
            frame.Frame.TimeS,
            Instance: 0,
            gap.Track.Id,
            classId,
            classNames[classId],
            Score: null,
            box,
            box,
            text.AsMemory(0, length),
            mask.Size,
            area,
            mask.Centroid,
            InstanceRow.Interpolated
        );
    }

    /// <summary>What detected instances cover; null where there are none.</summary>
    private static RleMask? Union(TableFrame frame)
    {
        RleMask[] masks = [.. frame.Detections.Where(detection => detection.IsInstance).Select(detection => Decode(detection.Row))];
        return masks.Length == 0 ? null : MaskMerge.Union(masks);
    }

    private static RleMask Decode(InstanceRow row) => new(row.MaskSize, CocoRle.Decode(row.MaskRle.Span));
}
