namespace SegBatch.Output;

public enum VideoCodec
{
    H264,
    Hevc,
    Av1,
}

public enum AudioPolicy
{
    /// <summary>Packets of every audio stream that the container takes are copied.</summary>
    Copy,

    None,
}

/// <summary>How annotated videos are written.</summary>
public sealed record VideoEncodingOptions
{
    /// <summary>False writes no annotated video at all.</summary>
    public bool Video { get; init; } = true;

    public VideoCodec Codec { get; init; } = VideoCodec.H264;

    /// <summary>"mp4" or "mkv".</summary>
    public string Container { get; init; } = "mp4";

    /// <summary>Constant rate factor of the encoder: lower is better and larger.</summary>
    public int Crf { get; init; } = 23;

    public string Preset { get; init; } = "superfast";

    public AudioPolicy Audio { get; init; } = AudioPolicy.Copy;

    /// <summary>Encoder threads; null: 1, which costs the least CPU per frame. Cores are shared by stages and by videos, not inside one.</summary>
    public int? Threads { get; init; }
}
