using System.IO.Compression;
using System.Text.Json;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Decoding;
using SegBatch.IntegrationTests.Output;
using SegBatch.IntegrationTests.Pipeline;
using SegBatch.Motion;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Tests;
using SegBatch.Tests.Motion;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Motion;

/// <summary>The camera's motion from decoded files: against the reference's on a real clip, against the truth on drawn ones.</summary>
[Collection("native memory")]
public sealed class CameraMotionTests : IDisposable
{
    private const int Frames = 12;
    private static readonly FrameSize Size = new(640, 384);

    /// <summary>From one frame to the next: a slow turn, a slow zoom, a pan.</summary>
    private static readonly AffineMotion Step = new(1.002, -0.004, -2.5, 0.004, 1.002, 1.25);
    private static readonly string[] NoReordering = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-crf", "16"];

    private readonly Clips _clips = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _clips.Dispose();

    [Fact]
    public async Task A_real_clip_moves_as_recorded()
    {
        using var reader = FrameReader.Open(SharedData.Path("videos/vtest.avi"), new DecodingOptions { ReferenceRgb = true });
        using var file = File.OpenRead(SharedData.Path("reference/recordings/vtest.yolov8n.rect.botsort.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        await lines.ReadLineAsync(Token); // describes the run
        var (frames, near, worst) = (0, 0, 0.0);
        await foreach (var motion in Motions(reader, CameraMotionMethod.SparseOptFlow, reference: true))
        {
            using var line = JsonDocument.Parse((await lines.ReadLineAsync(Token))!);
            var away = Distance(reader.Info.Size, ToMotion(line.RootElement.GetProperty("warp")), motion);
            worst = Math.Max(worst, away);
            near += away < 0.01 ? 1 : 0;
            frames++;
        }

        TestContext.Current.SendDiagnosticMessage($"{near} of {frames} frames within 0.01 px at the corners, worst {worst:g3}");
        Assert.Equal(795, frames);
        Assert.InRange(worst, 0, 0.3);
    }

    /// <summary>The camera is fixed, people walk: whatever moves is an error. What the reference finds is off by 0.68 on average and by 2.8 at worst.</summary>
    [Theory]
    [InlineData(CameraMotionMethod.SparseOptFlow, 0.15)]
    [InlineData(CameraMotionMethod.MotionVectors, 0.05)]
    public async Task A_fixed_camera_stays_put(CameraMotionMethod method, double tolerance)
    {
        using var reader = FrameReader.Open(SharedData.Path("videos/vtest.avi"), new DecodingOptions { MotionVectors = true });
        var moved = new List<double>();
        await foreach (var motion in Motions(reader, method, reference: false))
        {
            moved.Add(Distance(reader.Info.Size, AffineMotion.Identity, motion));
        }

        var (mean, worst) = (moved.Average(), moved.Max());
        Assert.Equal(795, moved.Count);
        Assert.InRange(mean, 0, tolerance);
        Assert.InRange(worst, 0, 0.6);
    }

    [Theory]
    [InlineData(CameraMotionMethod.SparseOptFlow, false, 0.15)]
    [InlineData(CameraMotionMethod.SparseOptFlow, true, 0.3)]
    [InlineData(CameraMotionMethod.MotionVectors, false, 0.5)]
    public async Task A_drawn_clip_moves_as_drawn(CameraMotionMethod method, bool reference, double tolerance)
    {
        var clip = await Draw("plain.mp4", NoReordering);
        Assert.Empty(await Check(clip, method, reference, tolerance));
    }

    [Theory]
    [InlineData(CameraMotionMethod.SparseOptFlow)]
    [InlineData(CameraMotionMethod.MotionVectors)]
    public async Task A_clip_that_is_stored_lying_moves_as_it_is_shown(CameraMotionMethod method)
    {
        var lying = await Draw("lying.mp4", ["-vf", "transpose=clock", .. NoReordering]);
        var clip = await _clips.Derive(lying, "turned.mp4", "-c", "copy", "-metadata:s:v", "rotate=90");
        Assert.Empty(await Check(clip, method, reference: false, 0.5));
    }

    /// <summary>What says nothing, or nothing to go by: no vectors, vectors across unknown numbers of frames, a format that is converted.</summary>
    [Theory]
    [InlineData("hevc.mp4", "0 of 11", "-c:v", "libx265", "-x265-params", "log-level=error", "-crf", "16")]
    [InlineData("reordered.mp4", "0 of 11", "-c:v", "libx264", "-bf", "2", "-b_strategy", "0", "-crf", "16")]
    [InlineData("intra.avi", "0 of 11", "-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p")]
    [InlineData("keys.mp4", "9 of 11", "-c:v", "libx264", "-bf", "0", "-g", "4", "-crf", "16")]
    [InlineData("mpeg4.avi", null, "-c:v", "mpeg4", "-q:v", "2")]
    [InlineData("mpeg2.ts", "10 of 11", "-c:v", "mpeg2video", "-q:v", "2")]
    [InlineData("ten.mkv", null, "-c:v", "libx264", "-bf", "0", "-pix_fmt", "yuv422p10le", "-crf", "16")]
    public async Task Where_vectors_are_missing_corners_are_followed(string name, string? counted, params string[] encoding)
    {
        var clip = await Draw(name, encoding);
        var notes = await Check(clip, CameraMotionMethod.MotionVectors, reference: false, 0.5);
        if (counted is null)
        {
            Assert.Empty(notes);
        }
        else
        {
            Assert.StartsWith($"camera motion: motion vectors for {counted} frames", Assert.Single(notes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Frames_left_out_are_gone_over()
    {
        var clip = await Draw("plain.mp4", NoReordering);
        using var reader = FrameReader.Open(clip, new DecodingOptions { Stride = 2, MotionVectors = true });
        var seen = 0;
        await foreach (var motion in Motions(reader, CameraMotionMethod.MotionVectors, reference: false))
        {
            Assert.InRange(Distance(Size, seen == 0 ? AffineMotion.Identity : Then(Step, Step), motion), 0, 0.2);
            seen++;
        }

        Assert.Equal(Frames / 2, seen);
    }

    [Fact]
    public async Task The_motion_does_not_depend_on_the_batch()
    {
        var clip = await Draw("plain.mp4", NoReordering);
        var one = await Tracked(clip, batch: 1);
        Assert.Equal(Frames, one.Count);
        Assert.Equal(one, await Tracked(clip, batch: 5));
        Assert.Equal(one, await Tracked(clip, batch: 64));
        Assert.Equal(AffineMotion.Identity, one[0]);
        Assert.All(one.Skip(1), motion => Assert.InRange(Distance(Size, Step, motion!.Value), 0, 0.15));
    }

    /// <summary>The motions that reach the writers through a whole graph.</summary>
    private static async Task<List<AffineMotion?>> Tracked(string clip, int batch)
    {
        var model = new ScriptedModel(ModelCard.Read(SharedData.Path("demo-model/shapes-seg.onnx")), batch);
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        var shapes = model.Card.Outputs.Select(output => output.Shape).ToList();
        var head = DetectionHeads.Choose(shapes, model.Card.EndToEnd, model.Card.Names.Count, new DetectionOptions(), out _);
        var options = new PipelineOptions { CameraMotion = new CameraMotionEstimator(CameraMotionMethod.SparseOptFlow, reference: false) };
        var seen = new List<AffineMotion?>();
        var tracker = Trackers.Create(new TrackingOptions { Tracker = "botsort" }, 25);
        var report = await new VideoPipeline(model, head, options).RunAsync(reader, tracker, null, [new Recorder(seen)], null, Token);
        Assert.Contains("motion", report.Stages.Select(stage => stage.Name));
        return seen;
    }

    /// <summary>A clip whose picture makes <see cref="Step"/> from frame to frame.</summary>
    private async Task<string> Draw(string name, string[] encoding)
    {
        var raw = _clips.Path("drawn.gray");
        await using (var file = File.Create(raw))
        {
            var motion = AffineMotion.Identity;
            for (var i = 0; i < Frames; i++)
            {
                await file.WriteAsync(DrawnMotion.Draw(Size, motion).Now, Token);
                motion = Then(motion, Step);
            }
        }

        var path = _clips.Path(name);
        await FFmpegTool.Make(
            [
                "-f",
                "rawvideo",
                "-pix_fmt",
                "gray",
                "-s",
                $"{Size.Width}x{Size.Height}",
                "-r",
                "25",
                "-i",
                raw,
                "-pix_fmt",
                "yuv420p",
                .. encoding,
                path,
            ]
        );
        return path;
    }

    /// <summary>Every motion is <see cref="Step"/>.</summary>
    /// <returns>The notes.</returns>
    private static async Task<IReadOnlyList<string>> Check(string clip, CameraMotionMethod method, bool reference, double tolerance)
    {
        var options = new DecodingOptions { ReferenceRgb = reference, MotionVectors = method == CameraMotionMethod.MotionVectors };
        using var reader = FrameReader.Open(clip, options);
        Assert.Equal(Size, reader.Info.Size);
        var estimator = new CameraMotionEstimator(method, reference);
        var (frames, worst) = (0, 0.0);
        using var pool = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                worst = Math.Max(worst, Distance(Size, frames++ == 0 ? AffineMotion.Identity : Step, estimator.Next(frame)));
            }
        }

        Assert.Equal(Frames, frames);
        Assert.InRange(worst, 0, tolerance);
        return estimator.Notes;
    }

    private static async IAsyncEnumerable<AffineMotion> Motions(IFrameReader reader, CameraMotionMethod method, bool reference)
    {
        var estimator = new CameraMotionEstimator(method, reference);
        using var pool = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                yield return estimator.Next(frame);
            }
        }
    }

    private static double Distance(FrameSize size, AffineMotion a, AffineMotion b) => new MotionPair(size, [], []).Distance(a, b);

    /// <summary>One motion, then another.</summary>
    private static AffineMotion Then(AffineMotion first, AffineMotion second) =>
        new(
            second.A * first.A + second.B * first.C,
            second.A * first.B + second.B * first.D,
            second.A * first.Tx + second.B * first.Ty + second.Tx,
            second.C * first.A + second.D * first.C,
            second.C * first.B + second.D * first.D,
            second.C * first.Tx + second.D * first.Ty + second.Ty
        );

    private static AffineMotion ToMotion(JsonElement rows) =>
        new(
            rows[0][0].GetDouble(),
            rows[0][1].GetDouble(),
            rows[0][2].GetDouble(),
            rows[1][0].GetDouble(),
            rows[1][1].GetDouble(),
            rows[1][2].GetDouble()
        );

    private sealed class Recorder(List<AffineMotion?> seen) : IResultWriter
    {
        public void Write(TrackedFrame frame) => seen.Add(frame.Frame.CameraMotion);

        public IReadOnlyList<StagedFile> Finish() => [];

        public void Dispose() { }
    }
}
