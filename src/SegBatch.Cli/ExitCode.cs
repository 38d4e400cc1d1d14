using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>What a script may conclude. Part of the contract: never renumbered.</summary>
public enum ExitCode
{
    AllDone = 0,

    /// <summary>An error nobody foresaw; a bug until shown otherwise.</summary>
    Unexpected = 1,

    /// <summary>Finished, with rejected or damaged videos.</summary>
    Partial = 2,

    Usage = 64,
    PlanMismatch = JobFailure.PlanMismatch,
    Unavailable = JobFailure.Unavailable,
    CannotWrite = JobFailure.CannotWrite,

    /// <summary>Stopped on request, or by something that passes: run again.</summary>
    Stopped = 75,

    /// <summary>The manifest, the model or the machine is wrong: do not run again unchanged.</summary>
    Configuration = JobFailure.Configuration,
}
