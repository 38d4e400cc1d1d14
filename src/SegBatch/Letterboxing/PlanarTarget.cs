namespace SegBatch.Letterboxing;

/// <summary>Where the resized picture goes inside three planes of the input: a view with the padding cut off.</summary>
/// <param name="values">All three planes.</param>
/// <param name="planeSize">Values from one plane to the next.</param>
/// <param name="stride">Values from one row to the next.</param>
/// <param name="offset">First value of the resized picture within a plane.</param>
internal readonly ref struct PlanarTarget(Span<float> values, int planeSize, int stride, int offset)
{
    private readonly Span<float> _values = values;

    /// <summary>A row of the resized picture in plane 0 (R), 1 (G) or 2 (B).</summary>
    public Span<float> Row(int plane, int y, int width) => _values.Slice(plane * planeSize + y * stride + offset, width);
}
