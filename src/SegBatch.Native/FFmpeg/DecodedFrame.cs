namespace SegBatch.Native.FFmpeg;

/// <summary>What the codec predicted a frame from.</summary>
public enum Prediction
{
    /// <summary>Nothing, or the codec does not say.</summary>
    Other,

    /// <summary>Earlier pictures: a P-frame.</summary>
    FromThePast,

    /// <summary>Earlier and later pictures: a B-frame.</summary>
    FromBoth,
}

/// <summary>Facts of a decoded frame.</summary>
public readonly record struct DecodedFrame
{
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Ticks of the stream's time base; null when neither container nor codec has one.</summary>
    public long? Pts { get; init; }

    public bool Corrupt { get; init; }

    public Prediction Prediction { get; init; }

    public bool IsInterlaced { get; init; }

    public bool IsRgb { get; init; }

    public SampleColor Color { get; init; }

    /// <summary>What makes the stored samples upright.</summary>
    public Orientation Orientation { get; init; }
}
