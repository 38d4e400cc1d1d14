namespace SegBatch.Demo;

/// <summary>What the demo model knows, by its class ids.</summary>
public enum ShapeKind
{
    Disc = 0,
    Square = 1,
    Triangle = 2,

    /// <summary>The hole is not part of it.</summary>
    Ring = 3,
}

/// <summary>A shape around the origin, given by its signed distance: negative inside.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Radius">Half of the nominal size, pixels: of a square half the side, of a triangle the circumradius / 1.15.</param>
/// <param name="Hole">Radius of a ring's hole / radius.</param>
internal readonly record struct Shape(ShapeKind Kind, double Radius, double Hole)
{
    private const double TriangleScale = 1.15;

    /// <summary>Area in square pixels.</summary>
    public double Area =>
        Kind switch
        {
            ShapeKind.Disc => Math.PI * Radius * Radius,
            ShapeKind.Square => 4 * Radius * Radius,
            ShapeKind.Triangle => 0.75 * Math.Sqrt(3) * TriangleScale * TriangleScale * Radius * Radius,
            _ => Math.PI * Radius * Radius * (1 - Hole * Hole),
        };

    /// <summary>No point of the shape is farther from the origin, whatever its rotation.</summary>
    public double Reach => Radius * (Kind == ShapeKind.Square ? Math.Sqrt(2) : TriangleScale);

    /// <summary>Distance of a point to the outline, pixels; exact inside and near the edges, a lower bound beyond corners.</summary>
    public double Distance(double x, double y)
    {
        switch (Kind)
        {
            case ShapeKind.Disc:
                return Math.Sqrt(x * x + y * y) - Radius;
            case ShapeKind.Square:
                return Math.Max(Math.Abs(x), Math.Abs(y)) - Radius;
            case ShapeKind.Triangle:
                var inradius = 0.5 * TriangleScale * Radius;
                var (slope, half) = (0.5 * Math.Sqrt(3) * Math.Abs(x), 0.5 * y);
                return Math.Max(y, slope - half) - inradius;
            default:
                var thickness = 0.5 * Radius * (1 - Hole);
                return Math.Abs(Math.Sqrt(x * x + y * y) - (Radius - thickness)) - thickness;
        }
    }
}
