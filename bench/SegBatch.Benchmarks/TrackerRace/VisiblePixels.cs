using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>Which pixel of a frame belongs to which figure: to the nearest one that holds its centre.</summary>
internal sealed class VisiblePixels(FrameSize size)
{
    private const byte Nothing = 255;

    /// <summary>Pixels around a figure's place that displaced ones may lie in.</summary>
    private const int Margin = 8;

    private static readonly int[] s_still = new int[256];

    private readonly byte[] _owners = new byte[size.Area];
    private long[] _areas = [];
    private long[] _visible = [];
    private (int Left, int Top, int Right, int Bottom)[] _places = [];

    /// <summary>Pixels of a figure that are seen.</summary>
    public long Visible(int figure) => _visible[figure];

    /// <summary>Share of a figure's pixels inside the frame that is seen; 0 for one that is outside.</summary>
    public double Share(int figure) => _areas[figure] == 0 ? 0 : (double)_visible[figure] / _areas[figure];

    /// <summary>Draws all figures of a frame.</summary>
    public void Draw(IReadOnlyList<Figure> figures, int frame)
    {
        (_areas, _visible, _places) = (new long[figures.Count], new long[figures.Count], new (int, int, int, int)[figures.Count]);
        _owners.AsSpan().Fill(Nothing);
        foreach (var index in Enumerable.Range(0, figures.Count).OrderBy(index => figures[index].Foot(frame).Y))
        {
            var figure = figures[index];
            var foot = figure.Foot(frame);
            var place = (
                Math.Clamp((int)(foot.X - figure.Width / 2) - 1, 0, size.Width),
                Math.Clamp((int)(foot.Y - figure.Height) - 1, 0, size.Height),
                Math.Clamp((int)(foot.X + figure.Width / 2) + 2, 0, size.Width),
                Math.Clamp((int)foot.Y + 2, 0, size.Height)
            );
            _places[index] = place;
            var stride = figure.Stride(frame);
            for (var y = place.Item2; y < place.Item4; y++)
            {
                for (var x = place.Item1; x < place.Item3; x++)
                {
                    if (figure.Holds((x + 0.5 - foot.X) / (0.5 * figure.Width), (foot.Y - y - 0.5) / figure.Height, stride))
                    {
                        _areas[index]++;
                        ref var owner = ref _owners[(y * size.Width) + x];
                        if (owner != Nothing)
                        {
                            _visible[owner]--;
                        }

                        owner = (byte)index;
                        _visible[index]++;
                    }
                }
            }
        }
    }

    /// <summary>Whether two figures touch or nearly do: their places overlap.</summary>
    public bool Meet(int a, int b)
    {
        var (p, q) = (_places[a], _places[b]);
        return p.Left < q.Right && q.Left < p.Right && p.Top < q.Bottom && q.Top < p.Bottom;
    }

    /// <summary>What is seen of a figure, or of two as one.</summary>
    public RleMask Mask(int figure) => Mask(figure, -1, s_still, s_still, int.MaxValue);

    /// <summary>What is seen of a figure, or of two as one, with ragged edges.</summary>
    /// <param name="figure">Which.</param>
    /// <param name="other">The second one; -1 for none.</param>
    /// <param name="across">Displacement to the right, by row / 8.</param>
    /// <param name="down">Displacement downwards, by column / 8.</param>
    /// <param name="bottom">Row that the mask ends before.</param>
    public RleMask Mask(int figure, int other, ReadOnlySpan<int> across, ReadOnlySpan<int> down, int bottom)
    {
        var counts = new List<int>();
        var written = 0;
        var place = _places[figure];
        if (other >= 0)
        {
            var second = _places[other];
            place = (
                Math.Min(place.Left, second.Left),
                Math.Min(place.Top, second.Top),
                Math.Max(place.Right, second.Right),
                Math.Max(place.Bottom, second.Bottom)
            );
        }

        for (var x = Math.Max(0, place.Left - Margin); x < Math.Min(size.Width, place.Right + Margin); x++)
        {
            for (var y = Math.Max(0, place.Top - Margin); y < Math.Min(Math.Min(size.Height, bottom), place.Bottom + Margin); y++)
            {
                var (fromX, fromY) = (x + across[y >> 3], y + down[x >> 3]);
                if (fromX < 0 || fromX >= size.Width || fromY < 0 || fromY >= size.Height)
                {
                    continue;
                }

                var owner = _owners[(fromY * size.Width) + fromX];
                if (owner == figure || (other >= 0 && owner == other))
                {
                    Set((x * size.Height) + y, counts, ref written);
                }
            }
        }

        if (written < size.Area)
        {
            counts.Add((int)size.Area - written);
        }

        return new RleMask(size, counts.ToArray());
    }

    /// <summary>A rectangle as a mask.</summary>
    public static RleMask Rectangle(FrameSize size, int left, int top, int width, int height)
    {
        var counts = new List<int>();
        var written = 0;
        for (var x = left; x < left + width; x++)
        {
            for (var y = top; y < top + height; y++)
            {
                Set((x * size.Height) + y, counts, ref written);
            }
        }

        counts.Add((int)size.Area - written);
        return new RleMask(size, counts.ToArray());
    }

    /// <summary>Sets one more pixel, by its position down the columns.</summary>
    private static void Set(int position, List<int> counts, ref int written)
    {
        if (position == written && counts.Count > 0)
        {
            counts[^1]++;
        }
        else
        {
            counts.Add(position - written);
            counts.Add(1);
        }

        written = position + 1;
    }
}
