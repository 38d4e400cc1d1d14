namespace SegBatch.Geometry;

/// <summary>A map of the plane, frame pixels to frame pixels: (x, y) to (A x + B y + Tx, C x + D y + Ty).</summary>
public readonly record struct AffineMotion(double A, double B, double Tx, double C, double D, double Ty)
{
    /// <summary>Nothing moves.</summary>
    public static AffineMotion Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>How much longer a length becomes, over all directions: the square root of what an area becomes larger by.</summary>
    public double Scale => Math.Sqrt(Math.Abs((A * D) - (B * C)));
}
