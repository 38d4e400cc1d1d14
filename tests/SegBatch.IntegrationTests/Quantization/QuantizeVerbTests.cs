using System.Text.Json;
using SegBatch.IntegrationTests.Cli;
using SegBatch.IntegrationTests.Demo;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Quantization;

/// <summary><c>segbatch quantize</c> from outside, with the demo's model and clips.</summary>
public sealed class QuantizeVerbTests(DemoFixture demo) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-quantize-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_model_that_finds_the_same_is_written_and_runs_as_any_other()
    {
        var archive = await demo.ArchiveAsync();
        var made = Path.Combine(_folder, "int8.onnx");
        var (code, output, errors) = await Quantize("--source", archive, "--out", made, "--frames", "24", "--json");
        Assert.True(code == 0, $"exit {code}: {errors}{output}");
        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;
        Assert.True(root.GetProperty("passed").GetBoolean());
        Assert.Equal(made, root.GetProperty("written").GetString());
        var learnt = root.GetProperty("frames_calibrated").GetInt32();
        Assert.InRange(learnt, 20, 24); // short clips give fewer
        Assert.InRange(root.GetProperty("frames_compared").GetInt32(), 10, 12);
        Assert.InRange(root.GetProperty("mask_mean").GetDouble(), 0.95, 0.9999);
        Assert.InRange(root.GetProperty("recall").GetDouble(), 0.8, 1);
        Assert.True(root.GetProperty("reference").GetInt32() >= 12);
        Assert.Equal([made], Directory.GetFiles(_folder));

        var (shown, card, _) = await SegBatchProcess.Run("model", made, "--json");
        Assert.Equal(0, shown);
        using var model = JsonDocument.Parse(card);
        Assert.True(model.RootElement.GetProperty("quantized").GetBoolean());
        Assert.False(model.RootElement.GetProperty("wide_integers").GetBoolean());
        Assert.Equal("ring", model.RootElement.GetProperty("classes")[3].GetString());
        Assert.Contains($"from {learnt} frames", model.RootElement.GetProperty("metadata").GetProperty("quantized").GetString());

        var clip = Directory.GetFiles(archive, "*.mp4").Order().First();
        var (ran, _, complaints) = await SegBatchProcess.Run(
            "run",
            "--source",
            clip,
            "--model",
            made,
            "--out",
            Path.Combine(_folder, "out"),
            "--no-video",
            "--end",
            "frame 5"
        );
        Assert.True(ran == 0, complaints);

        var (again, _, refusal) = await SegBatchProcess.Run("quantize", made, "--source", archive, "--out", $"{made}2");
        Assert.Equal(78, again);
        Assert.Contains("quantised already", refusal);
    }

    [Fact]
    public async Task A_model_below_the_threshold_is_not_written_and_an_old_file_stays()
    {
        var old = Path.Combine(_folder, "int8.onnx");
        await File.WriteAllTextAsync(old, "old", TestContext.Current.CancellationToken);
        var (code, output, _) = await Quantize("--source", await demo.ArchiveAsync(), "--out", old, "--frames", "8", "--min-iou", "1");
        Assert.Equal(2, code);
        Assert.Contains("Not good enough", output);
        Assert.Contains("required is 1", output);
        Assert.Equal("old", await File.ReadAllTextAsync(old, TestContext.Current.CancellationToken));
        Assert.Equal([old], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_model_compared_with_itself_agrees_in_everything()
    {
        var (code, output, errors) = await Quantize(
            "--source",
            await demo.ArchiveAsync(),
            "--check",
            SegBatchProcess.DemoModel,
            "--frames",
            "16",
            "--json"
        );
        Assert.True(code == 0, errors);
        using var report = JsonDocument.Parse(output);
        foreach (var figure in new[] { "recall", "precision", "mask_mean", "mask_min" })
        {
            Assert.Equal(1, report.RootElement.GetProperty(figure).GetDouble());
        }

        Assert.Equal(0, report.RootElement.GetProperty("score_p99").GetDouble());
        Assert.InRange(report.RootElement.GetProperty("frames_compared").GetInt32(), 7, 8);
    }

    [Fact]
    public async Task An_int8_model_of_another_maker_is_compared_and_told_apart()
    {
        var (original, candidate) = (SharedData.Path("models/yolov8n-seg.onnx"), SharedData.Path("models/yolov8n-seg-int8.onnx"));
        var (code, output, errors) = await SegBatchProcess.Run(
            "quantize",
            original,
            "--source",
            SharedData.Path("videos/vtest.avi"),
            SharedData.Path("videos/walking.mp4"),
            "--check",
            candidate,
            "--frames",
            "16",
            "--json"
        );
        Assert.True(code == 0, $"exit {code}: {errors}{output}");
        using var report = JsonDocument.Parse(output);
        Assert.InRange(report.RootElement.GetProperty("mask_mean").GetDouble(), 0.96, 0.99); // 0.97 is what its makers say
        var (_, text, _) = await SegBatchProcess.Run("model", candidate);
        Assert.Contains("quantised: 8-bit integers inside", text);
        Assert.Contains("without VNNI", text);
    }

    [Theory]
    [InlineData(64, "Say either --out FILE")]
    [InlineData(64, "--min-iou takes a number from 0 to 1", "--out", "x.onnx", "--min-iou", "95")]
    [InlineData(64, "--frames takes a whole number", "--out", "x.onnx", "--frames", "1")]
    public async Task Slips_of_the_command_line_are_named(int expected, string message, params string[] arguments)
    {
        var (code, _, errors) = await Quantize(["--source", _folder, .. arguments]);
        Assert.Equal(expected, code);
        Assert.Contains(message, errors);
    }

    private static Task<(int ExitCode, string Output, string Errors)> Quantize(params string[] arguments) =>
        SegBatchProcess.Run(["quantize", SegBatchProcess.DemoModel, .. arguments]);
}
