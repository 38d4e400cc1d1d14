namespace SegBatch.Cli;

internal enum DoctorStatus
{
    Ok,

    /// <summary>Works without; something would be faster or is worth knowing.</summary>
    Note,

    /// <summary>Jobs cannot run, or not as they are by default.</summary>
    Missing,
}

/// <summary>One fact about this machine.</summary>
/// <param name="Group">What it belongs to: "FFmpeg", "ONNX Runtime", …</param>
/// <param name="Remedy">What to do about it; null where nothing is to do.</param>
internal sealed record DoctorFinding(string Group, string Name, DoctorStatus Status, string Value, string? Remedy = null);
