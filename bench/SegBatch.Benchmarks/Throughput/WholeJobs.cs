using System.Globalization;

namespace SegBatch.Benchmarks.Throughput;

/// <summary>C10 to C12, C15, C16: the command as a process, as people run it.</summary>
internal sealed class WholeJobs(Workplace place, int rounds)
{
    private const int ShortRun = 500;
    private const int LongRun = 20_000;
    private const double Megabyte = 1e6;

    /// <summary>A small input, so that 20,000 frames end the same day; everything behind the network works as ever.</summary>
    public async Task<GoalFigure> MemoryOverTimeAsync()
    {
        var brief = await PeakAsync(await place.PedestriansAsync(ShortRun), "160");
        var lasting = await PeakAsync(await place.PedestriansAsync(LongRun), "160");
        return new(
            lasting / brief,
            Text($"{lasting / Megabyte:0.0} against {brief / Megabyte:0.0} MB, yolov8n-seg at 160 with annotated video")
        );
    }

    public async Task<GoalFigure> MemoryAsync()
    {
        var peak = await PeakAsync(await place.PedestriansAsync(ShortRun), "640", "--no-video");
        return new(peak / Megabyte, Text($"yolov8n-seg at 640x480, {ShortRun} frames"));
    }

    public async Task<GoalFigure> ManyFilesAsync()
    {
        var (joined, folder, files) = await place.PiecesAsync(64, 12);
        var (one, many) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            one.Add(await SecondsAsync(joined, "320", "--no-video"));
            many.Add(await SecondsAsync(folder, "320", "--no-video"));
        }

        var ratio = KernelTimes.Median(one[1..].Zip(many[1..], (alone, split) => alone / split));
        var perFile = 1000 * KernelTimes.Median(one[1..].Zip(many[1..], (alone, split) => (split - alone) / files));
        return new(
            ratio,
            Text(
                $"{KernelTimes.Median(one[1..]):0.00} s as one file, {KernelTimes.Median(many[1..]):0.00} s as {files}; {perFile:0.0} ms a file"
            )
        );
    }

    public async Task<GoalFigure> FirstResultAsync()
    {
        var clip = await place.PedestriansAsync(2);
        var seconds = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            seconds.Add(await SecondsAsync(clip, "640", "--no-video"));
        }

        return new(
            KernelTimes.Median(seconds[1..]),
            Text($"from the start of the process to its end, model load included; fastest {seconds[1..].Min():0.00} s")
        );
    }

    public async Task<GoalFigure> SizeAsync()
    {
        var output = Path.Combine(place.Scratch, "size");
        await RunAsync(await place.PedestriansAsync(ShortRun), output, "640", "--no-video");
        var parquet = new DirectoryInfo(Path.Combine(output, "instances")).GetFiles("*.parquet").Sum(file => file.Length);
        var json = Path.Combine(place.Scratch, "instances.jsonl");
        await place.SegBatchAsync(null, "query", output, "select * from instances", "--format", "jsonl", "--output", json);
        var text = new FileInfo(json).Length;
        var rows = File.ReadLines(json).Count();
        Directory.Delete(output, recursive: true);
        return new(
            (double)parquet / text,
            Text($"{(double)parquet / rows:0} against {(double)text / rows:0} bytes an object, {rows} objects")
        );
    }

    private async Task<double> PeakAsync(string clip, string imgsz, params string[] more)
    {
        var output = Path.Combine(place.Scratch, "peak");
        var (_, peak, _, _) = await RunAsync(clip, output, imgsz, more);
        Directory.Delete(output, recursive: true);
        return peak;
    }

    private async Task<double> SecondsAsync(string source, string imgsz, params string[] more)
    {
        var output = Path.Combine(place.Scratch, "seconds");
        var (seconds, _, _, _) = await RunAsync(source, output, imgsz, more);
        Directory.Delete(output, recursive: true);
        return seconds;
    }

    private Task<(double Seconds, long PeakBytes, int ExitCode, string Output)> RunAsync(
        string source,
        string output,
        string imgsz,
        params string[] more
    ) => place.SegBatchAsync(null, ["run", "--source", source, "--model", place.DynamicModel, "--out", output, "--imgsz", imgsz, .. more]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
