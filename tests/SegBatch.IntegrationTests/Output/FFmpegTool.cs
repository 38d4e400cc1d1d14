using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

/// <summary>FFmpeg's own command-line tools: they make the clips and judge the results, independently of the bindings.</summary>
internal static class FFmpegTool
{
    /// <summary>Runs ffmpeg, whose last argument is the file to write.</summary>
    public static async Task Make(params string[] arguments) => await Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);

    /// <summary>What ffprobe says of a file, as JSON.</summary>
    public static async Task<JsonElement> Probe(string path, params string[] arguments)
    {
        using var json = JsonDocument.Parse(await Run("ffprobe", ["-v", "error", "-of", "json", .. arguments, path]));
        return json.RootElement.Clone();
    }

    public static async Task<JsonElement> Stream(string path, string selector) =>
        (await Probe(path, "-select_streams", selector, "-show_streams", "-count_packets")).GetProperty("streams")[0];

    /// <summary>Presentation times in seconds of the frames, decoded by the tool.</summary>
    public static async Task<double[]> FrameTimes(string path)
    {
        var frames = await Probe(path, "-select_streams", "v:0", "-show_entries", "frame=pts");
        var clock = (await Stream(path, "v:0")).GetProperty("time_base").GetString()!.Split('/');
        return
        [
            .. frames
                .GetProperty("frames")
                .EnumerateArray()
                .Select(frame => frame.GetProperty("pts").GetInt64() * double.Parse(clock[0]) / double.Parse(clock[1])),
        ];
    }

    private static async Task<string> Run(string tool, string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {await errors}");
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"the command {tool} is absent");
            throw;
        }
    }
}
