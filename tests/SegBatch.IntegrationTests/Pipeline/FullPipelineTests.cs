using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Demo;
using SegBatch.IntegrationTests.Output;
using SegBatch.Letterboxing;
using SegBatch.Native.FFmpeg;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Tables;
using SegBatch.Tests;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Pipeline;

/// <summary>From the file to the tables and the annotated video, with the real network, codecs and Parquet.</summary>
[Collection("native memory")]
public sealed class FullPipelineTests(DemoFixture demo) : IDisposable
{
    private const int WarmUpFrames = 200;
    private const int FramesPerStretch = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-allocation-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Against the budget in bench/AllocationBudgets.json. Of several stretches of frames the least counts: what the runtime allocates
    /// now and then is not ours.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_frame_costs_little_managed_memory_and_no_full_collection(bool annotated)
    {
        var stretches = new List<long>();
        var (before, fullBefore, fullAfter) = (0L, 0, 0);
        var report = await RunAsync(await ClipAsync(), annotated, Look, Token);

        Assert.True(stretches.Count >= 4, $"{report.Frames} frames are too few");
        var perFrame = stretches.Min() / (double)FramesPerStretch;
        var budget = Budget(annotated ? "VideoPipeline with annotated video" : "VideoPipeline");
        var stages = string.Join(", ", report.Stages.Select(stage => $"{stage.Name} {stage.Allocated / stage.Items}"));
        Assert.True(perFrame <= budget, $"A frame allocates {perFrame:f0} bytes, its budget is {budget}. With the warm-up: {stages}.");
        Assert.Equal(fullBefore, fullAfter);
        Assert.Equal(0, Picture.Alive);

        void Look(long frames)
        {
            if (frames < WarmUpFrames || frames % FramesPerStretch != 0)
            {
                return;
            }

            var now = GC.GetTotalAllocatedBytes(precise: true);
            if (frames == WarmUpFrames)
            {
                fullBefore = GC.CollectionCount(2);
            }
            else
            {
                stretches.Add(now - before);
            }

            fullAfter = GC.CollectionCount(2);
            before = GC.GetTotalAllocatedBytes(precise: true);
        }
    }

    [Fact]
    public async Task Stops_at_random_moments_leave_no_frame_and_no_file_behind()
    {
        var clip = await ClipAsync();
        var random = new Random(5);
        var longest = TimeSpan.Zero;
        for (var round = 0; round < 12; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var (stopAt, asked) = (random.Next(0, 120), 0L);
            var run = RunAsync(clip, annotated: true, Look, stop.Token);
            if (stopAt == 0)
            {
                Look(0);
            }

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            var took = Stopwatch.GetElapsedTime(asked);
            longest = took > longest ? took : longest;
            Assert.Equal(0, Picture.Alive);
            Assert.Equal([clip], Directory.GetFiles(_folder));

            void Look(long frames)
            {
                if (frames == stopAt)
                {
                    asked = Stopwatch.GetTimestamp();
                    stop.Cancel();
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"The longest time from a stop to the end of the run: {longest.TotalMilliseconds:f0} ms."
        );
    }

    /// <summary>A demo clip several times over.</summary>
    private async Task<string> ClipAsync()
    {
        var archive = await demo.ArchiveAsync();
        var source = Directory.EnumerateFiles(archive, "*.mp4", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var clip = Path.Combine(_folder, "clip.mp4");
        await FFmpegTool.Make("-stream_loop", "20", "-i", source, "-an", "-frames:v", "500", "-c", "copy", clip);
        return clip;
    }

    private async Task<PipelineReport> RunAsync(string clip, bool annotated, Action<long> look, CancellationToken stop)
    {
        using var model = OnnxSegmentationModel.Open(
            SharedData.Path("demo-model/shapes-seg.onnx"),
            options: new InferenceOptions { Device = "cpu" }
        );
        var card = model.Card;
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        var shapes = card.Outputs.Select(output => output.Shape).ToList();
        var head = DetectionHeads.Choose(shapes, card.EndToEnd, card.Names.Count, new DetectionOptions { Conf = 0.1f }, out _);
        var context = new TableContext
        {
            Conf = 0.25f,
            ClassNames = card.Names,
            VideoPath = clip,
            ModelSha256 = card.File.Sha256,
            OptionsJson = "{}",
        };
        using var tables = new TablesWriter(_folder, "clip", context);
        using var annotator = annotated ? new Annotator(new AnnotationOptions(), card.Names, 0.25f, NullLogger.Instance) : null;
        var encoding = new VideoEncodingOptions { Preset = "ultrafast", Audio = AudioPolicy.None };
        using var video = annotated
            ? new AnnotatedVideoWriter(reader.Info, encoding, Path.Combine(_folder, "a.mp4"), "videos/a.mp4", isClip: false)
            : null;
        IReadOnlyList<IResultWriter> writers = video is null ? [tables] : [tables, video];
        var options = new PipelineOptions { Letterbox = new LetterboxOptions { ImgSz = (160, 160) } };
        var tracker = Trackers.Create(new TrackingOptions(), 25);
        var report = await new VideoPipeline(model, head, options).RunAsync(reader, tracker, annotator, writers, look, stop);
        Assert.True(tables.Totals.Instances > report.Frames, "the clip must show objects");
        foreach (var writer in writers)
        {
            writer.Finish();
        }

        return report;
    }

    private static long Budget(string key)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "AllocationBudgets.json")));
        return budgets.RootElement.GetProperty(key).GetInt64();
    }
}
