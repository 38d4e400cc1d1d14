using System.Text.Json;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Refining;
using SegBatch.Tests;
using SegBatch.Tracking;

namespace SegBatch.IntegrationTests.Refining;

/// <summary>The six drawn scenes with what a network that sees them in a certain way must report.</summary>
internal static class Scenes
{
    private const string Families = "models/families";

    public static string Folder => SharedData.Path($"{Families}/scenes");

    public static string Model(string file) => SharedData.Path($"{Families}/{file}");

    /// <summary>The objects of each scene, fed in the given way.</summary>
    public static IReadOnlyList<IReadOnlyList<DetectedObject>> Expected(string view)
    {
        using var json = SharedData.Json($"{Families}/scenes/expected.json");
        return
        [
            .. json
                .RootElement.GetProperty("scenes")
                .EnumerateArray()
                .Select(scene => scene.GetProperty("fed").GetProperty(view).EnumerateArray().Select(Object).ToList()),
        ];
    }

    /// <summary>The least mask IoU that a layout must reach against the objects of the network fed alike, and how that is fed.</summary>
    public static (double MaskIoU, string View) Limit(string file)
    {
        using var json = SharedData.Json($"{Families}/layouts.json");
        var check = json
            .RootElement.GetProperty("layouts")
            .EnumerateArray()
            .Single(layout => layout.GetProperty("file").GetString() == file)
            .GetProperty("check")[0];
        return (check.GetProperty("tolerance_fed_alike").GetProperty("mask_iou").GetDouble(), check.GetProperty("fed").GetString()!);
    }

    /// <summary>Runs the pipeline over pictures and keeps what it finds, picture by picture.</summary>
    public static async Task<IReadOnlyList<SceneFindings>> Run(
        ModelCard card,
        MaskRefiner? refiner,
        CancellationToken cancellationToken,
        string? source = null,
        DetectionOptions? options = null
    )
    {
        using var model = OnnxSegmentationModel.Open(card, new InferenceOptions { Device = "cpu" });
        using var reader = FrameReader.Open(source ?? Folder, new DecodingOptions());
        using var keeper = new Keeper();
        var head = DetectionHeads.Choose(model.Card, options ?? new DetectionOptions(), out _);
        var pipeline = new VideoPipeline(model, head, new PipelineOptions { Refiner = refiner });
        await pipeline.RunAsync(reader, new Untracked(), annotator: null, [keeper], framesDone: null, cancellationToken);
        return keeper.Frames;
    }

    private static DetectedObject Object(JsonElement item)
    {
        float[] box = [.. item.GetProperty("xyxy").EnumerateArray().Select(side => side.GetSingle())];
        var rle = item.GetProperty("rle");
        var size = new FrameSize(rle.GetProperty("size")[1].GetInt32(), rle.GetProperty("size")[0].GetInt32());
        return new(
            new Box(box[0], box[1], box[2], box[3]),
            item.GetProperty("score").GetSingle(),
            item.GetProperty("class").GetInt32(),
            new RleMask(size, CocoRle.Decode(rle.GetProperty("counts").GetString()!))
        );
    }

    private sealed class Keeper : IResultWriter
    {
        public List<SceneFindings> Frames { get; } = [];

        public void Write(TrackedFrame frame) =>
            Frames.Add(
                new(
                    [.. frame.Detections.Select(item => item with { Mask = item.Mask.Copy() })],
                    [.. frame.Regions.Select(region => region with { Mask = region.Mask.Copy() })]
                )
            );

        public IReadOnlyList<StagedFile> Finish() => [];

        public void Dispose() { }
    }
}

/// <summary>What was found in one picture.</summary>
internal sealed record SceneFindings(IReadOnlyList<DetectedObject> Objects, IReadOnlyList<ClassRegion> Regions);

/// <summary>How far findings agree with what was expected.</summary>
internal sealed record SceneScore(int Expected, int Missing, int Extra, double LeastIoU, double MeanIoU)
{
    /// <summary>Below it two masks are not of one object.</summary>
    private const double Same = 0.3;

    /// <summary>Pairs of one class, best overlap first, each object once.</summary>
    public static SceneScore Of(IReadOnlyList<IReadOnlyList<DetectedObject>> expected, IReadOnlyList<IReadOnlyList<DetectedObject>> found)
    {
        var overlaps = new List<double>();
        var extra = 0;
        for (var scene = 0; scene < expected.Count; scene++)
        {
            var (want, got) = (expected[scene].ToList(), found[scene].ToList());
            var pairs =
                from a in want
                from b in got
                where a.ClassId == b.ClassId
                select (Want: a, Got: b, IoU: MaskIoU.IoU(a.Mask, b.Mask));
            foreach (var (a, b, iou) in pairs.Where(pair => pair.IoU > Same).OrderByDescending(pair => pair.IoU).ToList())
            {
                if (want.Contains(a) && got.Contains(b))
                {
                    want.Remove(a);
                    got.Remove(b);
                    overlaps.Add(iou);
                }
            }

            extra += got.Count;
        }

        var count = expected.Sum(scene => scene.Count);
        return new(count, count - overlaps.Count, extra, overlaps.DefaultIfEmpty(0).Min(), overlaps.DefaultIfEmpty(0).Average());
    }

    public bool Within(double leastIoU) => Missing == 0 && Extra == 0 && LeastIoU >= leastIoU;

    public override string ToString() =>
        FormattableString.Invariant($"{Expected} expected, {Missing} missing, {Extra} extra, mask IoU min {LeastIoU:F4} mean {MeanIoU:F4}");
}
