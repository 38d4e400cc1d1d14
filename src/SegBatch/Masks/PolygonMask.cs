using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>Polygons as masks.</summary>
public static class PolygonMask
{
    /// <summary>
    /// Pixels whose centre lies inside any of the polygons, each by the even-odd rule. COCO's own tools also round the outline to
    /// fifths of a pixel, so that a mask of theirs may differ by pixels along the edge.
    /// </summary>
    /// <param name="polygons">Each x, y, x, y, … in frame pixels; the last point is joined with the first.</param>
    /// <returns>A mask with memory of its own.</returns>
    /// <exception cref="FormatException">A polygon has fewer than three points or an odd number of values.</exception>
    public static RleMask Fill(IReadOnlyList<double[]> polygons, FrameSize size)
    {
        var masks = polygons.Select(polygon => Fill(polygon, size)).ToArray();
        return MaskMerge.Union(masks);
    }

    private static RleMask Fill(double[] polygon, FrameSize size)
    {
        if (polygon.Length < 6 || polygon.Length % 2 != 0)
        {
            throw new FormatException($"a polygon has {polygon.Length} values; it takes pairs of x and y, at least three");
        }

        var counts = new List<int>();
        var end = 0; // of the last run
        for (var column = 0; column < size.Width; column++)
        {
            var crossings = Crossings(polygon, column + 0.5);
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var start = (column * size.Height) + Row(crossings[i]);
                var length = (column * size.Height) + Row(crossings[i + 1]) - start;
                if (length == 0)
                {
                    continue;
                }

                counts.Add(start - end);
                counts.Add(length);
                end = start + length;
            }
        }

        counts.Add((int)size.Area - end);
        return new RleMask(size, counts.ToArray());

        // The first row whose centre is not above the crossing.
        int Row(double y) => (int)Math.Clamp(Math.Ceiling(y - 0.5), 0, size.Height);
    }

    /// <summary>Where a vertical line crosses the outline, downwards. Each edge holds its left end but not its right one.</summary>
    private static List<double> Crossings(double[] polygon, double x)
    {
        var crossings = new List<double>();
        for (var i = 0; i < polygon.Length; i += 2)
        {
            var next = (i + 2) % polygon.Length;
            var (x1, y1, x2, y2) = (polygon[i], polygon[i + 1], polygon[next], polygon[next + 1]);
            if (x1 <= x != x2 <= x)
            {
                crossings.Add(y1 + ((x - x1) / (x2 - x1) * (y2 - y1)));
            }
        }

        crossings.Sort();
        return crossings;
    }
}
