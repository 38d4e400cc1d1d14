using SegBatch.Evaluation;
using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Output;
using SegBatch.Tables;
using Xunit;

namespace SegBatch.IntegrationTests.Evaluation;

/// <summary>Truth and runs in which there is nothing: a video without objects is still a video, and all that is found in it is wrong.</summary>
public sealed class EmptyTablesTests : IDisposable
{
    private const int Frames = 3;

    private static readonly FrameSize s_size = new(40, 30);
    private static readonly RleMask s_mask = new(s_size, (int[])[0, 100, 1100]);
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-empty-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_found_in_a_video_without_truth_is_wrong()
    {
        Write("truth", "gate", track: 1);
        Write("truth", "yard", track: null);
        Write("run", "gate", track: 1);
        Write("run", "yard", track: 1);
        var report = Evaluate();
        Assert.Equal(["gate", "yard"], report.Videos);
        Assert.Equal((2 * Frames, Frames, 2 * Frames), ((int)report.Frames, (int)report.Truths, (int)report.Founds));
        var counts = report.Tracking!.All.Counts.ToDictionary(count => count.Name, count => count.Value);
        Assert.Equal((Frames, Frames, 0L), (counts["CLR_TP"], counts["CLR_FP"], counts["CLR_FN"]));
    }

    [Fact]
    public void A_run_that_found_nothing_in_a_video_of_nothing_is_borne()
    {
        Write("truth", "yard", track: null);
        Write("run", "yard", track: null);
        var report = Evaluate();
        Assert.Equal((Frames, 0, 0), ((int)report.Frames, (int)report.Truths, (int)report.Founds));
        Assert.Null(report.Tracking);
        Assert.All(report.Precisions, precision => Assert.Equal(double.NaN, precision.Summary.Ap));
    }

    /// <summary>Its files of instances may be gone, too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_recording_is_compared_with_a_run_that_found_nothing(bool without)
    {
        Write("run", "yard", track: null);
        if (without)
        {
            Directory.Delete(Path.Combine(_folder, "run", "instances"), recursive: true);
        }

        var run = RunInstances.Read(Path.Combine(_folder, "run"), null, "yard.mp4");
        Assert.Equal(Frames, run.Frames.Count);
        var recorded = new RecordedObject(new BoxCorners(0, 0, 10, 10), 0.9, 0, null, null);
        var recording = new Recording("predict", "yard.mp4", "m.onnx", 0.25, [new RecordedFrame(0, false, [recorded])]);
        var agreement = Comparison.Of(recording, run, offset: 0, commonFrames: true);
        Assert.Equal((1, 0, 0), (agreement.Reference, agreement.Ours, agreement.Matched));
    }

    private EvaluationReport Evaluate()
    {
        using var run = RunTables.Open(Path.Combine(_folder, "run"));
        using var objects = TableObjects.Open(Path.Combine(_folder, "truth"));
        using var truth = new TableTruth(objects);
        return Evaluator.Of(truth, run, new EvaluationOptions(), TestContext.Current.CancellationToken);
    }

    /// <summary>Tables of one video with the same object in every frame, or without any.</summary>
    private void Write(string folder, string video, long? track)
    {
        var context = new TableContext
        {
            Conf = 0.25f,
            ClassNames = ["person"],
            VideoPath = $"/archive/{video}.mp4",
            ModelSha256 = "abc",
            OptionsJson = "{}",
        };
        var staging = Directory.CreateDirectory(Path.Combine(_folder, "staging", folder, video)).FullName;
        using var tables = new VideoTables(staging, video, context);
        for (var frame = 0; frame < Frames; frame++)
        {
            InstanceRow[] rows = track is { } id ? [Row(video, frame, id)] : [];
            tables.Write(
                new FrameRow(video, frame, frame, new Rational(1, 10), frame / 10.0, s_size, rows.Length, false, null),
                rows,
                [],
                null
            );
        }

        foreach (var file in tables.Finish())
        {
            var path = Path.Combine(_folder, folder, file.RelativePath);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(file.StagedPath, path);
        }
    }

    private static InstanceRow Row(string video, int frame, long track) =>
        new(
            video,
            frame,
            frame,
            frame / 10.0,
            0,
            track,
            0,
            "person",
            0.9f,
            new Box(0, 0, 4, 30),
            new Box(0, 0, 4, 30),
            System.Text.Encoding.ASCII.GetBytes(CocoRle.ToString(s_mask.Counts.Span)),
            s_size,
            s_mask.Area,
            (s_mask.Centroid.X, s_mask.Centroid.Y),
            InstanceRow.Detected
        );
}
