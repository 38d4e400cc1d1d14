using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using SegBatch.IntegrationTests.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary><c>segbatch run</c> from outside: exit codes, resuming, stopping, broken neighbours.</summary>
public sealed class RunVerbTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-run-").FullName;

    private string Archive => Path.Combine(_folder, "archive");

    private string Out => Path.Combine(_folder, "out");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Archive);
        await Clip("a.mp4", 30);
        await Clip("b.mkv", 20);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_run_leaves_tables_videos_and_a_record_and_a_second_run_has_nothing_to_do()
    {
        var (code, output, errors) = await SegBatchProcess.Run(Arguments());
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        foreach (var key in new[] { "a", "b" })
        {
            foreach (var table in new[] { "frames", "instances", "tracks" })
            {
                Assert.True(File.Exists(Path.Combine(Out, table, $"{key}.parquet")), $"{table} of {key}");
            }

            Assert.Equal(
                key == "a" ? "30" : "20",
                (await FFmpegTool.Stream(Path.Combine(Out, "videos", $"{key}.mp4"), "v:0")).GetProperty("nb_read_packets").GetString()
            );
        }

        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Out, "run.json"), Token));
        Assert.Equal("finished", run.RootElement.GetProperty("state").GetString());
        Assert.Equal(50, run.RootElement.GetProperty("counts").GetProperty("frames").GetInt64());
        Assert.False(Directory.Exists(Path.Combine(Out, "_segbatch", "staging", "a")));
        Assert.Contains("Look next", output, StringComparison.Ordinal);

        var before = Hashes();
        var (again, second, _) = await SegBatchProcess.Run(Arguments());
        Assert.Equal(0, again);
        Assert.Contains("Everything is done already", second, StringComparison.Ordinal);
        Assert.Equal(before, Hashes());
    }

    [Fact]
    public async Task A_stretch_behind_the_end_is_said_to_have_left_no_frame()
    {
        var (code, output, errors) = await SegBatchProcess.Run(Arguments("--no-video", "--start", "00:10:00"));
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        Assert.Contains("no frame was read: 'start' and 'end' leave none", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_settings_on_the_same_output_are_refused_with_what_differs()
    {
        Assert.Equal(0, (await SegBatchProcess.Run(Arguments("--no-video"))).ExitCode);
        var (code, _, errors) = await SegBatchProcess.Run(Arguments("--no-video", "--conf", "0.6"));
        Assert.Equal(65, code);
        Assert.Contains("detect.conf: was 0.25, now 0.6", errors, StringComparison.Ordinal);

        // Whoever reads JSON lines reads nothing else.
        (code, _, errors) = await SegBatchProcess.Run(Arguments("--no-video", "--conf", "0.6", "--log", "json"));
        Assert.Equal(65, code);
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(("error", 65), (lines[^1].GetProperty("event").GetString(), lines[^1].GetProperty("exit_code").GetInt32()));
        Assert.Contains("\n  a: detect.conf: was 0.25, now 0.6", lines[^1].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_video_is_rejected_and_does_not_hurt_its_neighbours()
    {
        await File.WriteAllTextAsync(Path.Combine(Archive, "broken.mp4"), "#EXTM3U\nhttp://example.invalid/x.ts\n", Token);
        await File.WriteAllBytesAsync(Path.Combine(Archive, "empty.mp4"), [], Token);
        var (code, output, errors) = await SegBatchProcess.Run(Arguments("--no-video"));

        Assert.True(code == 2, $"exit {code}\n{output}\n{errors}");
        Assert.Contains("rejected  broken: PLAYLIST", errors, StringComparison.Ordinal);
        Assert.Contains("rejected  empty: EMPTY", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Out, "frames", "a.parquet")));
        Assert.False(File.Exists(Path.Combine(Out, "frames", "broken.parquet")));
        Assert.True(File.Exists(Path.Combine(Out, "_segbatch", "rejects", "broken.json")));
    }

    [Fact]
    public async Task Where_nothing_can_be_read_it_says_so_and_commands_can_be_copied()
    {
        await File.WriteAllBytesAsync(Path.Combine(Archive, "empty.mp4"), [], Token);
        var output = Path.Combine(_folder, "my results");
        string[] words = ["run", "--model", SegBatchProcess.DemoModel, "--imgsz", "160", "--no-video", "--out", output, "--source"];
        var (code, text, _) = await SegBatchProcess.Run([.. words, Path.Combine(Archive, "empty.mp4")]);
        Assert.Equal(2, code);
        Assert.Contains("Nothing could be done. 1 rejected.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("segbatch query", text, StringComparison.Ordinal); // there is no table to ask

        (code, text, _) = await SegBatchProcess.Run([.. words, Path.Combine(Archive, "b.mkv")]);
        Assert.Equal(0, code);
        Assert.Contains($"  segbatch query '{output}' \"select", text, StringComparison.Ordinal);
    }

    /// <summary>A folder in the way stands for a full disk, a share that is gone, a right that is missing: they all fail there.</summary>
    [Theory]
    [InlineData("a.mp4", "run.json")]
    [InlineData("a.mp4", "instances/a.parquet")]
    [InlineData("a.mp4", "_segbatch/commits/a.json.partial")]
    [InlineData("empty.mp4", "_segbatch/rejects/empty.json")]
    public async Task What_cannot_be_written_ends_the_job_with_73(string source, string inTheWay)
    {
        await File.WriteAllBytesAsync(Path.Combine(Archive, "empty.mp4"), [], Token);
        Directory.CreateDirectory(Path.Combine(Out, inTheWay, "folder"));
        string[] words = ["run", "--source", Path.Combine(Archive, source), "--model", SegBatchProcess.DemoModel, "--imgsz", "160"];
        var (code, text, errors) = await SegBatchProcess.Run([.. words, "--out", Out, "--no-video"]);
        Assert.True(code == 73, $"exit {code}\n{text}\n{errors}");
        Assert.Contains(inTheWay, errors, StringComparison.Ordinal);
        Assert.Contains("Free space or mend the output folder", errors, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(Out, inTheWay), recursive: true);
        (code, text, errors) = await SegBatchProcess.Run([.. words, "--out", Out, "--no-video"]);
        Assert.True(code == (source == "a.mp4" ? 0 : 2), $"exit {code}\n{text}\n{errors}");
    }

    [Fact]
    public async Task Verify_carries_out_what_was_decided_before_it_reads()
    {
        Assert.Equal(0, (await SegBatchProcess.Run(Arguments("--no-video"))).ExitCode);
        Directory.CreateDirectory(Path.Combine(Out, "_segbatch", "pending", "a"));
        var (code, _, _) = await SegBatchProcess.Run("verify", Path.Combine(_folder, "nothing.jsonl"), Out);
        Assert.Equal(64, code);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Out, "_segbatch", "pending")));
    }

    [Fact]
    public async Task A_stopped_run_exits_75_leaves_nothing_half_done_and_the_next_one_ends_as_an_unstopped_one()
    {
        await Clip("long.mp4", 1500);
        using (var process = SegBatchProcess.Start(Arguments("--no-video", "--log", "json")))
        {
            var errors = process.StandardOutput.ReadToEndAsync(Token);
            while (
                await process.StandardError.ReadLineAsync(Token) is { } line
                && !line.Contains("\"video_progress\",\"key\":\"long\"", StringComparison.Ordinal)
            )
            {
                Assert.DoesNotContain("job_done", line, StringComparison.Ordinal);
            }

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            var rest = process.StandardError.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            Assert.True(process.ExitCode == 75, $"exit {process.ExitCode}: {await rest}");
            await errors;
        }

        Assert.False(File.Exists(Path.Combine(Out, "instances", "long.parquet")));
        Assert.False(Directory.Exists(Path.Combine(Out, "_segbatch", "staging")));
        Assert.Equal(0, (await SegBatchProcess.Run(Arguments("--no-video"))).ExitCode);
        var resumed = Hashes();
        Directory.Delete(Out, recursive: true);
        Assert.Equal(0, (await SegBatchProcess.Run(Arguments("--no-video", "--videos", "1"))).ExitCode);
        Assert.Equal(Hashes(), resumed);
    }

    [Theory]
    [InlineData(64, "Did you mean", "run", "--modle", "x")]
    [InlineData(64, "Did you mean 'run'?", "rum")]
    [InlineData(78, "--conf: expected a number from 0 to 1, got '2'", "run", "--source", "x", "--model", "y", "--out", "z", "--conf", "2")]
    [InlineData(78, "--model FILE is missing", "run", "--source", "x", "--out", "z")]
    [InlineData(78, "nowhere.yaml", "run", "nowhere.yaml")]
    [InlineData(64, "there is no option '-v'.", "run", "-v")]
    [InlineData(64, "SQL is missing: ", "query", "out")]
    [InlineData(78, "--fuse-score: expected true or false, got 'maybe'", "run", "--fuse-score", "maybe")]
    [InlineData(78, "--imgsz: expected a number of pixels or [height, width], or auto, got 'x'", "run", "--imgsz", "[384,x]")]
    [InlineData(64, "a word of the command is empty", "run", "--source", "x", "--model", "y", "--out", "")]
    [InlineData(64, "a word of the command is empty", "plan", "--source", "", "--model", "y", "--out", "z")]
    [InlineData(64, "a word of the command is empty", "plan", "")]
    [InlineData(64, "a word of the command is empty", "retrack", "", "--tracker", "ocsort")]
    [InlineData(64, "a word of the command is empty", "query", "", "select 1")]
    [InlineData(64, "a word of the command is empty", "probe", "")]
    public async Task Mistakes_are_told_apart_and_explained(int expected, string text, params string[] arguments)
    {
        var (code, output, errors) = await SegBatchProcess.Run(arguments);
        Assert.True(code == expected, $"exit {code}\n{output}\n{errors}");
        Assert.Contains(text, errors, StringComparison.Ordinal);
    }

    private string[] Arguments(params string[] more) =>
        ["run", "--source", Archive, "--model", SegBatchProcess.DemoModel, "--imgsz", "160", "--out", Out, .. more];

    private Task Clip(string name, int frames) =>
        FFmpegTool.Make(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=160x96:r=25",
            "-frames:v",
            $"{frames}",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
            Path.Combine(Archive, name)
        );

    /// <summary>Every table's bytes.</summary>
    private SortedDictionary<string, string> Hashes()
    {
        var files = Directory.GetFiles(Out, "*.parquet", SearchOption.AllDirectories);
        return new(
            files.ToDictionary(
                file => Path.GetRelativePath(Out, file),
                file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
            ),
            StringComparer.Ordinal
        );
    }
}
