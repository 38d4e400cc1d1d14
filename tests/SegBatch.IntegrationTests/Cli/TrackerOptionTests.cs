using System.Text.Json;
using SegBatch.IntegrationTests.Output;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary>Tracker files and appearance models, as a person gives them to <c>segbatch run</c>.</summary>
public sealed class TrackerOptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-tracker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tracker_file_with_an_appearance_model_is_run_with()
    {
        var encoder = SharedData.Path("models/reid-colour-grid.onnx");
        var job = await Job($"tracker_type: botsort\ntrack_buffer: 77\nwith_reid: True\nmodel: {encoder}\ntrack_bufer: 5\n");
        var (code, output, errors) = await SegBatchProcess.Run(
            "run",
            job,
            "--log",
            "plain",
            "--match-thresh",
            "0.75",
            "--fuse-score",
            "false"
        );
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        Assert.Contains("'track_bufer' is no key of a tracker here, and is left out. Did you mean 'track_buffer'?", output + errors);

        var record = Directory.GetFiles(Path.Combine(_folder, "out", "_segbatch", "commits"), "*.json").Single();
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken));
        var settings = json.RootElement.GetProperty("settings");
        var track = settings.GetProperty("track");
        Assert.Equal(("botsort", 77), (track.GetProperty("tracker").GetString(), track.GetProperty("track_buffer").GetInt32()));
        Assert.Equal(0.75, track.GetProperty("match_thresh").GetDouble()); // the command line goes over the file
        Assert.False(track.GetProperty("fuse_score").GetBoolean());
        Assert.Equal("reid-colour-grid.onnx", track.GetProperty("model").GetString());
        Assert.Equal(64, settings.GetProperty("reid_model_sha256").GetString()!.Length);
    }

    /// <summary>The hash of a model that no tracker looked through is no setting of the tables: a run with these options has none.</summary>
    [Fact]
    public async Task Tracked_again_without_looks_the_tables_are_those_of_a_run_without()
    {
        var job = await Job(
            $"tracker_type: botsort\ngmc_method: none\nwith_reid: True\nmodel: {SharedData.Path("models/reid-colour-grid.onnx")}\n"
        );
        var (looks, without) = (Path.Combine(_folder, "out"), Path.Combine(_folder, "without"));
        await Succeed("run", job);
        await Succeed("run", job, "--tracker", "bytetrack", "--out", without);
        await Succeed("retrack", looks, "--tracker", "bytetrack");
        Assert.Equal(Folder.Tables(without), Folder.Tables(looks));
        Assert.Contains("were tracked again since", await Succeed("run", job), StringComparison.Ordinal);
        Assert.DoesNotContain("again", await Succeed("run", job, "--tracker", "bytetrack"), StringComparison.Ordinal);

        static async Task<string> Succeed(params string[] words)
        {
            var (code, output, errors) = await SegBatchProcess.Run(words);
            Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
            return output + errors;
        }
    }

    [Fact]
    public async Task An_appearance_model_that_is_not_there_is_told_before_anything_runs()
    {
        var job = await Job("tracker_type: tracktrack\nwith_reid: true\nmodel: nowhere.onnx\n");
        var (code, output, errors) = await SegBatchProcess.Run("run", job);
        Assert.True(code != 0, $"exit {code}\n{output}\n{errors}");
        Assert.Contains("nowhere.onnx does not exist", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "tracks")));
    }

    [Fact]
    public async Task A_bad_value_in_a_tracker_file_is_told_with_its_line()
    {
        var job = await Job("tracker_type: bytetrack\ntrack_buffer: many\n");
        var file = Path.Combine(_folder, "mine.yaml");
        var (code, _, errors) = await SegBatchProcess.Run("run", job);
        Assert.Equal(78, code);
        Assert.Contains($"{file}:2:15: track_buffer: expected a whole number", errors, StringComparison.Ordinal);
        var (other, _, same) = await SegBatchProcess.Run("run", "--source", "x", "--model", "y", "--out", "z", "--tracker", file);
        Assert.Equal(78, other);
        Assert.Contains($"{file}:2:15: track_buffer: expected a whole number", same, StringComparison.Ordinal);
    }

    /// <summary>A clip, a manifest that names a tracker file, and the file.</summary>
    private async Task<string> Job(string tracker)
    {
        var token = TestContext.Current.CancellationToken;
        string[] encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
        await FFmpegTool.Make(
            ["-f", "lavfi", "-i", "testsrc2=s=160x96:r=25", "-frames:v", "20", .. encoding, Path.Combine(_folder, "a.mp4")]
        );
        await File.WriteAllTextAsync(Path.Combine(_folder, "mine.yaml"), tracker, token);
        var job = Path.Combine(_folder, "job.yaml");
        await File.WriteAllTextAsync(
            job,
            $"model: {SegBatchProcess.DemoModel}\noutput: out\nsources: a.mp4\ndetect: {{imgsz: 160, conf: 0.1}}\n"
                + "annotate: {video: false}\ntrack: {tracker: mine.yaml}\n",
            token
        );
        return job;
    }
}
