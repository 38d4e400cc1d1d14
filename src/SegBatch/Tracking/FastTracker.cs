using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// FastTrack (Hashempoor and Hwang, FastTracker: Real-time and accurate visual tracking, arXiv 2508.14370) as the reference runs it:
/// ByteTrack with rules for objects that others hide. A tracklet that is missed goes on unshown and is only lost at its third miss; one
/// that is hidden goes back to where it was before, grows, slows down, and is only lost after it was missed for longer; one hidden lately
/// may be found again for longer; and no track starts where there is one. Where this leaves the paper the recordings decide. They do not say
/// what a tracklet younger than the offsets does (here it goes back to its first state), nor from when the time to be found again
/// counts (here from the frame in which it was hidden).
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class FastTracker(TrackingOptions options, double? frameRate)
    : TwoPassTracker(
        options,
        frameRate,
        BoxKalmanFilter.Xyah,
        statesKept: Math.Max(options.ResetPosOffsetOcc, options.ResetVelocityOffsetOcc)
    )
{
    private const int MissesUntilLost = 3;

    private protected override bool IsLost(Tracklet track)
    {
        if (track.HiddenFrames > 0 || IsHidden(track))
        {
            track.Hide(Frame, Options);
            return track.HiddenFrames > Options.ActiveOccToLostThresh;
        }

        return ++track.Misses >= MissesUntilLost;
    }

    private protected override bool IsTaken(Box box) => IsTaken(Tracked, box) || IsTaken(Refound, box) || IsTaken(Started, box);

    private protected override bool MayReappear(Tracklet track) => Frame - track.HiddenFrom <= Options.OccReappearWindow;

    private bool IsTaken(List<Tracklet> tracks, Box box)
    {
        foreach (var track in tracks)
        {
            if (track.State is TrackState.Confirmed or TrackState.Tentative && Box.IoU(track.Estimate, box) > Options.InitIouSuppress)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a tracklet seen in this frame, and in the frames before, covers this one.</summary>
    private bool IsHidden(Tracklet track)
    {
        var own = track.Estimate;
        foreach (var other in Tracked)
        {
            if (other.LastFrame == Frame && Cover(own, other.Estimate) > Options.OccCoverThresh)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Share of a box that lies inside another.</summary>
    private static float Cover(Box own, Box other)
    {
        var width = Math.Max(0f, Math.Min(own.X2, other.X2) - Math.Max(own.X1, other.X1));
        var height = Math.Max(0f, Math.Min(own.Y2, other.Y2) - Math.Max(own.Y1, other.Y1));
        return own.Area > 0 ? width * height / own.Area : 0;
    }
}
