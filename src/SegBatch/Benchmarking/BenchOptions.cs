namespace SegBatch.Benchmarking;

/// <summary>How long and how strictly to measure.</summary>
public sealed record BenchOptions
{
    /// <summary>Undisturbed rounds that count; every round runs every leg once.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Frames that are read of each video.</summary>
    public int FramesPerVideo { get; init; } = 100;

    /// <summary>Also measure with annotated video.</summary>
    public bool Video { get; init; } = true;

    /// <summary>Another model file for the yardstick, run bare on its own full square: quantised against original. Null: the job's own.</summary>
    public string? YardstickModel { get; init; }

    /// <summary>A round in which other programs took more than this share of the machine during a leg does not count.</summary>
    public double MostForeignShare { get; init; } = 0.05;

    /// <summary>Rounds in all, so that a busy machine ends too; what counts then are the least disturbed ones, and the report says so.</summary>
    public int MostRounds => 3 * Rounds;
}
