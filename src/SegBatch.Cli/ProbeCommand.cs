using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SegBatch.Decoding;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary><c>segbatch probe</c>: what files are, and whether a run would read them.</summary>
internal static class ProbeCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("VIDEO")
        {
            Description = "Videos, pictures, or folders of pictures.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object per file, a line each." };
        var command = new Command(
            "probe",
            """
            Say what a video is: size, frames, clock, codec, colour; or why it cannot be read.
            Exit code 2 when a file cannot be read. Nothing is decoded: counts and durations are what the file declares.

            Examples:
              segbatch probe gate.mp4
              segbatch probe archive/*.mp4 --json | jq -r 'select(.codec == "hevc") | .path'
            """
        )
        {
            files,
            json,
        };
        command.SetAction(
            (parsed, stopping) => Task.Run(() => Run(parsed.GetRequiredValue(files), parsed.GetValue(json), stopping), stopping)
        );
        return command;
    }

    private static int Run(string[] files, bool json, CancellationToken stopping)
    {
        var console = OutputConsole.Create();
        var failed = 0;
        foreach (var file in files)
        {
            stopping.ThrowIfCancellationRequested();
            JsonObject facts;
            try
            {
                facts = Facts(VideoProbe.Probe(Path.GetFullPath(file)), file);
            }
            catch (DecodingException error)
            {
                failed++;
                facts = new JsonObject
                {
                    ["path"] = file,
                    ["code"] = error.Code,
                    ["message"] = error.Message,
                };
            }

            if (json)
            {
                Console.Out.WriteLine(facts.ToJsonString(RecordJson.Compact));
            }
            else
            {
                Write(console, facts);
            }
        }

        return (int)(failed == 0 ? ExitCode.AllDone : ExitCode.Partial);
    }

    /// <summary>Every fact under a stable name; unknown ones are null.</summary>
    private static JsonObject Facts(VideoInfo info, string file) =>
        new()
        {
            ["path"] = file,
            ["container"] = info.Container,
            ["codec"] = info.Codec,
            ["width"] = info.Size.Width,
            ["height"] = info.Size.Height,
            ["rotation"] = info.Rotation,
            ["frames"] = info.EstimatedFrames,
            ["duration_s"] = info.DurationSeconds,
            ["frame_rate"] = info.FrameRate.IsValid ? $"{info.FrameRate}" : null,
            ["time_base"] = $"{info.TimeBase}",
            ["start_pts"] = info.StartPts,
            ["pixel_format"] = info.PixelFormat,
            ["color_matrix"] = $"{info.Color.Matrix}".ToLowerInvariant(),
            ["full_range"] = info.Color.FullRange,
            ["sample_aspect_ratio"] = $"{info.SampleAspectRatio}",
            ["audio_streams"] = info.AudioStreams,
            ["is_image"] = info.IsImage,
        };

    private static void Write(IAnsiConsole console, JsonObject facts)
    {
        console.MarkupLine($"[bold]{Markup.Escape(PrintableText.Of((string)facts["path"]!))}[/]");
        if (facts["code"] is { } code)
        {
            console.MarkupLine($"  [red]{code}[/]  {Markup.Escape(PrintableText.Of((string)facts["message"]!))}");
            return;
        }

        var rows = new Grid().AddColumn(new GridColumn().Padding(2, 0, 2, 0).NoWrap()).AddColumn();
        Add(
            "picture",
            $"{facts["width"]}x{facts["height"]}{((int)facts["rotation"]! == 0 ? "" : $", upright after {facts["rotation"]}°")}, {facts["pixel_format"]}, {facts["color_matrix"]}, {((bool)facts["full_range"]! ? "full" : "limited")} range"
        );
        Add("frames", $"{Number(facts["frames"])}{Rate(facts["frame_rate"])}{Seconds(facts["duration_s"])}");
        Add("codec", $"{facts["codec"]} in {facts["container"]}");
        Add("clock", $"time base {facts["time_base"]}, starts at {facts["start_pts"]?.ToString() ?? "no PTS"}");
        Add(
            "sound",
            (int)facts["audio_streams"]! switch
            {
                0 => "none",
                1 => "1 stream",
                var count => $"{count} streams",
            }
        );
        console.Write(rows);

        void Add(string name, string value) => rows.AddRow($"[grey]{name}[/]", Markup.Escape(value));
    }

    private static string Number(JsonNode? frames) =>
        frames is null ? "not declared" : ((long)frames).ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(JsonNode? rate)
    {
        var parts = rate?.ToString().Split('/').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return parts is [var over, var under] ? string.Create(CultureInfo.InvariantCulture, $" at {over / under:0.###} per second") : "";
    }

    private static string Seconds(JsonNode? seconds) =>
        seconds is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {(double)seconds:0.###} s");
}
