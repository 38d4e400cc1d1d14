using System.Diagnostics;
using System.Globalization;
using SegBatch.Benchmarks.Kernels;

namespace SegBatch.Benchmarks.Throughput;

/// <summary>C6 to C9 and C14: single kernels, beside their baselines, in turns. BenchmarkDotNet measures the same classes more finely.</summary>
internal static class KernelTimes
{
    private const int Turns = 5;
    private const int WarmUpRuns = 50;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(400);

    public static GoalFigure Mask()
    {
        var kernel = new MaskDecode { Size = "300x500" };
        kernel.Setup();
        return Compare(() => kernel.RunLengths(), () => kernel.Pixelwise(), "the pixel-wise way");
    }

    public static GoalFigure ByteTrack()
    {
        var kernel = new TrackerUpdate();
        return Compare(() => kernel.ByteTrack(), () => kernel.Plain(), "the plain way");
    }

    public static GoalFigure CameraMotion()
    {
        var kernel = new CameraMotion();
        return Compare(() => kernel.Sparse(), () => kernel.Plain(), "the plain way");
    }

    /// <summary>Thousands of frames a run: the shortest of a few runs.</summary>
    public static async Task<GoalFigure> SchedulerAsync()
    {
        var kernel = new Schedule();
        var times = new List<double>();
        for (var turn = -WarmUpRuns; turn < Turns; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            await kernel.Graph();
            if (turn >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / Schedule.Frames);
            }
        }

        return new(Median(times), $"turns {Turn(times)}");
    }

    /// <summary>Ours in turns with a C program around swscale, which the system's compiler makes.</summary>
    public static async Task<GoalFigure> LetterboxAsync(string root, string scratch)
    {
        var program = Path.Combine(scratch, "swscale");
        using (
            var compiler = Process.Start(
                "cc",
                ["-O3", "-march=native", Path.Combine(root, "bench", "swscale.c"), "-o", program, "-lswscale", "-lavutil"]
            )
        )
        {
            await compiler.WaitForExitAsync();
            if (compiler.ExitCode != 0)
            {
                return GoalFigure.Missing("bench/swscale.c does not compile: libswscale-dev and a C compiler are needed");
            }
        }

        var kernel = new FusedLetterbox();
        WarmUp(kernel.Fused);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            ours.Add(Microseconds(kernel.Fused));
            using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            theirs.Add(1000 * double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture));
        }

        return new(
            Median(ours) / Median(theirs),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Median(ours):0} µs against {Median(theirs):0} µs, medians of {Turns} turns' shortest runs"
            )
        );
    }

    private static GoalFigure Compare(Action kernel, Action baseline, string name)
    {
        WarmUp(kernel);
        WarmUp(baseline);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            ours.Add(Microseconds(kernel));
            theirs.Add(Microseconds(baseline));
        }

        return new(
            Median(ours),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {Median(theirs):0.###} µs, {Median(theirs) / Median(ours):0.#} times ours; turns {Turn(ours)}"
            )
        );
    }

    private static void WarmUp(Action action)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < s_warmUp; )
        {
            action();
        }
    }

    /// <summary>The shortest call of a turn: what the work takes when nothing interrupts it.</summary>
    private static double Microseconds(Action action)
    {
        var least = double.MaxValue;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < s_turn; )
        {
            var before = Stopwatch.GetTimestamp();
            action();
            least = Math.Min(least, Stopwatch.GetElapsedTime(before).TotalMicroseconds);
        }

        return least;
    }

    private static string Turn(IEnumerable<double> times) =>
        string.Join(", ", times.Select(time => time.ToString("0.0", CultureInfo.InvariantCulture)));

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
