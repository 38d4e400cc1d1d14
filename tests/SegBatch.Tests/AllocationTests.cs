using System.Text.Json;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Masks;
using SegBatch.Motion;
using SegBatch.Tables;
using SegBatch.Tests.Motion;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests;

/// <summary>
/// What a frame costs in managed memory once everything is warm, stage by stage, against the budgets in bench/AllocationBudgets.json
/// (bytes per call). Of several rounds the least counts: what the runtime itself allocates now and then is not the stage's, nor what
/// code allocates that was not optimised yet. So a stage above its budget gets time for the compiler in the background, which other
/// work can hold up, before it fails. Nothing runs beside: shared pools would be emptied by others.
/// </summary>
[Collection("allocations")]
public sealed class AllocationTests
{
    private const int WarmUpCalls = 100;
    private const int Rounds = 100;
    private const int CallsPerRound = 40;

    private static readonly FrameSize Size = new(320, 180);

    [Fact]
    public void Letterboxing()
    {
        var transform = LetterboxTransform.MinimumRectangle(Size, new FrameSize(160, 160));
        var (fused, fixedPoint) = (new Letterboxer(transform, reference: false), new Letterboxer(transform, reference: true));
        var tensor = new float[fused.ValuesPerPicture];
        var samples = new byte[3 * Size.Area];
        Check(
            "Letterboxer.Fill",
            _ =>
            {
                fused.Fill(Picture(samples), tensor);
                fixedPoint.Fill(new RgbPicture(Size, samples, 3 * Size.Width), tensor);
            }
        );
    }

    [Fact]
    public void Detection()
    {
        const int anchors = 525; // of 160x160 pixels at strides 8, 16, 32
        var random = new Random(1);
        var predictions = new float[(4 + 3 + 8) * anchors];
        var prototypes = Enumerable.Range(0, 8 * 40 * 40).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        for (var anchor = 0; anchor < anchors; anchor++)
        {
            float[] values =
            [
                random.Next(20, 140), // centre
                random.Next(50, 110),
                random.Next(10, 60), // width and height
                random.Next(10, 60),
                .. Enumerable.Range(0, 3).Select(_ => anchor % 5 == 0 ? (float)random.NextDouble() : 0.01f),
                .. Enumerable.Range(0, 8).Select(_ => (float)(random.NextDouble() - 0.5)),
            ];
            for (var i = 0; i < values.Length; i++)
            {
                predictions[i * anchors + anchor] = values[i];
            }
        }

        OutputTensor[] outputs = [new(predictions, [1, 15, anchors]), new(prototypes, [1, 8, 40, 40])];
        var letterbox = LetterboxTransform.Square(Size, new FrameSize(160, 160));
        var head = DetectionHeads.Choose([.. outputs.Select(output => output.Shape)], null, 3, new DetectionOptions(), out _);
        using var detections = new DetectionList();
        Check("AnchorFreePrototypes.Decode", _ => head.Decode(outputs, 0, letterbox, detections));
        Assert.InRange(detections.Items.Count, 10, anchors);
    }

    [Fact]
    public void Tracking()
    {
        const int period = 50;
        var frames = Enumerable
            .Range(0, period)
            .Select(frame =>
                Enumerable
                    .Range(0, 20)
                    .Where(i => (frame + 3 * i) % period > 2) // each is missing for three frames
                    .Select(i => At(60 * i + (float)(20 * Math.Sin(2 * Math.PI * frame / period)), i % 7 == 0 ? 0.2f : 0.8f))
                    .ToArray()
            )
            .ToArray();
        var tracker = new ByteTracker(new TrackingOptions(), frameRate: null);
        var tracks = new List<TrackedObject>();
        var most = 0;
        Check(
            "ByteTracker.Update",
            call =>
            {
                tracker.Update(new FrameEvidence(frames[call % period]), tracks);
                most = Math.Max(most, tracks.Count);
            }
        );
        Assert.InRange(most, 15, 20);

        static TrackInput At(float x, float score) => new(new Box(x, 50, x + 40, 130), score, 0);
    }

    [Fact]
    public void CameraMotion()
    {
        var pair = DrawnMotion.Draw(new FrameSize(700, 400), new AffineMotion(1, 0, 5, 0, 1, -3)); // made smaller before it is looked at
        var reduction = new GrayReduction(pair.Size, FlowSettings.LongestSide);
        var flow = new SparseFlow(reduction.Size, FlowSettings.Default);
        var moved = 0;
        Check(
            "SparseFlow.Estimate",
            call =>
            {
                var gray = call % 2 == 0 ? pair.Before : pair.Now;
                reduction.Reduce(new YuvPicture(pair.Size, default, gray, pair.Size.Width, default, default, 0), flow.Next);
                moved += flow.Estimate() is { } motion && Math.Abs(motion.Tx) > 2 ? 1 : 0;
            }
        );
        Assert.InRange(moved, 50, int.MaxValue);
    }

