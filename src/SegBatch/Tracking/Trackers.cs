namespace SegBatch.Tracking;

/// <summary>The trackers by name.</summary>
public static class Trackers
{
    /// <summary>The names that <see cref="TrackingOptions.Tracker"/> may have.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["bytetrack", "botsort", "ocsort", "deepocsort", "fasttrack", "tracktrack", "masktrack", "none"];

    /// <summary>Least score of the detections whose looks the tracker compares; null where it compares none.</summary>
    public static float? ComparesLooksFrom(TrackingOptions options) =>
        options switch
        {
            { WithReid: true, Tracker: "botsort" } => options.TrackHighThresh,
            { WithReid: true, Tracker: "tracktrack" } => options.TrackLowThresh,
            _ => null,
        };

    /// <summary>A tracker for one video. "none" gives one that never shows a track.</summary>
    /// <param name="options">What to create and how.</param>
    /// <param name="frameRate">
    /// Frames per second as the tracker gets them (frames left out by a stride do not count); null where the source has no clock, as
    /// is anything that is no rate, and then <see cref="TrackingOptions.TrackBuffer"/> frames count even where <see cref="TrackingOptions.LostSeconds"/> is given.
    /// </param>
    /// <exception cref="ArgumentException">No tracker has that name.</exception>
    public static ITracker Create(TrackingOptions options, double? frameRate) =>
        options.Tracker switch
        {
            "bytetrack" => new ByteTracker(options, frameRate),
            "botsort" => new BotSortTracker(options, frameRate),
            "ocsort" => new OcSortTracker(options, frameRate, followsCamera: false),
            "deepocsort" => new OcSortTracker(options, frameRate, followsCamera: true),
            "fasttrack" => new FastTracker(options, frameRate),
            "tracktrack" => new TrackTracker(options, frameRate),
            "masktrack" => new MaskTracker(options, frameRate),
            "none" => new Untracked(),
            _ => throw new ArgumentException($"there is no tracker \"{options.Tracker}\": take one of {string.Join(", ", Names)}"),
        };
}
