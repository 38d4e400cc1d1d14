using System.Diagnostics;
using System.Text.Json;
using SegBatch.IntegrationTests.Cli;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Parity;

/// <summary><c>segbatch verify</c> from outside, on a run in default mode, whose figures are not all perfect.</summary>
public sealed class VerifyVerbTests
{
    private static readonly string[] s_figures =
    [
        "frames",
        "reference",
        "ours",
        "matched",
        "recall",
        "precision",
        "box_median",
        "box_p99",
        "score_p99",
        "mask_mean",
        "mask_p01",
        "mask_equal",
        "masks",
        "ids_equal",
        "ids_consistent",
    ];

    [Fact]
    public async Task Figures_are_those_of_the_independent_script_and_requirements_decide_the_exit_code()
    {
        var script = SharedData.Path("tools/compare.py");
        using var run = new ParityRun();
        await run.RunAsync(SharedData.Path("videos/vtest.avi"), "yolov8n-seg.onnx", "--end", "frame 8");

        foreach (var part in new[] { "retina", "predict", "bytetrack" })
        {
            var recording = ParityRun.Recording($"vtest.yolov8n.rect.{part}");
            var (code, output, errors) = await SegBatchProcess.Run("verify", recording, run.Out, "--json");
            Assert.True(code == 0, $"exit {code}: {errors}");
            using var ours = JsonDocument.Parse(output);
            using var theirs = JsonDocument.Parse(await Script(script, recording, run));
            foreach (var name in s_figures)
            {
                var expected = theirs.RootElement.TryGetProperty(name, out var value) ? value.GetDouble() : double.NaN;
                var actual = ours.RootElement.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
                    ? number.GetDouble()
                    : double.NaN;
                // Rounding of a last 5 may differ.
                Assert.True(
                    (double.IsNaN(expected) && (double.IsNaN(actual) || actual == 0)) || Math.Abs(expected - actual) < 1.5e-5,
                    $"{part} {name}: the script says {expected}, verify says {actual}"
                );
            }
        }

        var retina = ParityRun.Recording("vtest.yolov8n.rect.retina");
        var (met, table, _) = await SegBatchProcess.Run(
            "verify",
            retina,
            run.Out,
            "--common-frames",
            "--require",
            "recall=0.5,box_p99=500"
        );
        Assert.Equal(0, met);
        Assert.Contains("mask IoU, mean", table, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", table, StringComparison.Ordinal);

        var (missed, told, _) = await SegBatchProcess.Run("verify", retina, run.Out, "--require", "recall=0.999,ids=0.5", "--details", "3");
        Assert.Equal(2, missed);
        Assert.Contains("The run lacks 192 of the recorded frames.", told, StringComparison.Ordinal);
        Assert.Contains("MISSED: required >= 0.999", told, StringComparison.Ordinal);
        Assert.Contains("not compared  MISSED: required >= 0.5", Spaces(told), StringComparison.Ordinal);
        Assert.Contains("lost: recorded, but not in the run (3 of", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "there is no figure 'recal'", "x.jsonl", "--require", "recal=1")]
    [InlineData(64, "'recall' gives no limit", "x.jsonl", "--require", "recall")]
    [InlineData(64, "The recording /nowhere.jsonl.gz cannot be read", "/nowhere.jsonl.gz")]
    public async Task Mistakes_are_explained(int expected, string text, string recording, params string[] options)
    {
        var (code, output, errors) = await SegBatchProcess.Run(["verify", recording, "/nowhere", .. options]);
        Assert.True(code == expected, $"exit {code}\n{output}\n{errors}");
        Assert.Contains(text, errors, StringComparison.Ordinal);
    }

    private static async Task<string> Script(string script, string recording, ParityRun run)
    {
        var rows = Path.Combine(run.Folder, "instances.jsonl");
        var (code, _, errors) = await SegBatchProcess.Run(
            "query",
            run.Out,
            "from instances order by frame, instance",
            "--format",
            "jsonl",
            "--output",
            rows
        );
        Assert.True(code == 0, errors);
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [script, recording, rows]) { RedirectStandardOutput = true })!;
            var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await python.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, python.ExitCode);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is absent");
            return "";
        }
    }

    private static string Spaces(string text) =>
        string.Join(
            '\n',
            text.Split('\n')
                .Select(line => string.Join("  ", line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        );
}
