namespace SegBatch.Letterboxing;

/// <summary>Where the resized picture goes inside three planes of the input: a view with the padding cut off.</summary>
/// <param name="values">All three planes.</param>
/// <param name="planeSize">Values from one plane to the next.</param>
/// <param name="stride">Values from one row to the next.</param>
/// <param name="offset">First value of the resized picture within a plane.</param>
/// <param name="order">Which planes are red and blue.</param>
/// <param name="scales">What levels divided by 255 are turned into, plane by plane; null leaves them.</param>
internal readonly ref struct PlanarTarget(
    Span<float> values,
    int planeSize,
    int stride,
    int offset,
    ChannelOrder order = ChannelOrder.Rgb,
    ChannelScale[]? scales = null
)
{
    private readonly Span<float> _values = values;

    /// <summary>The plane of red; that of blue is 2 minus it.</summary>
    public int Red => order == ChannelOrder.Rgb ? 0 : 2;

    /// <summary>A row of the resized picture in a plane.</summary>
    public Span<float> Row(int plane, int y, int width) => _values.Slice(plane * planeSize + y * stride + offset, width);

    /// <summary>Call it when a row of levels divided by 255 was written in all planes.</summary>
    public void Finish(int y, int width)
    {
        for (var plane = 0; plane < scales?.Length; plane++)
        {
            scales[plane].Apply(Row(plane, y, width));
        }
    }
}
