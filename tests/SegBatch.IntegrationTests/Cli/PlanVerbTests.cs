using System.Text.Json;
using SegBatch.IntegrationTests.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary><c>segbatch plan</c>, <c>segbatch probe</c> and <c>--help</c> from outside.</summary>
public sealed class PlanVerbTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-plan-").FullName;

    private string Archive => Path.Combine(_folder, "archive");

    private string Out => Path.Combine(_folder, "out");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Archive);
        await Clip("a.mp4", 50);
        await Clip("b c.mkv", 25);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_plan_counts_what_is_to_do_and_writes_nothing()
    {
        var (code, output, errors) = await SegBatchProcess.Run(Arguments("plan", "--json", "--stride", "2"));
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        using var plan = JsonDocument.Parse(output);
        var root = plan.RootElement;
        Assert.Equal(2, root.GetProperty("counts").GetProperty("to_do").GetInt32());
        Assert.Equal(25 + 13, root.GetProperty("frames").GetInt64());
        Assert.Equal(3.0 / 3600, root.GetProperty("hours").GetDouble(), 1e-4);
        Assert.True(root.GetProperty("disk_bytes").GetInt64() > 38 * 1000);
        Assert.True(root.GetProperty("disk_free_bytes").GetInt64() > 0);
        var first = root.GetProperty("videos")[0];
        Assert.Equal(
            ("a", "to_do", "h264", 160),
            (
                first.GetProperty("video").GetString(),
                first.GetProperty("state").GetString(),
                first.GetProperty("codec").GetString(),
                first.GetProperty("width").GetInt32()
            )
        );
        Assert.Equal("b_c", root.GetProperty("videos")[1].GetProperty("video").GetString());
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task What_a_run_would_reject_is_foreseen_with_code_and_reason()
    {
        await File.WriteAllTextAsync(Path.Combine(Archive, "list.mp4"), "#EXTM3U\nhttp://example.invalid/x.ts\n", Token);
        await File.WriteAllBytesAsync(Path.Combine(Archive, "empty.mp4"), [], Token);
        var (code, output, _) = await SegBatchProcess.Run(Arguments("plan"));
        Assert.Equal(2, code);
        Assert.Contains("2 of 4 videos to do: 75 frames, 3s of video", output, StringComparison.Ordinal);
        Assert.Contains("2 cannot be read and would be rejected:", output, StringComparison.Ordinal);
        Assert.Contains($"  EMPTY  {Archive}/empty.mp4 is empty", output, StringComparison.Ordinal);
        Assert.Contains($"  PLAYLIST  {Archive}/list.mp4 is a playlist", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_is_told_and_so_are_changed_sources_and_other_settings()
    {
        Assert.Equal(0, (await SegBatchProcess.Run(Arguments("run", "--no-video"))).ExitCode);
        var (code, output, _) = await SegBatchProcess.Run(Arguments("plan", "--no-video"));
        Assert.Equal(0, code);
        Assert.Contains("0 of 2 videos to do", output, StringComparison.Ordinal);
        Assert.Contains("2 done already", output, StringComparison.Ordinal);

        await Clip("a.mp4", 10);
        (_, output, _) = await SegBatchProcess.Run(Arguments("plan", "--no-video"));
        Assert.Contains("changed, to do again", output, StringComparison.Ordinal);
        Assert.Contains("1 of 2 videos to do: 10 frames", output, StringComparison.Ordinal);

        (code, _, var errors) = await SegBatchProcess.Run(Arguments("plan", "--no-video", "--conf", "0.6"));
        Assert.Equal(65, code);
        Assert.Contains("detect.conf: was 0.25, now 0.6", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_with_mistakes_is_told_all_of_them_and_nothing_starts()
    {
        var manifest = Path.Combine(_folder, "job.yaml");
        await File.WriteAllTextAsync(
            manifest,
            "model: m.onnx\noutput: out\nsources: [archive]\ndetect: {konf: 1}\ntrack: {lost_seconds: x}\n",
            Token
        );
        foreach (var verb in new[] { "plan", "run" })
        {
            var (code, _, errors) = await SegBatchProcess.Run(verb, manifest);
            Assert.Equal(78, code);
            Assert.Contains($"{manifest}:4:10: unknown key 'konf'. Did you mean 'conf'?", errors, StringComparison.Ordinal);
            Assert.Contains($"{manifest}:5:23: lost_seconds: expected a number", errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Out));
        }
    }

    [Fact]
    public async Task An_output_that_is_a_file_is_refused_by_both_verbs()
    {
        var file = Path.Combine(Archive, "a.mp4");
        foreach (var verb in new[] { "plan", "run" })
        {
            var (code, _, errors) = await SegBatchProcess.Run(
                [verb, "--model", SegBatchProcess.DemoModel, "--source", Path.Combine(Archive, "b c.mkv"), "--out", file]
            );
            Assert.Equal(73, code);
            Assert.Contains(file, errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(78, "does not exist: there is no folder", "--source", "archive/x.mp4")]
    [InlineData(78, "the model has no class 'persn'", "--classes", "persn")]
    [InlineData(64, "there is no option '--clases'. Did you mean '--classes'?", "--clases", "person")]
    [InlineData(78, "'start' is not before 'end'", "--start", "5", "--end", "00:00:04")]
    public async Task Mistakes_of_the_command_line(int expected, string text, params string[] more)
    {
        var (code, output, errors) = await SegBatchProcess.Run(Arguments("plan", more));
        Assert.True(code == expected, $"exit {code}\n{output}\n{errors}");
        Assert.Contains(text, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_says_what_files_are_and_goes_on_after_one_that_is_none()
    {
        var text = Path.Combine(_folder, "text.txt");
        await File.WriteAllTextAsync(text, "text", Token);
        var (code, output, _) = await SegBatchProcess.Run("probe", text, Path.Combine(Archive, "a.mp4"), "--json");
        Assert.Equal(2, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal("NOT_MEDIA", JsonDocument.Parse(lines[0]).RootElement.GetProperty("code").GetString());
        var facts = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(
            ("h264", 160, 96, 50L),
            (
                facts.GetProperty("codec").GetString(),
                facts.GetProperty("width").GetInt32(),
                facts.GetProperty("height").GetInt32(),
                facts.GetProperty("frames").GetInt64()
            )
        );

        (code, output, _) = await SegBatchProcess.Run("probe", Path.Combine(Archive, "b c.mkv"));
        Assert.Equal(0, code);
        Assert.Contains("picture  160x96, yuv420p", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_program_and_shows_options_by_section()
    {
        var (code, output, _) = await SegBatchProcess.Run("run", "--help");
        Assert.Equal(0, code);
        Assert.StartsWith("Usage: segbatch run [JOB.yaml] [options]\n", output, StringComparison.Ordinal);
        string[] order =
        [
            "\nOptions:\n",
            "--source PATH",
            "\nReading:\n",
            "--start",
            "\nDetection:\n",
            "--conf N",
            "[0.25]",
            "\nTracking:\n",
            "\nAnnotated videos:\n",
            "\nMachine:\n",
        ];
        Assert.Equal(
            order.Select(part => output.IndexOf(part, StringComparison.Ordinal)).Order(),
            order.Select(part => output.IndexOf(part, StringComparison.Ordinal))
        );
        Assert.All(order, part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 110));

        (_, output, _) = await SegBatchProcess.Run("--help");
        Assert.All(
            new[] { "run", "plan", "query", "probe", "model", "doctor", "demo" },
            verb => Assert.Contains($"\n  {verb} ", output, StringComparison.Ordinal)
        );
    }

    private string[] Arguments(string verb, params string[] more) =>
        [
            verb,
            "--model",
            SegBatchProcess.DemoModel,
            "--out",
            Out,
            "--imgsz",
            "160",
            .. more.Contains("--source") ? more : ["--source", Archive, .. more],
        ];

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
}
