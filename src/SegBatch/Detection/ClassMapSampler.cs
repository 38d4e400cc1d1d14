using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Brings what a semantic network says of its grid to the frame, straight to runs of labels. Scores are sampled bilinearly and the best
/// channel of each pixel is taken (not: the best channels sampled, which would make steps); a finished class map is sampled by the
/// nearest point. Keeps its memory: one instance per thread.
/// </summary>
internal sealed class ClassMapSampler
{
    private readonly ClassGrid _grid = new();
    private readonly MixedCell _cell = new();
    private ushort[] _strip = [];
    private ushort[] _labels = [];

    /// <param name="scores">Logits or probabilities, [channels, height, width].</param>
    /// <param name="size">Width and height of the grid.</param>
    /// <param name="sampling">How the frame's pixels lie on the grid.</param>
    /// <param name="labelOf">Label by channel, or <see cref="LabelRuns.Nothing"/>.</param>
    /// <param name="runs">Receives the frame's labels.</param>
    public void Scores(ReadOnlySpan<float> scores, FrameSize size, PrototypeSampling sampling, ReadOnlySpan<ushort> labelOf, LabelRuns runs)
    {
        var (x, y) = (sampling.X, sampling.Y);
        var frame = new FrameSize(x.Index.Length, y.Index.Length);
        runs.Begin(frame);
        _grid.Compute(scores, labelOf.Length, size);
        for (var column = 0; column < size.Width; column++)
        {
            var (left, right) = (x.FirstPixel[column], x.FirstPixel[column + 1]);
            if (left == right)
            {
                continue;
            }

            Reserve(ref _strip, (right - left) * frame.Height);
            FillStrip(scores, size, sampling, labelOf, column, left, right);
            for (var pixel = left; pixel < right; pixel++)
            {
                runs.AddColumn(_strip.AsSpan((pixel - left) * frame.Height, frame.Height));
            }
        }
    }

    /// <param name="labels">Label of each grid point, row by row.</param>
    /// <inheritdoc cref="Scores" path="/param"/>
    public void Labels(ReadOnlySpan<ushort> labels, FrameSize size, PrototypeSampling sampling, LabelRuns runs)
    {
        var (x, y) = (sampling.X, sampling.Y);
        var frame = new FrameSize(x.Index.Length, y.Index.Length);
        runs.Begin(frame);
        Reserve(ref _strip, frame.Height);
        var strip = _strip.AsSpan(0, frame.Height);
        var before = -1;
        for (var pixel = 0; pixel < frame.Width; pixel++)
        {
            var column = Nearest(x, pixel);
            if (column == before)
            {
                runs.RepeatColumn();
                continue;
            }

            for (var row = 0; row < frame.Height; row++)
            {
                strip[row] = labels[(Nearest(y, row) * size.Width) + column];
            }

            runs.AddColumn(strip);
            before = column;
        }
    }

    /// <summary>A buffer for the labels of a grid, until the next call.</summary>
    public Span<ushort> LabelBuffer(int length)
    {
        Reserve(ref _labels, length);
        return _labels.AsSpan(0, length);
    }

    /// <summary>Labels of the pixels [left, right) of one column of cells.</summary>
    private void FillStrip(
        ReadOnlySpan<float> scores,
        FrameSize size,
        PrototypeSampling sampling,
        ReadOnlySpan<ushort> labelOf,
        int column,
        int left,
        int right
    )
    {
        var (y, height) = (sampling.Y, sampling.Y.Index.Length);
        var cells = _grid.Column(column);
        for (var row = 0; row < cells.Length; )
        {
            var (channel, next) = (cells[row], row + 1);
            while (channel != ClassGrid.Mixed && next < cells.Length && cells[next] == channel)
            {
                next++;
            }

            var (top, bottom) = (y.FirstPixel[row], y.FirstPixel[next]);
            if (top < bottom && channel == ClassGrid.Mixed)
            {
                _cell.Take(scores, labelOf.Length, size, column, row);
            }

            for (var pixel = left; pixel < right && top < bottom; pixel++)
            {
                var target = _strip.AsSpan(((pixel - left) * height) + top, bottom - top);
                if (channel == ClassGrid.Mixed)
                {
                    _cell.Sample(sampling.X.Weight[pixel], y.Weight.AsSpan(top, bottom - top), labelOf, target);
                }
                else
                {
                    target.Fill(labelOf[channel]);
                }
            }

            row = next;
        }
    }

    /// <summary>The grid point whose area a pixel's centre lies in.</summary>
    private static int Nearest(AxisSampling axis, int pixel) =>
        Math.Min(axis.Index[pixel] + (axis.Weight[pixel] >= 0.5f ? 1 : 0), axis.Last);

    private static void Reserve(ref ushort[] array, int length)
    {
        if (array.Length < length)
        {
            array = new ushort[Math.Max(length, 2 * array.Length)];
        }
    }
}
