namespace SegBatch.Pipeline;

/// <summary>What one stage of a graph did.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Items">Messages it worked on.</param>
/// <param name="Busy">Time spent inside its work, summed over its workers, waiting for shared resources included.</param>
public sealed record StageReport(string Name, long Items, TimeSpan Busy);
