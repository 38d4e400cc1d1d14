using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Output;
using SegBatch.Native.FFmpeg;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Tests;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Pipeline;

/// <summary>The graph over real frames: order, faults and stops. Every test ends with no frame outstanding in the whole process.</summary>
[Collection("native memory")]
public sealed class VideoPipelineTests : IAsyncLifetime
{
    private const int FrameCount = 60;
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-pipeline-").FullName;
    private string _clip = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _clip = Path.Combine(_folder, "clip.mp4");
        await FFmpegTool.Make(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=160x96:r=25",
            "-frames:v",
            $"{FrameCount}",
            "-c:v",
            "libx264",
            "-bf",
            "2",
            "-pix_fmt",
            "yuv420p",
            _clip
        );
        Assert.Equal(0, Picture.Alive);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Every_frame_arrives_once_and_in_order_whatever_the_batch(int batch)
    {
        var seen = new List<long>();
        var report = await Run(new ScriptedModel(Card(), batch), new Recorder(frame => seen.Add(frame.Frame.Index)), Token);

        Assert.Equal(Enumerable.Range(0, FrameCount).Select(i => (long)i), seen);
        Assert.Equal(FrameCount, report.Frames);
        Assert.Equal(["decode", "letterbox", "infer", "detect", "track", "write"], report.Stages.Select(stage => stage.Name));
        Assert.Equal(0, Picture.Alive);
    }

    [Fact]
    public async Task A_failing_network_names_stage_frames_and_file()
    {
        var model = new ScriptedModel(Card(), 4, run => run == 3 ? new InvalidOperationException("out of memory") : null);
        var error = await Assert.ThrowsAsync<StageException>(() => Run(model, new Recorder(_ => { }), Token));

        Assert.Equal("Stage 'infer' failed on frames 8–11 of clip.mp4: out of memory", error.Message);
        Assert.Equal(0, Picture.Alive);
    }

    [Fact]
    public async Task A_failing_writer_stops_the_video_and_frees_every_frame()
    {
        var writer = new Recorder(frame => _ = frame.Frame.Index == 17 ? throw new IOException("No space left on device") : 0);
        var error = await Assert.ThrowsAsync<StageException>(() => Run(new ScriptedModel(Card(), 2), writer, Token));

        Assert.Equal("Stage 'write' failed on frame 17 of clip.mp4: No space left on device", error.Message);
        Assert.Equal(0, Picture.Alive);
    }

    [Fact]
    public async Task Faults_and_stops_at_random_moments_leave_no_frame_behind()
    {
        var random = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var (failAt, dropAt) = (random.Next(1, 90), random.Next(0, 90));
            var model = new ScriptedModel(
                Card(),
                random.Next(1, 9),
                run => run == failAt ? new InvalidOperationException("scripted") : null
            );
            var writer = new Recorder(frame => _ = frame.Frame.Index == dropAt ? throw new IOException("scripted") : 0);
            var run = Run(model, writer, stop.Token);
            if (random.Next(2) == 0)
            {
                await Task.Delay(random.Next(0, 40), Token);
                await stop.CancelAsync();
            }

            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Assert.True(
                run.IsCompletedSuccessfully || run.IsCanceled || run.Exception?.InnerException is StageException,
                $"{run.Exception}"
            );
            Assert.Equal(0, Picture.Alive);
        }
    }

    private static ModelCard Card() => ModelCard.Read(SharedData.Path("demo-model/shapes-seg.onnx"));

    private async Task<PipelineReport> Run(ScriptedModel model, IResultWriter writer, CancellationToken token)
    {
        using var reader = FrameReader.Open(_clip, new DecodingOptions());
        var shapes = model.Card.Outputs.Select(output => output.Shape).ToList();
        var head = DetectionHeads.Choose(shapes, model.Card.EndToEnd, model.Card.Names.Count, new DetectionOptions(), out _);
        var pipeline = new VideoPipeline(model, head, new PipelineOptions());
        return await pipeline.RunAsync(
            reader,
            Trackers.Create(new TrackingOptions(), 25),
            annotator: null,
            [writer],
            framesDone: null,
            token
        );
    }

    private sealed class Recorder(Action<TrackedFrame> write) : IResultWriter
    {
        public void Write(TrackedFrame frame) => write(frame);

        public IReadOnlyList<StagedFile> Finish() => [];

        public void Dispose() { }
    }
}
