using System.Runtime.Intrinsics;
using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>One picture's anchors in the outputs of a trimmed network, worked out as <see cref="TrimmedHead"/> says, in single precision.</summary>
internal readonly struct LevelAnchors(TrimmedHead head, IReadOnlyList<OutputTensor> outputs, int batchIndex) : IAnchors
{
    private const int Lanes = 8;

    /// <inheritdoc/>
    public Box BoxInTensor(int anchor)
    {
        var level = Level(ref anchor);
        var map = outputs[level.Box.Output];
        var cells = map.Shape[2] * map.Shape[3];
        var values = map.Of(batchIndex)[((level.Box.First * cells) + anchor)..];
        var (y, x) = Math.DivRem(anchor, map.Shape[3]);
        Span<float> distances = stackalloc float[4];
        for (var side = 0; side < distances.Length; side++)
        {
            var bins = values[(side * head.Bins * cells)..];
            distances[side] = head.Bins == 1 ? bins[0] : Mean(bins, cells);
        }

        return AnchorBox.FromDistances(x, y, distances[0], distances[1], distances[2], distances[3], level.Stride);
    }

    /// <inheritdoc/>
    public void Coefficients(int anchor, scoped Span<float> target)
    {
        var level = Level(ref anchor);
        var map = outputs[level.Coefficients.Output];
        var cells = map.Shape[2] * map.Shape[3];
        var values = map.Of(batchIndex)[((level.Coefficients.First * cells) + anchor)..];
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = values[i * cells];
        }
    }

    /// <summary>The level an anchor lies on; leaves the number of its cell there.</summary>
    private HeadLevel Level(ref int anchor)
    {
        for (var i = 0; ; i++)
        {
            var shape = outputs[head.Levels[i].Scores.Output].Shape;
            var cells = shape[2] * shape[3];
            if (anchor < cells)
            {
                return head.Levels[i];
            }

            anchor -= cells;
        }
    }

    /// <summary>The mean of the bins' numbers under the softmax of their values.</summary>
    /// <param name="values">The bins, <paramref name="cells"/> apart.</param>
    private float Mean(ReadOnlySpan<float> values, int cells)
    {
        Span<float> logits = stackalloc float[(head.Bins + Lanes - 1) & -Lanes];
        logits.Fill(float.NegativeInfinity); // where there is no bin: no weight
        var highest = float.NegativeInfinity;
        for (var bin = 0; bin < head.Bins; bin++)
        {
            logits[bin] = values[bin * cells];
            highest = MathF.Max(highest, logits[bin]);
        }

        var number = Vector256<float>.Indices;
        var (sum, weighted) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var bin = 0; bin < logits.Length; bin += Lanes)
        {
            var weight = Vector256.Exp(Vector256.Create<float>(logits[bin..]) - Vector256.Create(highest));
            sum += weight;
            weighted += weight * number;
            number += Vector256.Create((float)Lanes);
        }

        return Vector256.Sum(weighted) / Vector256.Sum(sum);
    }
}
