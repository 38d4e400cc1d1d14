using SegBatch.Geometry;

namespace SegBatch.Tests.Motion;

/// <summary>Pictures of a plane full of soft spots, seen through a camera that moves exactly as wanted.</summary>
internal static class DrawnMotion
{
    /// <param name="motion">Where a point of the first picture lies in the second one, boxes' coordinates.</param>
    /// <param name="others">Share of the width, from the left, that moves otherwise: what is there goes 20 pixels to the right and 10 down.</param>
    public static MotionPair Draw(FrameSize size, AffineMotion motion, double others = 0)
    {
        var determinant = motion.A * motion.D - motion.B * motion.C;
        var (before, now) = (new byte[size.Area], new byte[size.Area]);
        for (var y = 0; y < size.Height; y++)
        {
            for (var x = 0; x < size.Width; x++)
            {
                var at = y * size.Width + x;
                before[at] = Plane(x + 0.5, y + 0.5);
                var (fromX, fromY) = (x + 0.5 - motion.Tx, y + 0.5 - motion.Ty);
                now[at] =
                    x < others * size.Width
                        ? Plane(x - 19.5, y - 9.5)
                        : Plane((motion.D * fromX - motion.B * fromY) / determinant, (motion.A * fromY - motion.C * fromX) / determinant);
            }
        }

        return new MotionPair(size, before, now);
    }

    /// <summary>Random levels at the points of grids 11, 23 and 47 pixels wide, smooth in between.</summary>
    private static byte Plane(double x, double y)
    {
        var sum = 0.0;
        for (var octave = 0; octave < 3; octave++)
        {
            var width = (12 << octave) - 1;
            var (gridX, gridY) = (Math.Floor(x / width), Math.Floor(y / width));
            var (right, down) = (Smooth(x / width - gridX), Smooth(y / width - gridY));
            var (column, row) = ((int)gridX, (int)gridY);
            var above = (1 - right) * Level(column, row, octave) + right * Level(column + 1, row, octave);
            var below = (1 - right) * Level(column, row + 1, octave) + right * Level(column + 1, row + 1, octave);
            sum += (1 - down) * above + down * below;
        }

        return (byte)Math.Round(sum * 85);
    }

    private static double Smooth(double t) => t * t * t * (t * (6 * t - 15) + 10);

    private static double Level(int column, int row, int octave)
    {
        var hash = unchecked((uint)(column * 374761393 + row * 668265263 + octave * 974711));
        hash = (hash ^ (hash >> 13)) * 1274126177;
        return ((hash ^ (hash >> 16)) & 0xFFFF) / 65535.0;
    }
}
