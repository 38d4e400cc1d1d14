using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Cli;
using SegBatch.IntegrationTests.Demo;
using SegBatch.Masks;
using SegBatch.Native.FFmpeg;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Tests;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Gpu;

/// <summary>
/// The path that GPUs take, run by the CPU provider, against the host's own head on the same frames: same objects, same order, same
/// numbers, masks equal but for pixels whose logit is 0 to rounding.
/// </summary>
public sealed class GpuVideoTests(DemoFixture demo)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("yolov8n-seg.onnx", MaskMode.Exact)]
    [InlineData("yolov8n-seg.onnx", MaskMode.Reference)]
    [InlineData("yolov8n-seg-640.onnx", MaskMode.Exact)]
    [InlineData("yolov8n-seg-fp16.onnx", MaskMode.Exact)]
    [InlineData("yolov8n-seg-int8.onnx", MaskMode.Exact)]
    [InlineData("layouts/yolo11n-seg-random.onnx", MaskMode.Exact)]
    public async Task Pedestrians_are_found_as_the_host_finds_them(string model, MaskMode masks)
    {
        var options = new DetectionOptions { Masks = masks, Conf = 0.1f };
        var found = await Compare(SharedData.Path($"models/{model}"), SharedData.Path("videos/vtest.avi"), 2, null, options, new());
        Assert.True(found.Objects > 10, $"{found}");
        Assert.True(found.DifferentPixels <= found.Pixels / 100_000, $"{found}");
    }

    /// <summary>A float16 output is rounded before the host sees it; here it is widened first, and a provider may then never round it.</summary>
    [Fact]
    public async Task Half_outputs_agree_to_their_own_precision()
    {
        var model = SharedData.Path("models/yolov8n-seg-half.onnx");
        var options = new DetectionOptions { Conf = 0.1f };
        var found = await Compare(model, SharedData.Path("videos/vtest.avi"), 2, null, options, new(), boxTolerance: 0.5f);
        Assert.True(found.Objects > 10, $"{found}");
        Assert.True(found.DifferentPixels <= found.Pixels / 100, $"{found}");
    }

    [Theory]
    [InlineData(1, MaskMode.Exact)]
    [InlineData(3, MaskMode.Exact)]
    [InlineData(2, MaskMode.Reference)]
    public async Task Shapes_are_found_as_the_host_finds_them(int batch, MaskMode masks)
    {
        var clip = Path.Combine(await demo.ArchiveAsync(), "06-vp9-odd-size.webm");
        var options = new DetectionOptions { Masks = masks };
        var found = await Compare(SegBatchProcess.DemoModel, clip, 7, batch, options, new()); // the last batch is partly filled
        Assert.True(found.Objects > 10, $"{found}");
        Assert.True(found.DifferentPixels <= found.Pixels / 100_000, $"{found}");
    }

    [Fact]
    public async Task Classes_that_are_not_wanted_take_no_row()
    {
        var clip = Path.Combine(await demo.ArchiveAsync(), "06-vp9-odd-size.webm");
        var all = await Compare(SegBatchProcess.DemoModel, clip, 4, 2, new DetectionOptions(), new());
        var some = await Compare(SegBatchProcess.DemoModel, clip, 4, 2, new DetectionOptions { Classes = [all.FirstClass] }, new());
        Assert.InRange(some.Objects, 1, all.Objects - 1);
    }

    [Fact]
    public async Task Too_few_rows_are_counted_and_cost_the_worst_objects_only()
    {
        var clip = Path.Combine(await demo.ArchiveAsync(), "06-vp9-odd-size.webm");
        var few = new GpuOptions { Candidates = 6 };
        var found = await Compare(SegBatchProcess.DemoModel, clip, 3, 1, new DetectionOptions { Conf = 0.05f }, few);
        Assert.Equal(3, found.FullPictures);
        Assert.True(found.Missing > 0);
    }

    /// <summary>Surfaces in host memory stand in for a decoder's; the letterbox differs by up to two levels, so objects do a little.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Surfaces_are_read_where_they_lie_and_given_back_at_once(bool keepPictures)
    {
        using var model = OnnxSegmentationModel.Open(SegBatchProcess.DemoModel, options: new() { Device = "cpu", Batch = 2 });
        var (head, layout) = HeadOf(model, new());
        using var gpu = GpuModel.TryCreate(model, layout, new() { OnCpu = true });
        Assert.NotNull(gpu);
        var clip = Path.Combine(await demo.ArchiveAsync(), "02-h264-60fps.mp4");
        clip = File.Exists(clip) ? clip : Directory.GetFiles(await demo.ArchiveAsync(), "*h264*.mp4").Order(StringComparer.Ordinal).First();
        var alive = Surface.Alive;
        var decoding = new DecodingOptions { End = Moment.AtFrame(5) };
        var expected = await Detect(model, head, clip, decoding);
        var video = gpu.For(head, new(), keepPictures);
        var actual = await Detect(video, video, clip, decoding with { HostSurfaces = true });
        Assert.Equal(alive, Surface.Alive);
        Assert.Equal((5, 0), (gpu.Traffic.Frames, gpu.Traffic.PicturesUploaded));
        Assert.Equal(keepPictures ? 5 : 0, gpu.Traffic.FramesFetched);
        var sure = 0;
        foreach (var (host, device) in expected.Zip(actual))
        {
            foreach (var item in host.Items.Where(item => item.Score > 0.35f)) // those at the threshold may come and go
            {
                sure++;
                var best = device.Items.MaxBy(other => MaskIoU.IoU(item.Mask, other.Mask));
                Assert.Equal(item.ClassId, best.ClassId);
                Assert.InRange(best.Score, item.Score - 0.05f, item.Score + 0.05f);
                Assert.True(MaskIoU.IoU(item.Mask, best.Mask) > 0.95, $"{item} {best}");
            }
        }

        Assert.True(sure > 15, $"{sure}");
    }

    /// <summary>The graph with surfaces in it: every frame once and in order, and nothing held after a fault in the middle.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public async Task The_pipeline_runs_on_surfaces_and_leaves_none(int? failAt)
    {
        var clip = Directory.GetFiles(await demo.ArchiveAsync(), "*h264*.mp4").Order(StringComparer.Ordinal).First();
        var alive = Surface.Alive;
        using var model = OnnxSegmentationModel.Open(SegBatchProcess.DemoModel, options: new() { Device = "cpu", Batch = 4 });
        var (head, layout) = HeadOf(model, new());
        using var gpu = GpuModel.TryCreate(model, layout, new() { OnCpu = true });
        var video = gpu!.For(head, new());
        using var reader = FrameReader.Open(clip, new() { End = Moment.AtFrame(18), HostSurfaces = true });
        var seen = new List<long>();
        using var writer = new Recorder(frame =>
        {
            seen.Add(frame.Frame.Index);
            if (frame.Frame.Index == failAt)
            {
                throw new IOException("No space left on device");
            }
        });
        var pipeline = new VideoPipeline(video, video, new());
        var run = pipeline.RunAsync(reader, new ByteTracker(new TrackingOptions(), null), null, [writer], null, Token);
        if (failAt is { } last)
        {
            await Assert.ThrowsAsync<StageException>(() => run);
            Assert.Equal(last, seen[^1]);
        }
        else
        {
            Assert.Equal(18, (await run).Frames);
            Assert.Equal(18, gpu.Traffic.Frames);
            Assert.Equal(0, gpu.Traffic.PicturesUploaded + gpu.Traffic.FramesFetched);
        }

        Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => (long)i), seen);
        Assert.Equal(alive, Surface.Alive);
    }

    /// <summary>Fails where an object differs; objects missing at the end of a frame are counted.</summary>
    private static async Task<Found> Compare(
        string modelPath,
        string clip,
        int frames,
        int? batch,
        DetectionOptions options,
        GpuOptions gpuOptions,
        float boxTolerance = 0
    )
    {
        using var model = OnnxSegmentationModel.Open(modelPath, options: new() { Device = "cpu", Batch = batch });
        var (head, layout) = HeadOf(model, options);
        using var gpu = GpuModel.TryCreate(model, layout, gpuOptions with { OnCpu = true });
        Assert.NotNull(gpu);
        var video = gpu.For(head, options);
        var found = new Found();
        var decoding = new DecodingOptions { End = Moment.AtFrame(frames) };
        var ours = await Detect(model, head, clip, decoding);
        var theirs = await Detect(video, video, clip, decoding);
        Assert.Empty(gpu.Notes);
        Assert.Equal(frames, theirs.Count);
        foreach (var (expected, actual) in ours.Zip(theirs))
        {
            Assert.InRange(actual.Items.Count, 0, expected.Items.Count);
            found.Missing += expected.Items.Count - actual.Items.Count;
            foreach (var (host, device) in expected.Items.Zip(actual.Items))
            {
                Assert.Equal(host.ClassId, device.ClassId);
                Assert.InRange(device.Score, host.Score - (boxTolerance / 100), host.Score + (boxTolerance / 100));
                AssertNear(host.Box, device.Box, boxTolerance);
                found.Add(host.Mask, device.Mask);
                found.FirstClass = host.ClassId;
            }
        }

        if (gpuOptions == new GpuOptions())
        {
            Assert.Equal(0, found.Missing);
        }

        found.FullPictures = video.FullPictures;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(modelPath)} {options.Masks}: {found}");
        return found;
    }

    private static (IDetectionHead Head, HeadLayout Layout) HeadOf(OnnxSegmentationModel model, DetectionOptions options)
    {
        var shapes = model.Card.Outputs.Select(tensor => tensor.Shape).ToList();
        return (DetectionHeads.Choose(shapes, model.Card.EndToEnd, model.Card.Names.Count, options, out var layout), layout);
    }

    private static void AssertNear(in Box expected, in Box actual, float tolerance)
    {
        Assert.InRange(actual.X1, expected.X1 - tolerance, expected.X1 + tolerance);
        Assert.InRange(actual.Y1, expected.Y1 - tolerance, expected.Y1 + tolerance);
        Assert.InRange(actual.X2, expected.X2 - tolerance, expected.X2 + tolerance);
        Assert.InRange(actual.Y2, expected.Y2 - tolerance, expected.Y2 + tolerance);
    }

    private static async Task<List<DetectionList>> Detect(
        ISegmentationModel model,
        IDetectionHead head,
        string clip,
        DecodingOptions decoding
    )
    {
        var lists = new List<DetectionList>();
        using var reader = FrameReader.Open(clip, decoding);
        using var frames = new FramePool(2 * model.BatchSize);
        using var batcher = new FrameBatcher(model.Card, model.BatchSize, new(), model is GpuVideo device ? device.TakeSurface : null);
        await foreach (var batch in batcher.Batch(reader.ReadAsync(frames, Token), Token))
        {
            using var predictions = model.Infer(batcher.Fill(batch), Token);
            for (var i = 0; i < predictions.Count; i++)
            {
                var list = new DetectionList();
                head.Decode(predictions.Outputs, i, predictions.Letterbox(i), list);
                lists.Add(list);
            }
        }

        Assert.Equal(0, frames.Outstanding);
        Assert.Equal(0, batcher.Outstanding);
        return lists;
    }

    private sealed class Recorder(Action<TrackedFrame> write) : IResultWriter
    {
        public void Write(TrackedFrame frame) => write(frame);

        public IReadOnlyList<StagedFile> Finish() => [];

        public void Dispose() { }
    }

    private sealed record Found
    {
        public int Objects { get; set; }

        public int Missing { get; set; }

        public long Pixels { get; set; }

        public long DifferentPixels { get; set; }

        public long FullPictures { get; set; }

        public int FirstClass { get; set; }

        public void Add(in RleMask host, in RleMask device)
        {
            Objects++;
            Pixels += host.Area;
            DifferentPixels += host.Area + device.Area - (2 * MaskIoU.Intersection(host, device));
        }
    }
}
