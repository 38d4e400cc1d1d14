using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// What the objects of a frame look like, and how that goes into the cost of pairing them with tracklets: as BoT-SORT does it (Aharon
/// et al. 2022, section 3.3). Buffers are kept: no allocation once warm, but for the memory of a new tracklet.
/// </summary>
/// <param name="options">The thresholds.</param>
internal sealed class AppearanceMatching(TrackingOptions options)
{
    // The reference keeps the thresholds in double precision: the float 0.8f is meant as 0.8.
    private readonly double _farthest = 1 - (double)(decimal)options.ProximityThresh;
    private readonly double _unlike = 1 - (double)(decimal)options.AppearanceThresh;

    private float[] _rows = [];
    private int _length;

    /// <summary>Keeps the vectors of a frame.</summary>
    /// <param name="evidence">With one row for each detection, or none at all; a row of zeros stands for a detection nobody looked at.</param>
    public void Take(FrameEvidence evidence)
    {
        var rows = evidence.Appearance;
        if (_rows.Length < rows.Length)
        {
            _rows = new float[2 * rows.Length];
        }

        rows.CopyTo(_rows);
        _length = evidence.Detections.Length == 0 ? 0 : rows.Length / evidence.Detections.Length;
    }

    /// <summary>Half the cosine distance of a tracklet and a detection, 0 for the same looks; null where one of them was never looked at.</summary>
    public float? Distance(Tracklet track, int detection)
    {
        var row = Row(detection);
        return IsKnown(row) && track.Appearance is { } known && known.Length == row.Length
            ? Math.Max(0f, 1 - UnitVector.Dot(known, row)) / 2
            : null;
    }

    /// <summary>
    /// Turns 1 - IoU into the cost of a pair: with the score, then the less of that and the distance of looks, which counts for pairs that
    /// are near enough and alike enough only.
    /// </summary>
    /// <param name="distances">1 - IoU, tracklets × candidates, row by row; receives the costs.</param>
    public void Combine(List<Tracklet> tracks, List<int> candidates, ReadOnlySpan<TrackInput> detections, Span<float> distances)
    {
        for (var pair = 0; pair < distances.Length; pair++)
        {
            var detection = candidates[pair % candidates.Count];
            var distance = distances[pair];
            if (options.FuseScore)
            {
                distances[pair] = 1 - (1 - distance) * detections[detection].Score;
            }

            if (distance <= _farthest && Distance(tracks[pair / candidates.Count], detection) is { } looks && looks <= _unlike)
            {
                distances[pair] = Math.Min(distances[pair], looks);
            }
        }
    }

    /// <summary>Tells the tracklets that were seen in this frame what they look like now.</summary>
    public void Remember(List<Tracklet> tracks, long frame)
    {
        foreach (var track in tracks)
        {
            if (track.LastFrame == frame && Row(track.DetectionIndex) is var row && IsKnown(row))
            {
                track.Remember(row);
            }
        }
    }

    private ReadOnlySpan<float> Row(int detection) => _rows.AsSpan(detection * _length, _length);

    private static bool IsKnown(ReadOnlySpan<float> row) => row.ContainsAnyExcept(0f);
}
