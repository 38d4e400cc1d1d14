using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>What is looked for in a source: more than becomes rows, where a tracker looks at weak detections too.</summary>
internal static class SoughtDetections
{
    /// <summary>Detections above this score are looked for: those of lower score than `conf` are the tracker's.</summary>
    public static float LowestScore(float conf, TrackingOptions tracking) =>
        tracking.Tracker == "none" ? conf : Math.Min(conf, tracking.TrackLowThresh);

    /// <summary>The options of a head that finds them.</summary>
    /// <param name="classes">Class ids to keep; null keeps all.</param>
    public static DetectionOptions Options(SourceOptions options, IReadOnlyList<int>? classes) =>
        options.Detection with
        {
            Conf = LowestScore(options.Detection.Conf, options.Tracking),
            Classes = classes,
        };

    /// <summary>The head that finds them in the outputs of a network.</summary>
    /// <param name="trimmed">What the network gives in place of the file's outputs; null where it gives those.</param>
    /// <exception cref="HeadLayoutException">The model is not of a known layout.</exception>
    public static IDetectionHead Head(SourceOptions options, IReadOnlyList<int>? classes, ModelCard card, TrimmedHead? trimmed = null)
    {
        var detection = Options(options, classes);
        var head = DetectionHeads.Choose(card, detection, out var layout);
        return trimmed is null ? head : DetectionHeads.Choose(trimmed, layout, detection);
    }
}
