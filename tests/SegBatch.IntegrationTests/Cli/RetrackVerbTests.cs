using System.Text.Json;
using System.Text.Json.Nodes;
using SegBatch.IntegrationTests.Demo;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary>
/// <c>segbatch retrack</c> from outside. What is expected is what <c>segbatch run</c> writes with the same options: the run never
/// reads tables, and the retrack never sees a picture.
/// </summary>
public sealed class RetrackVerbTests(DemoFixture demo, RetrackVerbTests.FirstRun firstRun)
    : IClassFixture<RetrackVerbTests.FirstRun>,
        IDisposable
{
    /// <summary>Options whose tracks differ from the default's on these frames: shapes that meet, and a short memory.</summary>
    private static readonly string[] s_other = ["--tracker", "ocsort", "--lost-seconds", "0.2", "--new-track-thresh", "0.6"];

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-retrack-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tracking_again_gives_the_bytes_of_a_run_and_leads_back()
    {
        var first = await FirstAsync();
        var other = await RunAsync("other", s_other);
        var expected = Folder.Tables(other);
        Assert.Equal(8, expected.Count); // frames, instances, tracks and candidates of two videos
        var start = Folder.Tables(first);
        Assert.NotEqual(start["instances/06-vp9-odd-size.parquet"], expected["instances/06-vp9-odd-size.parquet"]);
        Assert.NotEqual(start["_segbatch/candidates/06-vp9-odd-size.parquet"], expected["_segbatch/candidates/06-vp9-odd-size.parquet"]);

        var again = Folder.Copy(first, Path.Combine(_folder, "again"));
        await RetrackAsync(0, again, "--again");
        Assert.Equal(start, Folder.Tables(again));
        Assert.Equal(Folder.Commits(first), Folder.Commits(again));

        var text = await RetrackAsync(0, again, s_other);
        Assert.Contains("Tracked again with ocsort: 2 videos", text, StringComparison.Ordinal);
        Assert.Equal(expected, Folder.Tables(again));
        Assert.NotEqual(Folder.Commits(first), Folder.Commits(again));

        // Words that say what the run had said by saying nothing.
        await RetrackAsync(0, again, "--tracker", "bytetrack", "--lost-seconds", "auto", "--new-track-thresh", "0.25");
        Assert.Equal(start, Folder.Tables(again));
        Assert.Equal(Folder.Commits(first), Folder.Commits(again));
    }

    [Theory]
    [InlineData("--tracker", "botsort", "--gmc-method", "none")]
    [InlineData("--tracker", "fasttrack")]
    [InlineData("--tracker", "deepocsort")] // its own default of track_high_thresh
    public async Task Every_tracker_sees_what_it_sees_in_a_run(params string[] options)
    {
        var first = await FirstAsync();
        var other = await RunAsync("other", options);
        await RetrackAsync(0, first, options);
        Assert.Equal(Folder.Tables(other), Folder.Tables(first));
    }

    [Fact]
    public async Task The_cameras_motion_is_kept_beside_the_tables()
    {
        var moving = await RunAsync("moving", "--tracker", "botsort");
        var start = Folder.Tables(moving);
        var commits = Folder.Commits(moving);
        Assert.Contains("_segbatch/evidence/06-vp9-odd-size.parquet", start.Keys);
        var plain = await FirstAsync();
        var expected = Folder.Tables(plain);

        var text = await RetrackAsync(65, plain, "--tracker", "botsort");
        Assert.Contains("botsort goes by camera motion (sparseOptFlow), and none was looked for", text, StringComparison.Ordinal);
        text = await RetrackAsync(65, moving, "--gmc-method", "motionVectors");
        Assert.Contains("that of another method (sparseOptFlow) was kept", text, StringComparison.Ordinal);

        await RetrackAsync(0, moving, "--tracker", "bytetrack");
        Assert.Equal(
            expected,
            new(Folder.Tables(moving).Where(file => expected.ContainsKey(file.Key)).ToDictionary(), StringComparer.Ordinal)
        );
        await RetrackAsync(0, moving, "--tracker", "botsort");
        Assert.Equal(start, Folder.Tables(moving));
        Assert.Equal(commits, Folder.Commits(moving));
    }

    /// <summary>A run without a tracker, or with one that looks less far down, keeps less; tracking again keeps all that it has.</summary>
    [Theory]
    [InlineData("--tracker", "none")]
    [InlineData("--track-low-thresh", "0.2")]
    public async Task What_the_new_options_do_not_look_at_is_kept(params string[] options)
    {
        var first = await FirstAsync();
        var start = Folder.Tables(first);
        var other = Folder.Tables(await RunAsync("other", options));
        await RetrackAsync(0, first, options);
        var now = Folder.Tables(first);
        foreach (var (file, hash) in other.Where(file => !file.Key.StartsWith("_segbatch", StringComparison.Ordinal)))
        {
            Assert.True(hash == now[file], file);
        }

        await RetrackAsync(0, first, "--tracker", "bytetrack", "--track-low-thresh", "0.1");
        Assert.Equal(start, Folder.Tables(first));
    }

    [Fact]
    public async Task What_was_not_kept_is_named_and_nothing_is_changed()
    {
        var first = await RunAsync("first", "--no-candidates");
        var none = await RunAsync("none", "--tracker", "none");
        var (start, without) = (Folder.Tables(first), Folder.Tables(none));
        var text = await RetrackAsync(65, first, "--tracker", "ocsort");
        Assert.Contains(
            "ocsort looks at detections above 0.1, and only those above 0.25 were kept: it was run with candidates: false.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Run again with tracker: ocsort and candidates: true", text, StringComparison.Ordinal);
        Assert.Contains("it was run without a tracker", await RetrackAsync(65, none, "--tracker", "ocsort"), StringComparison.Ordinal);
        Assert.Equal(start, Folder.Tables(first));
        Assert.Equal(without, Folder.Tables(none));

        // What the text offers works.
        await RetrackAsync(0, none, "--tracker", "ocsort", "--track-low-thresh", "0.25");
    }

    [Fact]
    public async Task A_run_after_it_has_nothing_to_do_and_never_mixes_trackers()
    {
        var output = await FirstAsync();
        await RetrackAsync(0, output, s_other);
        var tracked = Folder.Tables(output);
        var (code, text, errors) = await SegBatchProcess.Run(await Words(output));
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        Assert.Contains("Everything is done already", text, StringComparison.Ordinal);
        Assert.Contains("2 of 2 videos were tracked again since", errors, StringComparison.Ordinal);
        Assert.Equal(tracked, Folder.Tables(output));

        File.Delete(Path.Combine(output, "tracks", "06-vp9-odd-size.parquet"));
        (code, _, errors) = await SegBatchProcess.Run(await Words(output));
        Assert.Equal(65, code);
        Assert.Contains("track.tracker: was \"ocsort\", now \"bytetrack\"", errors, StringComparison.Ordinal);
        Assert.Contains("was tracked again since", errors, StringComparison.Ordinal);

        // The incomplete video is told by the one verb and made whole by the other.
        text = await RetrackAsync(2, output, "--again");
        Assert.Contains("rejected  06-vp9-odd-size: INCOMPLETE", text, StringComparison.Ordinal);
        Assert.Equal(0, (await SegBatchProcess.Run(await Words(output, s_other))).ExitCode);
        Assert.Equal(tracked, Folder.Tables(output));
    }

    [Fact]
    public async Task The_records_say_what_the_tables_are()
    {
        var output = await RunAsync("first", "--video", "--end", "frame 8");
        var text = await RetrackAsync(0, output, s_other);
        Assert.Contains("2 annotated videos still show the tracks of the run", text, StringComparison.Ordinal);
        var run = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "run.json"), Token))!;
        Assert.Equal("ocsort", (string?)run["retrack"]!["tracker"]);
        foreach (var video in run["videos"]!.AsArray())
        {
            Assert.Equal("ocsort", (string?)video!["options"]!["track"]!["tracker"]);
            Assert.True((bool)video["tracked_again"]!);
            Assert.Contains("the annotated video shows the tracks of the run", video["notes"]!.ToJsonString(), StringComparison.Ordinal);
        }

        var tracks = await Ask(output, "select count(*) n, (select count(*) from instances) m from tracks");
        Assert.Equal((int)run["counts"]!["tracks"]!, tracks.GetProperty("n").GetInt32());
        Assert.Equal((int)run["counts"]!["instances"]!, tracks.GetProperty("m").GetInt32());
        var metadata = await Ask(
            output,
            "select count(*) n from (select count(distinct json_extract(decode(value), '$.track.tracker')) c from "
                + $"parquet_kv_metadata(['{output}/frames/*.parquet', '{output}/tracks/*.parquet']) where decode(key) = 'segbatch.options' "
                + "and decode(value) like '%\"tracker\":\"ocsort\"%') where c = 1"
        );
        Assert.Equal(1, metadata.GetProperty("n").GetInt32());
        Assert.Contains("Everything is tracked so already", await RetrackAsync(0, output, s_other), StringComparison.Ordinal);
    }

    /// <summary>Killed at any moment, each video has the tables of before or those of after, and the next call ends the work.</summary>
    [Fact]
    public async Task Killed_in_the_middle_it_leaves_every_video_whole()
    {
        const int Copies = 12;
        var output = await RunAsync("first", "--end", "frame 12");
        foreach (var key in Directory.GetFiles(Path.Combine(output, "frames")).Select(file => Path.GetFileNameWithoutExtension(file)!))
        {
            for (var i = 0; i < Copies; i++)
            {
                Folder.CopyVideo(output, key, $"{key}-{i}");
            }
        }

        var before = Folder.Tables(output);
        var after = Folder.Copy(output, Path.Combine(_folder, "after"));
        await RetrackAsync(0, after, s_other);
        var expected = Folder.Tables(after);
        string[] words = ["retrack", output, .. s_other, "--log", "json", "--videos", "2"];
        using (var process = SegBatchProcess.Start(words))
        {
            while (
                await process.StandardError.ReadLineAsync(Token) is { } line
                && !line.Contains("\"video_retracked\"", StringComparison.Ordinal)
            )
            {
                Assert.DoesNotContain("retrack_done", line, StringComparison.Ordinal);
            }

            process.Kill();
            await process.WaitForExitAsync(Token);
        }

        _ = await Ask(output, "select count(*) n from tracks"); // whoever reads settles what was decided
        var now = Folder.Tables(output);
        // What the killed one was writing stays in its staging folder until the next call, and is nobody's.
        foreach (var staged in now.Keys.Where(file => file.StartsWith("_segbatch/staging/", StringComparison.Ordinal)).ToList())
        {
            now.Remove(staged);
        }

        Assert.Equal(before.Keys, now.Keys);
        foreach (var video in now.GroupBy(file => Path.GetFileName(file.Key)))
        {
            var isNew = expected[$"frames/{video.Key}"] == now[$"frames/{video.Key}"];
            Assert.All(video, file => Assert.Equal((isNew ? expected : before)[file.Key], file.Value));
        }

        await RetrackAsync(0, output, s_other);
        Assert.Equal(expected, Folder.Tables(output));
    }

    [Fact]
    public async Task Damaged_tables_are_left_alone_and_told()
    {
        var output = await RunAsync("first", "--end", "frame 12");
        var instances = Path.Combine(output, "instances", "06-vp9-odd-size.parquet");
        await File.WriteAllTextAsync(instances, "no Parquet", Token);
        var start = Folder.Tables(output);
        var text = await RetrackAsync(2, output, s_other);
        Assert.Contains("rejected  06-vp9-odd-size: TABLES_UNREADABLE", text, StringComparison.Ordinal);
        var now = Folder.Tables(output);
        Assert.All(start.Keys.Where(key => key.Contains("06-vp9", StringComparison.Ordinal)), key => Assert.Equal(start[key], now[key]));
        Assert.NotEqual(start["tracks/04-hevc-10-bit.parquet"], now["tracks/04-hevc-10-bit.parquet"]);
    }

    [Theory]
    [InlineData(78, "Did you mean 'ocsort'?", "--tracker", "ocsrt")]
    [InlineData(78, "is no output folder of a run", "--tracker", "ocsort")]
    [InlineData(64, "there is no option '--conf'", "--conf", "0.5")]
    public async Task Mistakes_are_told_apart_and_explained(int expected, string text, params string[] options) =>
        Assert.Contains(text, await RetrackAsync(expected, _folder, options), StringComparison.Ordinal);

    /// <summary>A copy of a run with every option at its default.</summary>
    private async Task<string> FirstAsync() =>
        Folder.Copy(await firstRun.GetAsync(output => RunAsync(output)), Path.Combine(_folder, "first"));

    private async Task<string> RunAsync(string name, params string[] options)
    {
        var output = Path.Combine(_folder, name); // or the name itself, where it is a whole path
        var (code, text, errors) = await SegBatchProcess.Run(await Words(output, options));
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        return output;
    }

    private async Task<string[]> Words(string output, params string[] options)
    {
        var archive = await demo.ArchiveAsync();
        var clips = new[] { "06-vp9-odd-size.webm", "04-hevc-10-bit.mp4" }.Select(clip => Path.Combine(archive, clip));
        string[] end = options.Contains("--end") ? [] : ["--end", "frame 60"];
        string[] video = options.Contains("--video") ? [] : ["--no-video"];
        return ["run", "--source", .. clips, "--model", SegBatchProcess.DemoModel, "--out", output, .. video, .. end, .. options];
    }

    private static async Task<string> RetrackAsync(int expected, string output, params string[] options)
    {
        var (code, text, errors) = await SegBatchProcess.Run(["retrack", output, .. options]);
        Assert.True(code == expected, $"exit {code}\n{text}\n{errors}");
        return $"{text}\n{errors}";
    }

    private static async Task<JsonElement> Ask(string output, string sql)
    {
        var (code, text, errors) = await SegBatchProcess.Run("query", output, sql, "--format", "jsonl");
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Made once for all tests that start from it.</summary>
    public sealed class FirstRun : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-retrack-first-").FullName;
        private Task<string>? _run;

        public Task<string> GetAsync(Func<string, Task<string>> run) => _run ??= run(Path.Combine(_folder, "out"));

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
