using System.Diagnostics;
using System.Text.Json.Nodes;
using SegBatch.Benchmarking;

namespace SegBatch.Benchmarks.Throughput;

/// <summary>Where the goals are measured: the clips made for it, the models, and the command as a process.</summary>
/// <param name="root">Folder of the repository.</param>
/// <param name="data">Folder with <c>models</c> and <c>videos</c>.</param>
internal sealed class Workplace(string root, string data)
{
    private const int PollMs = 20;

    private readonly string _clips = Directory.CreateDirectory(Path.Combine(root, "bench", ".clips")).FullName;

    /// <summary>Scratch space; whoever makes a folder in it removes it.</summary>
    public string Scratch { get; } = Directory.CreateTempSubdirectory("segbatch-goals-").FullName;

    public string SquareModel => Model("yolov8n-seg-640.onnx");

    public string DynamicModel => Model("yolov8n-seg.onnx");

    public string DemoModel => Path.Combine(root, "models", "shapes-seg.onnx");

    /// <summary>The dynamic model in 8 bits, made once by the command on both clips, and how it agrees with the original on frames of them.</summary>
    public async Task<(string Model, string Agreement)> Int8ModelAsync()
    {
        var model = Path.Combine(_clips, "yolov8n-seg-int8.onnx");
        var report = Path.ChangeExtension(model, ".json");
        if (!File.Exists(report))
        {
            string[] sources = ["--source", await WalkingAsync(), Path.Combine(data, "videos", "vtest.avi")];
            var (_, _, _, text) = await SegBatchAsync(null, ["quantize", DynamicModel, .. sources, "--out", model, "--json"]);
            await File.WriteAllTextAsync(report, text);
        }

        var json = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        return (
            model,
            FormattableString.Invariant(
                $"mean mask IoU with fp32 {(double)json["mask_mean"]!:0.000}, recall {(double)json["recall"]!:0.000}, precision {(double)json["precision"]!:0.000} on {json["frames_compared"]} frames that it was not calibrated on"
            )
        );
    }

    /// <summary>1920x1080 H.264, 341 frames of walking people.</summary>
    public Task<string> WalkingAsync() =>
        ClipAsync(
            "walking-1080.mp4",
            "-i",
            Path.Combine(data, "videos", "walking.mp4"),
            "-vf",
            "scale=1920:1080",
            "-c:v",
            "libx264",
            "-crf",
            "20",
            "-preset",
            "medium",
            "-g",
            "50",
            "-an"
        );

    /// <summary>Pedestrians, 768x576 MPEG-4 in AVI, repeated until there are so many frames.</summary>
    public Task<string> PedestriansAsync(int frames) =>
        ClipAsync(
            $"vtest-{frames}.avi",
            "-stream_loop",
            "-1",
            "-i",
            Path.Combine(data, "videos", "vtest.avi"),
            "-frames:v",
            $"{frames}",
            "-c",
            "copy"
        );

    /// <summary>The same frames as one file and as many: short H.264 files, and all of them joined.</summary>
    public async Task<(string Long, string Folder, int Files)> PiecesAsync(int files, int framesEach)
    {
        var folder = Path.Combine(_clips, $"pieces-{files}x{framesEach}");
        var joined = Path.Combine(_clips, $"pieces-{files}x{framesEach}.mp4");
        if (!File.Exists(joined))
        {
            Directory.CreateDirectory(folder);
            await FFmpegAsync(
                "-i",
                Path.Combine(data, "videos", "vtest.avi"),
                "-frames:v",
                $"{files * framesEach}",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-g",
                $"{framesEach}",
                "-keyint_min",
                $"{framesEach}",
                "-sc_threshold",
                "0",
                "-bf",
                "0",
                "-f",
                "segment",
                "-segment_time",
                "0.001",
                "-reset_timestamps",
                "1",
                Path.Combine(folder, "piece%03d.mp4")
            );
            var list = Path.Combine(folder, "list.txt");
            await File.WriteAllLinesAsync(
                list,
                Directory.GetFiles(folder, "*.mp4").Order(StringComparer.Ordinal).Select(file => $"file '{file}'")
            );
            await FFmpegAsync("-f", "concat", "-safe", "0", "-i", list, "-c", "copy", joined);
            File.Delete(list);
        }

        return (joined, folder, Directory.GetFiles(folder, "*.mp4").Length);
    }

    /// <summary>Runs the command as people do; its errors are thrown.</summary>
    /// <param name="killWhen">Asked again and again; kills it outright when true. Null lets it end.</param>
    public async Task<(double Seconds, long PeakBytes, int ExitCode, string Output)> SegBatchAsync(
        Func<bool>? killWhen,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(Path.Combine(root, "segbatch"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SEGBATCH_NO_BUILD"] = "1";
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, LegMeter.PeakBytes($"{process.Id}"));
            if (killWhen?.Invoke() ?? false)
            {
                process.Kill();
            }

            await Task.Delay(PollMs);
        }

        await process.WaitForExitAsync();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var text = await output;
        return process.ExitCode == 0 || killWhen is not null
            ? (seconds, peak, process.ExitCode, text)
            : throw new InvalidOperationException($"segbatch {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    private string Model(string name) => Path.Combine(data, "models", name);

    private async Task<string> ClipAsync(string name, params string[] arguments)
    {
        var path = Path.Combine(_clips, name);
        if (!File.Exists(path))
        {
            var partial = Path.Combine(_clips, $"partial-{name}");
            await FFmpegAsync([.. arguments, partial]);
            File.Move(partial, path);
        }

        return path;
    }

    private static async Task FFmpegAsync(params string[] arguments)
    {
        using var process = Process.Start("ffmpeg", ["-v", "error", "-y", .. arguments]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
