using System.Runtime.InteropServices;

namespace SegBatch.Tracking;

/// <summary>
/// A tracker of our own that takes masks as evidence. Who is who goes by the overlap of masks, where pixels that another object covers do
/// not count against a track, fused with the overlap of boxes, with class and score. A track whose place the masks of others cover is hidden:
/// it waits longer than one that is just missed, and is looked for along its way, by its shape, until it comes out. A detection that shows
/// a part of an object moves its track, but leaves size and shape alone. Without masks, boxes stand for them. One instance per video;
/// nothing is allocated per frame once warm.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class MaskTracker(TrackingOptions options, double? frameRate) : ITracker
{
    /// <summary>Sightings from which on a track may be hidden: before, it may be no object at all.</summary>
    private const int LeastSightings = 3;

    /// <summary>Share of a shape that a larger mask must hold to be of this object, too.</summary>
    private const double LeastMerged = 0.6;

    private const double AreaOfMerged = 1.3;

    /// <summary>Share of a detection inside another one's mask above which it starts no track.</summary>
    private const double MostInside = 0.6;

    private readonly MaskAssociation _association = new(options);
    private readonly long _lostFrames = options.LostFrames(frameRate);

    private readonly Stack<MaskTrack> _spare = new();
    private readonly List<MaskTrack> _tracks = [];
    private long _lastId;
    private long _frame;

    private MaskSimilarity Similarity => _association.Similarity;

    public void Update(FrameEvidence evidence, List<TrackedObject> tracks)
    {
        var detections = evidence.Detections;
        _frame++;
        foreach (var track in _tracks)
        {
            track.Predict(evidence.CameraMotion);
        }

        _association.Match(evidence, _tracks, _frame);
        TakeIn(detections);
        Miss(detections.Length);
        Start(detections);

        tracks.Clear();
        foreach (var track in _tracks)
        {
            if (track.State == TrackState.Confirmed)
            {
                tracks.Add(new TrackedObject(track.Id, track.DetectionIndex, track.Estimate));
            }
        }
    }

    private void TakeIn(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var track in _tracks)
        {
            if (track.Candidate is not (var index and >= 0))
            {
                continue;
            }

            ref readonly var detection = ref detections[index];
            if (IsMerged(track, index))
            {
                track.MatchPresence(detection, index, _frame);
                continue;
            }

            var shift = (0, 0);
            var sight = Similarity.IsWhole(track, index) ? Sight.Whole : Similarity.Align(track, index, out shift, out _);
            if (sight == Sight.Whole)
            {
                track.Match(detection, Similarity.Shapes[index], Similarity.IsUncovered(track, index), index, _frame);
            }
            else
            {
                track.MatchPart(detection, shift, sight, index, _frame);
            }
        }
    }

    /// <summary>Whether a track's detection holds the object of a track without detection, too.</summary>
    private bool IsMerged(MaskTrack track, int index)
    {
        if (Similarity.Shapes[index].Area < AreaOfMerged * track.Shape.Area)
        {
            return false;
        }

        foreach (var other in _tracks)
        {
            if (other.Candidate < 0 && other.State != TrackState.Tentative && Similarity.Cover(other, index) >= LeastMerged)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells tracks without detection that they were missed, and drops those that were for too long.</summary>
    private void Miss(int detections)
    {
        var kept = 0;
        for (var i = 0; i < _tracks.Count; i++)
        {
            var track = _tracks[i];
            if (track.Candidate < 0)
            {
                track.State = track.State == TrackState.Tentative || IsGivenUp(track, detections) ? TrackState.Removed : TrackState.Lost;
            }

            track.Candidate = -1;
            if (track.State == TrackState.Removed)
            {
                _spare.Push(track);
            }
            else
            {
                _tracks[kept++] = track;
            }
        }

        CollectionsMarshal.SetCount(_tracks, kept);
    }

    /// <summary>Frames in which a track is hidden do not count, up to a limit.</summary>
    private bool IsGivenUp(MaskTrack track, int detections)
    {
        if (track.Sightings >= LeastSightings && CoverByOthers(track, detections) >= options.HiddenCover)
        {
            track.HiddenFrames++;
        }

        var unseen = _frame - track.LastFrame;
        return unseen - track.HiddenFrames > _lostFrames || unseen > _lostFrames * Math.Max(1, options.HiddenPatience);
    }

    /// <summary>Share of a track's shape that detections of other tracks cover.</summary>
    private double CoverByOthers(MaskTrack track, int detections)
    {
        var cover = 0.0;
        for (var index = 0; index < detections; index++)
        {
            cover += _association.IsTaken(index) ? Similarity.Cover(track, index) : 0;
        }

        return cover;
    }

    private void Start(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var index in _association.Free)
        {
            ref readonly var detection = ref detections[index];
            if (detection.Score < options.NewTrackThresh || IsPartOfAnother(index, detections.Length))
            {
                continue;
            }

            var track = _spare.TryPop(out var spare) ? spare : new MaskTrack();
            var state = _frame == 1 ? TrackState.Confirmed : TrackState.Tentative;
            track.Start(++_lastId, detection, Similarity.Shapes[index], index, _frame, state);
            _tracks.Add(track);
            _association.Take(index);
        }
    }

    /// <summary>Whether a detection that nobody holds is for the most part inside one that a track holds, or a better one that started one.</summary>
    private bool IsPartOfAnother(int index, int detections)
    {
        for (var other = 0; other < detections; other++)
        {
            if (_association.IsTaken(other) && Similarity.Shapes.ShareInside(index, other) > MostInside)
            {
                return true;
            }
        }

        return false;
    }
}
