using System.Diagnostics;
using System.Globalization;

namespace SegBatch.Benchmarking;

/// <summary>Measures what a piece of work costs this process, and what other programs did meanwhile (Linux; see proc(5)).</summary>
public static class LegMeter
{
    /// <summary>Shorter legs say nothing about foreign load: the system counts in hundredths of a second.</summary>
    private const double ShortestJudged = 0.5;

    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    /// <summary>Runs the work once, after a full collection, and says what it cost.</summary>
    public static async Task<LegCost> MeasureAsync(Func<Task> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ForgetPeak();
        var collections = GC.CollectionCount(2);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var machine = MachineBusySeconds();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await work();
        var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var own = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        var busy = MachineBusySeconds() - machine;
        return new LegCost(
            wall,
            own,
            busy is { } all && wall >= ShortestJudged ? Math.Max(0, all - own) / (wall * Environment.ProcessorCount) : null,
            PeakBytes(),
            GC.GetTotalAllocatedBytes(precise: true) - allocated,
            GC.CollectionCount(2) - collections
        );
    }

    /// <summary>Largest resident set of a process since it started or since the peak was forgotten; 0 where the system does not tell.</summary>
    public static long PeakBytes(string process = "self")
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // no such system, or the process has just ended
        }
    }

    private static void ForgetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The peak is then that of all legs so far: too high, never too low.
            return;
        }
    }

    /// <summary>CPU time that all programs and the hypervisor's other guests took on these cores since the machine started.</summary>
    private static double? MachineBusySeconds()
    {
        const int Idle = 3;
        const int IoWait = 4;
        const int Steal = 7;
        try
        {
            // cpu  user nice system idle iowait irq softirq steal guest guest_nice; the guests are part of user and nice.
            var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            return fields
                    .Take(Steal + 1)
                    .Where((_, i) => i is not (Idle or IoWait))
                    .Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
