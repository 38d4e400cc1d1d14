using System.Text.Json;
using System.Xml.Linq;
using SegBatch.Demo;
using SegBatch.IntegrationTests.Demo;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary><c>segbatch bench</c> from outside. What it measures depends on the machine; what it did does not.</summary>
public sealed class BenchVerbTests(DemoFixture demo) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-bench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_leg_runs_in_every_round_and_nothing_is_left_behind()
    {
        var clip = Path.Combine(await demo.ArchiveAsync(), DemoArchive.LongestClip);
        var picture = Path.Combine(_folder, "bench.svg");
        var scratch = Path.Combine(_folder, "scratch");

        var (code, output, errors) = await SegBatchProcess.Run(
            "bench",
            "--source",
            clip,
            "--model",
            SegBatchProcess.DemoModel,
            "--letterbox",
            "rect",
            "--rounds",
            "1",
            "--frames",
            "12",
            "--out",
            scratch,
            "--json",
            "--picture",
            picture
        );

        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        using var json = JsonDocument.Parse(output);
        var legs = json.RootElement.GetProperty("legs").EnumerateArray().ToDictionary(leg => leg.GetProperty("name").GetString()!);
        Assert.Equal(
            [
                "bare runtime, yardstick",
                "bare runtime",
                "network as the pipeline runs it",
                "bare decoding",
                "bare decoding and encoding",
                "tables",
                "tables and video",
            ],
            legs.Keys
        );
        Assert.Equal("320x192", json.RootElement.GetProperty("input").GetString()); // 640x384 within 320x320
        Assert.Equal("320x320", json.RootElement.GetProperty("yardstick_input").GetString());
        var round = json.RootElement.GetProperty("rounds")[0].EnumerateArray().ToDictionary(leg => leg.GetProperty("name").GetString()!);
        foreach (var name in legs.Keys)
        {
            var frames = round[name].GetProperty("frames").GetInt64();
            Assert.Equal(
                name.Contains("bare runtime", StringComparison.Ordinal) || name.StartsWith("network", StringComparison.Ordinal) ? 20 : 12,
                frames
            );
            var fps = frames / (round[name].GetProperty("wall_ms").GetDouble() / 1000);
            Assert.Equal(fps, legs[name].GetProperty("frames_per_second").GetDouble(), fps * 1e-3); // one round is its own median
        }

        Assert.Equal(
            legs["tables"].GetProperty("frames_per_second").GetDouble() / legs["bare runtime"].GetProperty("frames_per_second").GetDouble(),
            legs["tables"].GetProperty("speed_to_bare_runtime").GetDouble(),
            1e-2
        );
        Assert.Equal(
            ["decode", "letterbox", "infer", "detect", "track", "annotate", "write"],
            legs["tables and video"].GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString())
        );
        Assert.True(
            legs["tables and video"].GetProperty("bytes_written_per_frame").GetDouble()
                > legs["tables"].GetProperty("bytes_written_per_frame").GetDouble()
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch));
        Assert.NotEmpty(XDocument.Load(picture).Root!.Elements());
    }

    [Fact]
    public async Task A_video_that_cannot_be_read_ends_it_with_the_reason()
    {
        var broken = Path.Combine(_folder, "broken.mp4");
        await File.WriteAllTextAsync(broken, "not a video", TestContext.Current.CancellationToken);

        var (code, _, errors) = await SegBatchProcess.Run(
            "bench",
            "--source",
            broken,
            "--model",
            SegBatchProcess.DemoModel,
            "--rounds",
            "1",
            "--out",
            _folder
        );

        Assert.Equal(78, code);
        Assert.Contains("broken.mp4", errors, StringComparison.Ordinal);
        Assert.Equal([broken], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("--rounds")]
    [InlineData("--frames")]
    public async Task Nothing_to_measure_is_a_usage_error(string option)
    {
        var (code, _, errors) = await SegBatchProcess.Run("bench", option, "0");

        Assert.Equal(64, code);
        Assert.Contains($"{option} must be at least 1", errors, StringComparison.Ordinal);
    }
}
