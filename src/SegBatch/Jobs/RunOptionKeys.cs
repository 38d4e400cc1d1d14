using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `run`: how the machine is used.</summary>
internal static class RunOptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Run("device", Devices, "where the network runs", o => o.Device, (o, v) => o with { Device = (string)v! }),
        Run(
            "batch",
            Integer(1, 256).OrAuto(),
            "pictures per run of the network; auto is 1 on the CPU, 8 on a GPU",
            o => o.Batch,
            (o, v) => o with { Batch = Maybe(v) }
        ),
        Run(
            "videos",
            Integer(1, 256).OrAuto(),
            "videos in work at once; auto goes by cores or GPU",
            o => o.Videos,
            (o, v) => o with { Videos = Maybe(v) }
        ),
        Run(
            "precision",
            Choice("auto", "fp32", "fp16"),
            "arithmetic of the network on a GPU",
            o => o.Precision,
            (o, v) => o with { Precision = (string)v! }
        ),
        Run("half", Flag, "the same as precision: fp16", _ => null, (o, v) => o with { Precision = (bool)v! ? "fp16" : "fp32" }) with
        {
            IsHabit = true,
        },
        Run(
            "candidates",
            Flag,
            "keep what only the tracker saw, for tracking again",
            o => o.Candidates,
            (o, v) => o with { Candidates = (bool)v! }
        ),
    ];

    private static OptionValue Devices =>
        Choice("auto", "cpu", "cuda", "cuda:N", "tensorrt", "tensorrt:N") with
        {
            Habit = word =>
                word == "gpu" ? "cuda"
                : word.Length is 1 or 2 && word.All(char.IsAsciiDigit) ? $"cuda:{word}"
                : word,
        };
}
