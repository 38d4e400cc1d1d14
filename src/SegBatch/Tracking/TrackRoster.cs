using System.Runtime.InteropServices;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// The tracklets of a video from frame to frame, for <see cref="TwoPassTracker"/>: those tracked, in the order of output, those lost, and
/// those that were dropped and are used again. Buffers are kept: no allocation once warm.
/// </summary>
/// <param name="filter">Motion model of the tracklets.</param>
/// <param name="observationAge">See <see cref="Observations"/>; 0 for a tracker that does not look at them.</param>
/// <param name="statesKept">Sightings a tracklet can go back; 0 for a tracker in which none does.</param>
internal sealed class TrackRoster(BoxKalmanFilter filter, int observationAge, int statesKept)
{
    private const float DuplicateDistance = 0.15f;
    private const int RemovalsRemembered = 1000;

    private readonly Stack<Tracklet> _spare = new();
    private readonly List<Tracklet> _nextLost = [];
    private List<Tracklet> _nextTracked = [];
    private long _lastId;
    private long _removals;

    /// <summary>Tentative and confirmed tracklets, as they were at the end of the last frame until <see cref="Settle"/>.</summary>
    public List<Tracklet> Tracked { get; private set; } = [];

    /// <summary>Tracklets not seen lately.</summary>
    public List<Tracklet> Lost { get; } = [];

    /// <summary>Tracklets that this frame has started.</summary>
    public List<Tracklet> Started { get; } = [];

    /// <summary>Tracklets that this frame has found again.</summary>
    public List<Tracklet> Refound { get; } = [];

    /// <summary>Tracklets that this frame has lost.</summary>
    public List<Tracklet> NewlyLost { get; } = [];

    /// <summary>Tracklets that this frame has given up.</summary>
    public List<Tracklet> Removed { get; } = [];

    /// <summary>Forgets what the last frame did.</summary>
    public void Begin()
    {
        Started.Clear();
        Refound.Clear();
        NewlyLost.Clear();
        Removed.Clear();
    }

    /// <summary>Puts the tracked ones of a state into a list, in their order; it is cleared first.</summary>
    public void Gather(TrackState state, List<Tracklet> tracks)
    {
        tracks.Clear();
        foreach (var track in Tracked)
        {
            if (track.State == state)
            {
                tracks.Add(track);
            }
        }
    }

    /// <summary>All go with the background.</summary>
    public void Move(AffineMotion camera)
    {
        foreach (var track in Tracked)
        {
            track.Move(camera);
        }

        foreach (var track in Lost)
        {
            track.Move(camera);
        }
    }

    /// <summary>Begins a track at a detection.</summary>
    public void Start(Box box, int detectionIndex, long frame)
    {
        var track = _spare.TryPop(out var spare) ? spare : new Tracklet(filter, observationAge, statesKept);
        track.Start(++_lastId, box, detectionIndex, frame, frame == 1 ? TrackState.Confirmed : TrackState.Tentative);
        Started.Add(track);
    }

    /// <summary>Collects those found again, in the order in which they were.</summary>
    public void CollectRefound()
    {
        foreach (var track in Lost)
        {
            if (track is { State: TrackState.Confirmed, IsRecovered: false })
            {
                Refound.Add(track);
            }
        }

        foreach (var track in Lost)
        {
            if (track is { State: TrackState.Confirmed, IsRecovered: true })
            {
                Refound.Add(track);
            }
        }
    }

    /// <summary>Makes the lists of the next frame out of what this one did.</summary>
    /// <param name="association">Tells which tracklets are on the same object.</param>
    public void Settle(Association association)
    {
        SettleTracked();
        SettleLost();
        if (association.MarkDuplicates(Tracked, Lost, DuplicateDistance))
        {
            DropDuplicates(Tracked);
            DropDuplicates(Lost);
        }

        foreach (var track in Removed)
        {
            track.RemovalNumber = ++_removals;
        }
    }

    /// <summary>Survivors in their order, then new tracks, then those found again.</summary>
    private void SettleTracked()
    {
        _nextTracked.Clear();
        foreach (var track in Tracked)
        {
            switch (track.State)
            {
                case TrackState.Tentative or TrackState.Confirmed:
                    _nextTracked.Add(track);
                    break;
                case TrackState.Removed:
                    _spare.Push(track);
                    break;
            }
        }

        _nextTracked.AddRange(Started);
        _nextTracked.AddRange(Refound);
        (Tracked, _nextTracked) = (_nextTracked, Tracked);
    }

    /// <summary>
    /// A track given up in this frame stays for one more, in which it may be found again; one given up before is dropped, also
    /// when it has been found again in between and is lost anew.
    /// </summary>
    private void SettleLost()
    {
        _nextLost.Clear();
        foreach (var track in Lost)
        {
            if (track.State != TrackState.Confirmed)
            {
                _nextLost.Add(track);
            }
        }

        _nextLost.AddRange(NewlyLost);
        Lost.Clear();
        foreach (var track in _nextLost)
        {
            if (track.RemovalNumber > 0 && track.RemovalNumber > _removals - RemovalsRemembered)
            {
                _spare.Push(track);
            }
            else
            {
                Lost.Add(track);
            }
        }
    }

    private void DropDuplicates(List<Tracklet> tracks)
    {
        var kept = 0;
        for (var i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            if (track.IsDuplicate)
            {
                _spare.Push(track);
            }
            else
            {
                tracks[kept++] = track;
            }
        }

        CollectionsMarshal.SetCount(tracks, kept);
    }
}
