namespace SegBatch.Decoding;

/// <summary>A moment in a source, by the clock or by the count.</summary>
public readonly record struct Moment(double? Seconds, long? Frame)
{
    public static Moment AtSeconds(double seconds) => new(seconds, null);

    public static Moment AtFrame(long frame) => new(null, frame);
}

/// <summary>Which frames of a source are read, and how.</summary>
public sealed record DecodingOptions
{
    /// <summary>
    /// First moment that is read; null is the beginning. Seconds count from the stream's start. Everything before is decoded and
    /// dropped, so that indices and the pictures after a damaged place stay the same as in a run over the whole file.
    /// </summary>
    public Moment? Start { get; init; }

    /// <summary>First moment that is not read any more; null reads to the end.</summary>
    public Moment? End { get; init; }

    /// <summary>Every n-th frame, counted from the first that is read.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Hardware decoders to try, in order: "cuda", "vaapi", "qsv". Empty decodes in software.</summary>
    public IReadOnlyList<string> HardwareAccelerations { get; init; } = [];

    /// <summary>Also deliver RGB, converted as the reference's decoder does (swscale, bicubic).</summary>
    public bool ReferenceRgb { get; init; }

    /// <summary>
    /// Leave what CUDA decodes to 8-bit 4:2:0 in the device's memory; samples come to the host when they are asked for. Frames that must
    /// be turned, or are wanted as RGB, come at once. Whoever takes the frames releases each surface before asking for the next frame:
    /// NVIDIA's decoders have 32 at most.
    /// </summary>
    public bool KeepSurfaces { get; init; }

    /// <summary>Also deliver what the codec says of the motion of blocks, where software decodes and the codec is one that says it.</summary>
    public bool MotionVectors { get; init; }

    /// <summary>Turns every software-decoded frame into a surface in host memory: for tests of what reads surfaces.</summary>
    internal bool HostSurfaces { get; init; }

    /// <summary>Decoder threads; null: 1, which costs the least CPU per frame.</summary>
    public int? Threads { get; init; }
}
