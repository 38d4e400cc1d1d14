namespace SegBatch.Benchmarks.Throughput;

/// <summary>One line of the table of goals.</summary>
/// <param name="Id">"C1".</param>
/// <param name="Measure">What is measured, in words.</param>
/// <param name="Good">What a good build reaches.</param>
/// <param name="Best">What is near the limit of the machine.</param>
/// <param name="IsMore">More is better; else less.</param>
/// <param name="Unit">Behind the figures; empty for ratios.</param>
internal sealed record Goal(string Id, string Measure, double Good, double Best, bool IsMore, string Unit = "")
{
    public static IReadOnlyList<Goal> All { get; } =
    [
        new("C1", "pipeline to tables ÷ bare runtime, 640x640", 1.00, 1.12, true),
        new("C2", "the same with annotated video, x264 ultrafast", 0.90, 1.02, true),
        new("C3", "pipeline in the smallest rectangle ÷ bare runtime, 640x640", 1.6, 1.85, true),
        new("C4", "int8 in the rectangle ÷ bare runtime in fp32, 640x640", 2.3, 2.8, true),
        new("C5", "CPU per frame outside network and codecs", 3.0, 1.2, false, "ms"),
        new("C6", "mask and run lengths of one object of 300x500", 60, 30, false, "µs"),
        new("C7", "letterbox of a 1080p frame ÷ swscale", 1.0, 0.7, false),
        new("C8", "ByteTrack, one frame of 50 objects", 100, 40, false, "µs"),
        new("C9", "camera motion, one frame", 3000, 500, false, "µs"),
        new("C10", "peak memory of 20,000 frames ÷ 500 frames", 1.05, 1.01, false),
        new("C11", "peak memory of one file, tables only", 450, 300, false, "MB"),
        new("C12", "frames per second of 64 short files ÷ one long one", 0.98, 1.05, true),
        new("C13", "managed memory allocated per frame", 8192, 1024, false, "B"),
        new("C14", "scheduler per frame", 20, 5, false, "µs"),
        new("C15", "whole command on a clip of two frames", 1.0, 0.4, false, "s"),
        new("C16", "bytes of an object in Parquet ÷ JSON", 0.25, 0.12, false),
        new("C17", "tables that differ between worker counts, orders, and after a kill", 0, 0, false, "files"),
        new("C18", "time to stop at a random point (nothing may leak)", 1.0, 0.2, false, "s"),
    ];

    public string Verdict(double figure) =>
        Reaches(figure, Best) ? "near the limit"
        : Reaches(figure, Good) ? "reached"
        : "missed";

    /// <summary>A bound with its sign and unit.</summary>
    public string Bound(double bound) => $"{(IsMore ? "≥" : "≤")} {Text(bound)}";

    public string Text(double figure)
    {
        var digits =
            Math.Abs(figure) >= 100 || figure == Math.Floor(figure) && Unit.Length > 0 ? "0"
            : Math.Abs(figure) >= 10 ? "0.0"
            : "0.00";
        return $"{figure.ToString(digits, System.Globalization.CultureInfo.InvariantCulture)}{(Unit.Length > 0 ? " " : "")}{Unit}";
    }

    private bool Reaches(double figure, double bound) => IsMore ? figure >= bound : figure <= bound;
}

/// <summary>What was measured for a goal.</summary>
/// <param name="Value">The figure; null when it could not be measured.</param>
/// <param name="Detail">The repetitions, or why there is no figure.</param>
internal sealed record GoalFigure(double? Value, string Detail)
{
    public static GoalFigure Missing(string why) => new(null, why);
}
