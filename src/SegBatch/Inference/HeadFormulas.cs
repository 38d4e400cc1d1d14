using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace SegBatch.Inference;

/// <summary>What <see cref="TrimmedHead"/> says of its maps, in plain double precision: what the graph's own predictions are held against.</summary>
/// <param name="channels">Channels of each map.</param>
/// <param name="values">Values of each map [B, C, h, w].</param>
/// <param name="width">Input pixels.</param>
internal sealed class HeadFormulas(
    HeadParts parts,
    int[] strides,
    Dictionary<string, int> channels,
    Dictionary<string, float[]> values,
    int width,
    int height
)
{
    private readonly int _bins = parts.Box[0].Count / 4;

    /// <summary>The first value that differs, in words; null where all agree.</summary>
    public string? Compare(OrtValue predictions, int batch, double boxTolerance, double scoreTolerance)
    {
        var anchors = strides.Sum(stride => (width / stride) * (height / stride));
        var count = 4 + parts.Scores[0].Count + parts.Coefficients[0].Count;
        var shape = predictions.GetTensorTypeAndShape().Shape;
        long[] expected = parts.IsTransposed ? [batch, anchors, count] : [batch, count, anchors];
        if (!shape.SequenceEqual(expected))
        {
            return $"predictions are [{string.Join(", ", shape)}], not [{string.Join(", ", expected)}]";
        }

        var data = predictions.GetTensorDataAsSpan<float>();
        var row = new double[count];
        var step = batch * anchors > 3000 ? 7 : 1; // 7 divides no usual width, so all columns and rows are met
        for (var index = 0; index < batch * anchors; index += step)
        {
            var (picture, anchor) = Math.DivRem(index, anchors);
            Anchor(picture, anchor, row);
            for (var i = 0; i < count; i++)
            {
                var at = parts.IsTransposed ? (anchor * count) + i : (i * anchors) + anchor;
                var got = data[(picture * count * anchors) + at];
                var tolerance =
                    i < 4 ? boxTolerance
                    : i < 4 + parts.Scores[0].Count ? scoreTolerance
                    : 0;
                if (!(Math.Abs(got - row[i]) <= tolerance))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"value {i} of anchor {anchor} is {got:g7}, not {row[i]:g7}");
                }
            }
        }

        return null;
    }

    /// <summary>cx, cy, w, h in input pixels, scores, coefficients.</summary>
    private void Anchor(int picture, int anchor, double[] row)
    {
        var level = 0;
        for (; anchor >= Cells(level); level++)
        {
            anchor -= Cells(level);
        }

        var (y, x) = Math.DivRem(anchor, width / strides[level]);
        var (left, top) = (Distance(picture, level, anchor, 0), Distance(picture, level, anchor, 1));
        var (right, bottom) = (Distance(picture, level, anchor, 2), Distance(picture, level, anchor, 3));
        row[0] = (x + 0.5 + ((right - left) / 2)) * strides[level];
        row[1] = (y + 0.5 + ((bottom - top) / 2)) * strides[level];
        row[2] = (left + right) * strides[level];
        row[3] = (top + bottom) * strides[level];
        var at = 4;
        for (var i = 0; i < parts.Scores[level].Count; i++)
        {
            row[at++] = 1 / (1 + Math.Exp(-Value(parts.Scores[level], picture, level, anchor, i)));
        }

        for (var i = 0; i < parts.Coefficients[level].Count; i++)
        {
            row[at++] = Value(parts.Coefficients[level], picture, level, anchor, i);
        }
    }

    private int Cells(int level) => (width / strides[level]) * (height / strides[level]);

    private double Distance(int picture, int level, int cell, int side)
    {
        if (_bins == 1)
        {
            return Value(parts.Box[level], picture, level, cell, side);
        }

        var (sum, weighted) = (0.0, 0.0);
        for (var bin = 0; bin < _bins; bin++)
        {
            var weight = Math.Exp(Value(parts.Box[level], picture, level, cell, (side * _bins) + bin));
            sum += weight;
            weighted += bin * weight;
        }

        return weighted / sum;
    }

    private float Value(in MapChannels part, int picture, int level, int cell, int channel) =>
        values[part.Map][(((picture * channels[part.Map]) + part.First + channel) * Cells(level)) + cell];
}
