namespace SegBatch.Geometry;

/// <summary>Width and height in whole pixels. Always width first.</summary>
public readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>Number of pixels; 64-bit because 16-bit sides multiply past int.</summary>
    public long Area => (long)Width * Height;

    public override string ToString() => $"{Width}x{Height}";
}
