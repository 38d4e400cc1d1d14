using System.Text.Json.Nodes;
using SegBatch.IntegrationTests.Demo;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary>The offline pass from outside: as an option of <c>run</c> and of <c>retrack</c>.</summary>
public sealed class OfflineVerbTests(DemoFixture demo) : IDisposable
{
    /// <summary>A tracker that forgets at once and a demanding detector leave something to mend.</summary>
    private static readonly string[] s_forgetful =
    [
        "--conf",
        "0.8",
        "--track-high-thresh",
        "0.8",
        "--new-track-thresh",
        "0.8",
        "--track-low-thresh",
        "0.79",
        "--track-buffer",
        "0",
    ];

    private static readonly string[] s_offline = ["--offline", "--offline-max-gap", "1.5", "--offline-min-sightings", "3"];

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-offline-").FullName;

    private string _summary = "";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_and_retrack_write_the_same_bytes_with_any_number_of_workers()
    {
        var online = await RunAsync("online", "--videos", "2");
        var offline = await RunAsync("offline", [.. s_offline, "--videos", "1"]);
        var other = await RunAsync("other", [.. s_offline, "--videos", "2", "--batch", "3"]);
        var (plain, expected) = (Folder.Tables(online), Folder.Tables(offline));
        Assert.Equal(8, expected.Count);
        Assert.Equal(expected, Folder.Tables(other));
        Assert.Equal(Folder.Commits(offline), Folder.Commits(other));
        Assert.All(
            Directory.GetFiles(Path.Combine(offline, "_segbatch", "commits")),
            file => Assert.Matches("offline pass: [1-9][0-9]* tracks stitched", File.ReadAllText(file))
        );

        // From the tables of a run that did not look back, and the way back.
        await RetrackAsync(online, s_offline);
        Assert.Equal(expected, Folder.Tables(online));
        await RetrackAsync(online, "--again");
        Assert.Equal(expected, Folder.Tables(online));
        await RetrackAsync(online, "--no-offline", "--offline-max-gap", "2", "--offline-min-sightings", "2");
        Assert.Equal(plain, Folder.Tables(online));

        // Beside a run that did look back only the record of what the run was may differ.
        await RetrackAsync(offline, "--again");
        Assert.Equal(expected, Folder.Tables(offline));
        Assert.Equal(Folder.Commits(other), Folder.Commits(offline));
    }

    [Fact]
    public async Task The_notes_say_that_the_annotated_video_is_older()
    {
        var output = await RunAsync("out", [.. s_offline, "--video", "--end", "frame 10"]);
        Assert.Contains("with the online tracker's ids", _summary, StringComparison.Ordinal);
        var run = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "run.json"), TestContext.Current.CancellationToken))!;
        Assert.All(
            run["videos"]!.AsArray(),
            video => Assert.Contains("was drawn before the offline pass", video!["notes"]!.ToJsonString(), StringComparison.Ordinal)
        );
    }

    private async Task<string> RunAsync(string name, params string[] options)
    {
        var archive = await demo.ArchiveAsync();
        var clips = new[] { "01-h264-audio.mp4", "02-hevc-variable-rate.mkv" }.Select(clip => Path.Combine(archive, clip));
        var output = Path.Combine(_folder, name);
        string[] video = options.Contains("--video") ? [] : ["--no-video"];
        string[] words =
        [
            "run",
            "--source",
            .. clips,
            "--model",
            SegBatchProcess.DemoModel,
            "--out",
            output,
            .. s_forgetful,
            .. video,
            .. options,
        ];
        var (code, text, errors) = await SegBatchProcess.Run(words);
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        _summary = text + errors;
        return output;
    }

    private static async Task RetrackAsync(string output, params string[] options)
    {
        var (code, text, errors) = await SegBatchProcess.Run(["retrack", output, .. options]);
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
    }
}
