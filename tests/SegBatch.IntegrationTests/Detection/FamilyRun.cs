using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Tracking;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>Runs a model over pictures through the whole pipeline and keeps what it finds, picture by picture.</summary>
internal sealed class FamilyRun : IResultWriter
{
    private readonly List<IReadOnlyList<DetectedObject>> _frames = [];

    /// <param name="source">A folder of pictures, or a clip.</param>
    public static async Task<IReadOnlyList<IReadOnlyList<DetectedObject>>> Of(
        ModelCard card,
        string source,
        CancellationToken cancellationToken,
        LetterboxOptions? letterbox = null
    )
    {
        using var model = OnnxSegmentationModel.Open(card, new InferenceOptions { Device = "cpu", TrimHead = true });
        using var reader = FrameReader.Open(source, new DecodingOptions());
        using var writer = new FamilyRun();
        var options = new DetectionOptions();
        var head = DetectionHeads.Choose(model.Card, options, out var layout);
        head = model.Trimmed is { } trimmed ? DetectionHeads.Choose(trimmed, layout, options) : head;
        var pipeline = new VideoPipeline(model, head, new PipelineOptions { Letterbox = letterbox ?? new() });
        var tracker = Trackers.Create(new TrackingOptions { Tracker = "none" }, frameRate: null);
        await pipeline.RunAsync(reader, tracker, annotator: null, [writer], framesDone: null, cancellationToken);
        return writer._frames;
    }

    public void Write(TrackedFrame frame) => _frames.Add([.. frame.Detections.Select(item => item with { Mask = item.Mask.Copy() })]);

    public IReadOnlyList<StagedFile> Finish() => [];

    public void Dispose() { }
}
