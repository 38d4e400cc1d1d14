using System.Buffers;

namespace SegBatch.Masks;

/// <summary>
/// Outer borders of a mask's 8-connected parts as polygons of pixel positions, by border following: S. Suzuki, K. Abe, "Topological
/// structural analysis of digitized binary images by border following", CVGIP 30 (1985), Algorithm 2 (outermost borders only). Holes, and
/// parts that lie inside holes, give none. Straight stretches (in the eight directions) keep only their ends. Points and their
/// order are those of OpenCV's findContours with RETR_EXTERNAL and CHAIN_APPROX_SIMPLE.
/// </summary>
public static class MaskContours
{
    /// <summary>Marks of the algorithm: a border pixel, and one whose right neighbour was seen to be background.</summary>
    private const sbyte Border = 2;
    private const sbyte RightBorder = -2;

    /// <summary>Steps to the eight neighbours counter-clockwise from the right, y downwards.</summary>
    private static readonly (int X, int Y)[] Steps = [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)];

    /// <summary>
    /// One polygon per outer border, in whole frame pixels (the positions of border pixels, so a part w pixels wide spans w − 1), each
    /// counter-clockwise on the screen from its topmost, then leftmost pixel. The border found last (lowest start) comes first.
    /// Empty for an empty mask; one point for a single pixel, two for a straight line.
    /// </summary>
    public static IReadOnlyList<(int X, int Y)[]> External(in RleMask mask)
    {
        var (left, top, right, bottom) = mask.PixelBounds;
        if (right == 0)
        {
            return [];
        }

        // The mask's box with one pixel of background around it, so that no neighbour needs a check.
        var (width, height) = (right - left + 2, bottom - top + 2);
        var rented = ArrayPool<sbyte>.Shared.Rent(width * height);
        try
        {
            var image = rented.AsSpan(0, width * height);
            image.Clear();
            Draw(mask, image, width, left - 1, top - 1);
            return Follow(image, width, left - 1, top - 1);
        }
        finally
        {
            ArrayPool<sbyte>.Shared.Return(rented);
        }
    }

    private static void Draw(in RleMask mask, Span<sbyte> image, int width, int left, int top)
    {
        var height = mask.Size.Height;
        var counts = mask.Counts.Span;
        var start = 0;
        for (var i = 0; i + 1 < counts.Length; i += 2)
        {
            start += counts[i];
            var (column, row) = Math.DivRem(start, height);
            for (var rest = counts[i + 1]; rest > 0; column++, row = 0)
            {
                var inColumn = Math.Min(rest, height - row);
                var at = (row - top) * width + column - left;
                for (var end = at + inColumn * width; at < end; at += width)
                {
                    image[at] = 1;
                }

                rest -= inColumn;
            }

            start += counts[i + 1];
        }
    }

    private static List<(int X, int Y)[]> Follow(Span<sbyte> image, int width, int left, int top)
    {
        Span<int> offsets = stackalloc int[8];
        for (var i = 0; i < 8; i++)
        {
            offsets[i] = Steps[i].Y * width + Steps[i].X;
        }

        var contours = new List<(int X, int Y)[]>();
        var points = new List<(int X, int Y)>();
        for (var rowStart = 0; rowStart < image.Length; rowStart += width)
        {
            var row = image.Slice(rowStart, width);
            var lastMark = (sbyte)0;
            for (var x = 0; ; )
            {
                var toRun = row[x..].IndexOfAnyExcept((sbyte)0);
                if (toRun < 0)
                {
                    break;
                }

                x += toRun;
                if (row[x] == 1 && lastMark <= 0)
                {
                    points.Clear();
                    FollowBorder(image, offsets, rowStart + x, (left + x, top + rowStart / width), points);
                    contours.Add([.. points]);
                }

                var run = row[x..].IndexOf((sbyte)0);
                run = run < 0 ? width - x : run;
                var mark = row.Slice(x, run).LastIndexOfAnyExcept((sbyte)1);
                lastMark = mark < 0 ? lastMark : row[x + mark];
                x += run;
            }
        }

        contours.Reverse();
        return contours;
    }

    private static void FollowBorder(
        Span<sbyte> image,
        ReadOnlySpan<int> offsets,
        int start,
        (int X, int Y) point,
        List<(int X, int Y)> points
    )
    {
        // Clockwise from the background pixel on the left: the pixel from which the walk will come back to the start.
        var direction = 4;
        do
        {
            direction = (direction - 1) & 7;
        } while (direction != 4 && image[start + offsets[direction]] == 0);

        if (direction == 4)
        {
            image[start] = RightBorder;
            points.Add(point);
            return;
        }

        var last = start + offsets[direction];
        var arrival = direction ^ 4;
        for (var current = start; ; )
        {
            // Counter-clockwise from the pixel the walk came from.
            var rightIsBackground = false;
            do
            {
                direction = (direction + 1) & 7;
                rightIsBackground |= direction == 0 && image[current + offsets[0]] == 0;
            } while (image[current + offsets[direction]] == 0);

            if (rightIsBackground)
            {
                image[current] = RightBorder;
            }
            else if (image[current] == 1)
            {
                image[current] = Border;
            }

            if (direction != arrival)
            {
                points.Add(point);
            }

            var next = current + offsets[direction];
            if (next == start && current == last)
            {
                return;
            }

            point = (point.X + Steps[direction].X, point.Y + Steps[direction].Y);
            (current, arrival, direction) = (next, direction, direction ^ 4);
        }
    }
}
