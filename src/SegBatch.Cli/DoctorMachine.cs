using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static SegBatch.Cli.DoctorStatus;

namespace SegBatch.Cli;

/// <summary>Processor, memory, limits, disk, graphics cards: from what Linux tells in /proc and /sys; elsewhere what .NET tells.</summary>
internal static class DoctorMachine
{
    private const long Gigabyte = 1L << 30;
    private const string Group = "Machine";
    private static readonly string[] s_features =
    [
        "avx2",
        "fma",
        "f16c",
        "avx512f",
        "avx512bw",
        "avx512_vnni",
        "avx_vnni",
        "avx512_bf16",
        "amx_int8",
        "amx_bf16",
    ];

    public static IEnumerable<DoctorFinding> Find()
    {
        yield return new(Group, "system", Ok, $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})");
        yield return new(Group, ".NET", Ok, RuntimeInformation.FrameworkDescription);
        yield return Processor();
        yield return Features();
        yield return Cores();
        yield return Memory();
        yield return Disk(Environment.CurrentDirectory);
        var gpus = NvidiaGpus();
        yield return gpus.Count > 0
            ? new(Group, "GPU", Ok, string.Join(", ", gpus))
            : new(Group, "GPU", Note, "no NVIDIA card: networks run on the processor");
    }

    /// <summary>Models of the NVIDIA cards whose driver is loaded.</summary>
    public static IReadOnlyList<string> NvidiaGpus()
    {
        const string Folder = "/proc/driver/nvidia/gpus";
        if (Directory.Exists(Folder))
        {
            return
            [
                .. Directory
                    .EnumerateDirectories(Folder)
                    .Select(gpu => Field(Path.Combine(gpu, "information"), "Model") ?? "unknown NVIDIA GPU"),
            ];
        }

        return File.Exists("/dev/nvidia0") ? ["unknown NVIDIA GPU"] : [];
    }

    private static DoctorFinding Processor() =>
        new(Group, "processor", Ok, Field("/proc/cpuinfo", "model name") ?? $"{RuntimeInformation.ProcessArchitecture}");

    private static DoctorFinding Features()
    {
        var flags = (Field("/proc/cpuinfo", "flags") ?? "").Split(' ').ToHashSet();
        var found = s_features.Where(flags.Contains).ToList();
        var width =
            Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : 128;
        var text = $"{string.Join(", ", found)}; vectors of {width} bits";
        return width >= 256
            ? new(Group, "features", Ok, text)
            : new(Group, "features", Note, text + ": without AVX2 everything is several times slower");
    }

    private static DoctorFinding Cores()
    {
        var online = Directory.Exists("/sys/devices/system/cpu")
            ? Directory
                .EnumerateDirectories("/sys/devices/system/cpu", "cpu*")
                .Count(name => int.TryParse(Path.GetFileName(name)[3..], out _))
            : Environment.ProcessorCount;
        var quota =
            ControlGroup("cpu.max") is { } text && text.Split(' ') is [var run, var period] && run != "max"
                ? $", limited to {(double.Parse(run) / double.Parse(period)).ToString("0.##")} by its control group"
                : "";
        return new(Group, "cores", Ok, $"{Environment.ProcessorCount} usable of {online}{quota}");
    }

    private static DoctorFinding Memory()
    {
        var total = Kilobytes("MemTotal") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var free = Kilobytes("MemAvailable") ?? total;
        var limit = ControlGroup("memory.max") is { } text && long.TryParse(text, out var bytes) && bytes < total ? bytes : (long?)null;
        var value = $"{Size(free)} free of {Size(total)}{(limit is { } most ? $", limited to {Size(most)} by its control group" : "")}";
        return Math.Min(free, limit ?? free) < Gigabyte
            ? new(Group, "memory", Note, value, "Less than 1 GB is left: run one video at a time (--videos 1) with a small batch.")
            : new(Group, "memory", Ok, value);
    }

    private static DoctorFinding Disk(string folder)
    {
        var drive = new DriveInfo(folder);
        var value = $"{Size(drive.AvailableFreeSpace)} free of {Size(drive.TotalSize)} at {folder}";
        return drive.AvailableFreeSpace < Gigabyte
            ? new(Group, "disk", Note, value, "Less than 1 GB is left here: write results elsewhere with --out.")
            : new(Group, "disk", Ok, value);
    }

    private static long? Kilobytes(string name) =>
        Field("/proc/meminfo", name) is { } text && long.TryParse(text.Split(' ')[0], out var kilobytes) ? kilobytes << 10 : null;

    private static string Size(long bytes) => bytes >= Gigabyte ? $"{bytes / (double)Gigabyte:0.0} GB" : $"{bytes >> 20} MB";

    /// <summary>The first "name : value" of a file in /proc; null without the file or the name.</summary>
    private static string? Field(string file, string name)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        foreach (var line in File.ReadLines(file))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>The tightest limit of this process's control group (version 2) and those above it; null where none is set.</summary>
    private static string? ControlGroup(string limit)
    {
        const string Mount = "/sys/fs/cgroup";
        if (!File.Exists("/proc/self/cgroup"))
        {
            return null;
        }

        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[4..];
        string? tightest = null;
        for (var path = own; path is not null; path = path.Length == 0 ? null : Path.GetDirectoryName(path) ?? "")
        {
            var file = Path.Combine(Mount, path, limit);
            if (File.Exists(file) && File.ReadAllText(file).Trim() is var text && !text.StartsWith("max", StringComparison.Ordinal))
            {
                tightest = tightest is null || Amount(text) < Amount(tightest) ? text : tightest;
            }
        }

        return tightest;

        static double Amount(string text)
        {
            var parts = text.Split(' ');
            var amount = double.Parse(parts[0], CultureInfo.InvariantCulture);
            return parts.Length > 1 ? amount / double.Parse(parts[1], CultureInfo.InvariantCulture) : amount;
        }
    }
}
