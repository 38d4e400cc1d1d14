namespace SegBatch.Jobs;

/// <summary>Why a job as a whole cannot go on. The exit code is part of the command line's contract.</summary>
public sealed class JobException(JobFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public JobFailure Failure { get; } = failure;
}

/// <summary>Kinds of job failure; each has the exit code of its value.</summary>
public enum JobFailure
{
    /// <summary>The output holds results of another plan.</summary>
    PlanMismatch = 65,

    /// <summary>A device or storage that the job names cannot be reached.</summary>
    Unavailable = 69,

    /// <summary>The output cannot be written.</summary>
    CannotWrite = 73,

    /// <summary>The manifest or the model is wrong; trying again does not help.</summary>
    Configuration = 78,
}
