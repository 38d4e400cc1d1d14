namespace SegBatch.Masks;

/// <summary>One polygon for a mask of several parts, for formats that hold one polygon an object. Both rules were read off recorded polygons.</summary>
public static class ContourJoining
{
    /// <summary>The polygon with the most points, the first of equals; empty for no polygon.</summary>
    public static (int X, int Y)[] Largest(IReadOnlyList<(int X, int Y)[]> contours) => contours.MaxBy(contour => contour.Length) ?? [];

    /// <summary>
    /// All polygons in one ring: each is bridged to the next between their two nearest points, out on one side of every polygon and
    /// back on the other. A single polygon stays as it is; no polygon gives no points.
    /// </summary>
    public static (int X, int Y)[] All(IReadOnlyList<(int X, int Y)[]> contours)
    {
        if (contours.Count < 2)
        {
            return contours.Count == 0 ? [] : contours[0];
        }

        var bridges = new (int From, int To)[contours.Count - 1];
        for (var i = 0; i < bridges.Length; i++)
        {
            bridges[i] = Nearest(contours[i], contours[i + 1]);
        }

        var ring = new List<(int X, int Y)>();
        AddClosed(ring, contours[0], bridges[0].From);
        for (var i = 1; i < bridges.Length; i++)
        {
            AddArc(ring, contours[i], bridges[i - 1].To, bridges[i].From, outward: true);
        }

        AddClosed(ring, contours[^1], bridges[^1].To);
        for (var i = bridges.Length - 1; i > 0; i--)
        {
            AddArc(ring, contours[i], bridges[i - 1].To, bridges[i].From, outward: false);
        }

        return [.. ring];
    }

    /// <summary>Indices of the two points with the least distance; the first pair of equals.</summary>
    private static (int From, int To) Nearest((int X, int Y)[] a, (int X, int Y)[] b)
    {
        var (best, nearest) = (long.MaxValue, (0, 0));
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < b.Length; j++)
            {
                var (dx, dy) = ((long)a[i].X - b[j].X, (long)a[i].Y - b[j].Y);
                if (dx * dx + dy * dy < best)
                {
                    (best, nearest) = (dx * dx + dy * dy, (i, j));
                }
            }
        }

        return nearest;
    }

    private static void AddClosed(List<(int X, int Y)> ring, (int X, int Y)[] contour, int start)
    {
        for (var i = 0; i <= contour.Length; i++)
        {
            ring.Add(contour[(start + i) % contour.Length]);
        }
    }

    /// <summary>
    /// Outward: from the entry point straight to the exit point along the stored order, or against it if the exit is stored earlier.
    /// Back: from the exit on in the same sense around to the entry.
    /// </summary>
    private static void AddArc(List<(int X, int Y)> ring, (int X, int Y)[] contour, int entry, int exit, bool outward)
    {
        var step = entry <= exit ? 1 : -1;
        var (from, to) = outward ? (entry, exit) : (exit, entry);
        ring.Add(contour[from]);
        if (outward && entry == exit)
        {
            return;
        }

        for (var i = from; ; )
        {
            i = (i + step + contour.Length) % contour.Length;
            ring.Add(contour[i]);
            if (i == to)
            {
                return;
            }
        }
    }
}
