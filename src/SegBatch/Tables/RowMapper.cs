using System.Runtime.InteropServices;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tracking;

namespace SegBatch.Tables;

/// <summary>
/// Turns a frame into rows. A detection becomes an instance when its score is at least <see cref="TableContext.Conf"/> or a track
/// claimed it, and a candidate otherwise. Buffers are reused: rows are valid until the next frame is mapped.
/// </summary>
public sealed class RowMapper(string video, TableContext context)
{
    private readonly List<InstanceRow> _instances = [];
    private readonly List<InstanceRow> _candidates = [];
    private readonly MaskText _text = new();
    private readonly List<RegionRow> _regions = [];
    private int[] _trackOfDetection = [];

    /// <summary>The last frame mapped.</summary>
    public FrameRow Frame { get; private set; }

    /// <summary>Instances of the last frame, best score first.</summary>
    public ReadOnlySpan<InstanceRow> Instances => CollectionsMarshal.AsSpan(_instances);

    /// <summary>Candidates of the last frame, best score first; always empty where candidates are not wanted.</summary>
    public ReadOnlySpan<InstanceRow> Candidates => CollectionsMarshal.AsSpan(_candidates);

    /// <summary>Camera motion into the last frame; null where nobody looked.</summary>
    public AffineMotion? CameraMotion { get; private set; }

    /// <summary>What each class covers of the last frame, by class; always empty where that is not wanted.</summary>
    public ReadOnlySpan<RegionRow> Regions => CollectionsMarshal.AsSpan(_regions);

    /// <exception cref="InvalidOperationException">A track refers to a detection that is not there, or two to the same.</exception>
    public void Map(TrackedFrame tracked)
    {
        _instances.Clear();
        _candidates.Clear();
        _text.Clear();
        _regions.Clear();
        var tracks = TracksByDetection(tracked);
        for (var i = 0; i < tracked.Detections.Count; i++)
        {
            var detection = tracked.Detections[i];
            if (tracks[i] >= 0)
            {
                _instances.Add(Row(tracked, i, detection, tracked.Tracks[tracks[i]]));
            }
            else if (detection.Score >= context.Conf)
            {
                _instances.Add(Row(tracked, i, detection, null));
            }
            else if (context.WriteCandidates)
            {
                _candidates.Add(Row(tracked, i, detection, null));
            }
        }

        CameraMotion = tracked.CameraMotion;
        for (var i = 0; context.WriteRegions && i < tracked.Regions.Count; i++)
        {
            _regions.Add(Row(tracked, tracked.Regions[i]));
        }

        var frame = tracked.Frame;
        Frame = new FrameRow(
            video,
            frame.Index,
            frame.Pts,
            frame.TimeBase,
            frame.TimeSeconds,
            frame.Size,
            _instances.Count,
            frame.Corrupt,
            frame.File
        );
    }

    /// <summary>Index in the frame's tracks by index of detection; -1 for a detection without a track.</summary>
    private ReadOnlySpan<int> TracksByDetection(TrackedFrame tracked)
    {
        if (_trackOfDetection.Length < tracked.Detections.Count)
        {
            _trackOfDetection = new int[Math.Max(64, 2 * tracked.Detections.Count)];
        }

        var tracks = _trackOfDetection.AsSpan(0, tracked.Detections.Count);
        tracks.Fill(-1);
        for (var i = 0; i < tracked.Tracks.Count; i++)
        {
            var (id, detection, _) = tracked.Tracks[i];
            if ((uint)detection >= (uint)tracks.Length || tracks[detection] >= 0)
            {
                throw new InvalidOperationException(
                    $"Frame {tracked.Frame.Index}: track {id} claims detection {detection} of {tracks.Length}, which "
                        + ((uint)detection >= (uint)tracks.Length ? "does not exist." : "another track has claimed.")
                );
            }

            tracks[detection] = i;
        }

        return tracks;
    }

    private InstanceRow Row(TrackedFrame tracked, int index, in DetectedObject detection, TrackedObject? track)
    {
        var area = detection.Mask.Area;
        return new InstanceRow(
            video,
            tracked.Frame.Index,
            tracked.Frame.Pts,
            tracked.Frame.TimeSeconds,
            index,
            track?.TrackId,
            detection.ClassId,
            context.ClassName(detection.ClassId),
            detection.Score,
            detection.Box,
            track?.Estimate,
            Encode(detection.Mask),
            detection.Mask.Size,
            area,
            area > 0 ? AsStored(detection.Mask.Centroid) : null,
            InstanceRow.Detected
        );
    }

    /// <summary>In the table's precision, so that whoever adds up tracks from the table gets what was added up here.</summary>
    private static (double X, double Y) AsStored((double X, double Y) point) => ((float)point.X, (float)point.Y);

    private RegionRow Row(TrackedFrame tracked, in ClassRegion region) =>
        new(
            video,
            tracked.Frame.Index,
            tracked.Frame.Pts,
            tracked.Frame.TimeSeconds,
            region.ClassId,
            context.ClassName(region.ClassId),
            Encode(region.Mask),
            region.Mask.Size,
            region.Mask.Area
        );

    private ReadOnlyMemory<byte> Encode(in RleMask mask)
    {
        var room = _text.Reserve(CocoRle.MaxLength(mask.Counts.Length));
        return _text.Take(CocoRle.Encode(mask.Counts.Span, room));
    }
}