    [Fact]
    public void TrackingByMasks()
    {
        const int period = 50;
        var frames = Enumerable
            .Range(0, period)
            .Select(frame =>
                Enumerable
                    .Range(0, 10)
                    .Where(i => (frame + 3 * i) % period > 2) // each is missing for three frames, and cut off in five
                    .Select(i => Bar(30 * i + (int)(10 * Math.Sin(2 * Math.PI * frame / period)), (frame + 7 * i) % period < 5 ? 60 : 100))
                    .ToArray()
            )
            .ToArray();
        var inputs = Array.ConvertAll(frames, frame => Array.ConvertAll(frame, item => new TrackInput(item.Box, item.Score, 0)));
        var masks = Array.ConvertAll(frames, frame => Array.ConvertAll(frame, item => item.Mask));
        var tracker = Trackers.Create(new TrackingOptions { Tracker = "masktrack" }, frameRate: null);
        var tracks = new List<TrackedObject>();
        var most = 0;
        Check(
            "MaskTracker.Update",
            call =>
            {
                tracker.Update(new FrameEvidence(inputs[call % period]) { Masks = masks[call % period] }, tracks);
                most = Math.Max(most, tracks.Count);
            }
        );
        Assert.InRange(most, 8, 10);

        static DetectedObject Bar(int x, int height)
        {
            x = Math.Max(0, x);
            var bitmap = new byte[Size.Area];
            for (var y = 40; y < 40 + height; y++)
            {
                bitmap.AsSpan((y * Size.Width) + x, Math.Min(32, Size.Width - x)).Fill(1);
            }

            var mask = RleMask.FromBitmap(bitmap, Size);
            return new(mask.Bounds, 0.9f, 0, mask);
        }
    }

    [Fact]
    public void Painting()
    {
        var samples = new byte[3 * Size.Area];
        var (objects, tracks) = Objects();
        using var annotator = new Annotator(new AnnotationOptions { Labels = false }, ["thing"], 0.25f); // labels need a native library
        Check("Annotator.Paint", call => annotator.Paint(Picture(samples), objects, tracks, call / 25.0));
        Assert.Contains(samples, sample => sample != 0);
    }

    [Fact]
    public void Rows()
    {
        var (objects, tracks) = Objects();
        var context = new TableContext
        {
            Conf = 0.25f,
            ClassNames = ["thing"],
            VideoPath = "clip.mp4",
            ModelSha256 = "00",
            OptionsJson = "{}",
        };
        using var pool = new FramePool(1);
        using var list = new DetectionList();
        list.Items.AddRange(objects);
        using var frame = new TrackedFrame(new DetectedFrame(new VideoFrame(pool) { Size = Size }, list), tracks);
        var mapper = new RowMapper("clip", context);
        Check("RowMapper.Map", _ => mapper.Map(frame));
        Assert.Equal(objects.Count, mapper.Instances.Length);
    }

    private static void Check(string stage, Action<int> call)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "AllocationBudgets.json")));
        var budget = budgets.RootElement.GetProperty(stage).GetInt64();
        var calls = 0;
        for (; calls < WarmUpCalls; calls++)
        {
            call(calls);
        }

        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > budget * CallsPerRound; round++)
        {
            if (round > 0)
            {
                Thread.Sleep(50);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < CallsPerRound; i++)
            {
                call(calls++);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(
            least <= budget * CallsPerRound,
            $"{stage} allocates {(double)least / CallsPerRound:f1} bytes a call, its budget in bench/AllocationBudgets.json is {budget}."
        );
    }

    private static YuvPicture Picture(byte[] samples)
    {
        var chroma = (int)Size.Area / 4;
        return new(
            Size,
            new ColorSpec(ColorMatrix.Bt601, false),
            samples.AsSpan(0, 4 * chroma),
            Size.Width,
            samples.AsSpan(4 * chroma, chroma),
            samples.AsSpan(5 * chroma, chroma),
            Size.Width / 2
        );
    }

    /// <summary>Ten bars of 20 × 100 pixels with a track each.</summary>
    private static (List<DetectedObject> Objects, List<TrackedObject> Tracks) Objects()
    {
        var objects = new List<DetectedObject>();
        for (var i = 0; i < 10; i++)
        {
            var bitmap = new byte[Size.Area];
            for (var y = 40; y < 140; y++)
            {
                bitmap.AsSpan(y * Size.Width + 30 * i, 20).Fill(1);
            }

            objects.Add(new(new Box(30 * i, 40, 30 * i + 20, 140), 0.9f, 0, RleMask.FromBitmap(bitmap, Size)));
        }

        return (objects, [.. objects.Select((item, i) => new TrackedObject(i + 1, i, item.Box))]);
    }
}

/// <summary>Tests that measure allocations: nothing runs beside them.</summary>
[CollectionDefinition("allocations", DisableParallelization = true)]
public sealed class AllocationGroup;
