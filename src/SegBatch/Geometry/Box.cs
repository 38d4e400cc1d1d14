namespace SegBatch.Geometry;

/// <summary>
/// Axis-aligned box. Pixel index 0 covers [0,1); right and bottom are exclusive. Frame pixels unless the
/// variable's name says otherwise (<c>boxInTensor</c>, <c>boxInMask</c>).
/// </summary>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    public float Width => X2 - X1;

    public float Height => Y2 - Y1;

    /// <summary>Area in square pixels; 0 for an inverted or empty box.</summary>
    public float Area => Math.Max(0f, Width) * Math.Max(0f, Height);

    public float CenterX => (X1 + X2) * 0.5f;

    public float CenterY => (Y1 + Y2) * 0.5f;

    /// <summary>Intersection over union in single precision, no epsilon; 0 when both boxes are empty.</summary>
    public static float IoU(in Box a, in Box b)
    {
        var width = Math.Max(0f, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1));
        var height = Math.Max(0f, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));
        var intersection = width * height;
        var union = a.Area + b.Area - intersection;
        return union > 0f ? intersection / union : 0f;
    }

    /// <summary>The part of the box inside a frame of the given size.</summary>
    public Box ClipTo(FrameSize size) =>
        new(
            Math.Clamp(X1, 0f, size.Width),
            Math.Clamp(Y1, 0f, size.Height),
            Math.Clamp(X2, 0f, size.Width),
            Math.Clamp(Y2, 0f, size.Height)
        );
}
