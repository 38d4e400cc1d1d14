namespace SegBatch.Jobs;

/// <summary>What a running job tells whoever watches: the terminal, a log, a test.</summary>
public abstract record JobEvent
{
    /// <summary>The sources are listed. Frames are an estimate, null where containers do not say.</summary>
    public sealed record PlanReady(int Videos, int AlreadyDone, long? TotalFrames, string Provider, string Model) : JobEvent;

    public sealed record VideoStarted(string Key, string Path, long? Frames) : JobEvent;

    /// <summary>Sent a few times a second at most.</summary>
    public sealed record VideoProgress(string Key, long FramesDone) : JobEvent;

    public sealed record VideoDone(string Key, VideoSummary Summary) : JobEvent;

    /// <summary>The video was given up. Code is one of the documented verdicts; the message says what to do.</summary>
    public sealed record VideoRejected(string Key, string Path, string Code, string Message) : JobEvent;

    /// <summary>Something worth a line: a provider that was refused, a fall-back, a font that is missing.</summary>
    public sealed record Note(string Text) : JobEvent;

    public sealed record JobDone(JobSummary Summary) : JobEvent;

    /// <summary>What there is to track again.</summary>
    /// <param name="AlreadyDone">Videos whose tracks were made with these options already.</param>
    public sealed record RetrackReady(int Videos, int AlreadyDone, long TotalFrames, string Tracker) : JobEvent;

    public sealed record VideoRetracked(string Key, VideoSummary Summary, long TracksBefore) : JobEvent;

    public sealed record RetrackDone(RetrackSummary Summary) : JobEvent;
}

/// <summary>What was found in one video.</summary>
/// <param name="Key">The video's key in tables and file names.</param>
/// <param name="Frames">Decoded frames.</param>
/// <param name="Instances">Rows in the instances table.</param>
/// <param name="Tracks">Rows in the tracks table.</param>
/// <param name="DamagedFrames">Frames the decoder reported as damaged.</param>
/// <param name="Seconds">Wall time of this run; 0 for a video that was done before.</param>
/// <param name="Classes">Per class name: instances and tracks.</param>
public sealed record VideoSummary(
    string Key,
    long Frames,
    long Instances,
    long Tracks,
    long DamagedFrames,
    double Seconds,
    IReadOnlyDictionary<string, ClassCount> Classes
);

public readonly record struct ClassCount(long Instances, long Tracks);

/// <summary>What a class of a semantic network covers.</summary>
/// <param name="Frames">Frames with the class.</param>
/// <param name="MeanShare">Its part of the picture, 0 to 1, on average over all frames, those without it included.</param>
public readonly record struct RegionCount(long Frames, double MeanShare);
