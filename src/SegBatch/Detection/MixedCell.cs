using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// One cell of a grid of scores whose corners disagree on the best channel: every channel that can win anywhere in it, with its four
/// corners. A channel whose best corner is below some other's worst corner cannot. Reused from cell to cell.
/// </summary>
internal sealed class MixedCell
{
    private const int Lanes = 8;

    private readonly List<(int Channel, float A, float B, float C, float D)> _channels = [];

    /// <summary>Takes the corners: A and B above, C and D below, A and C left.</summary>
    /// <param name="scores">[channels, height, width].</param>
    public void Take(ReadOnlySpan<float> scores, int channels, FrameSize size, int column, int row)
    {
        var right = column + 1 < size.Width ? 1 : 0;
        var below = row + 1 < size.Height ? size.Width : 0;
        var (at, plane) = ((row * size.Width) + column, (int)size.Area);
        var worst = float.NegativeInfinity;
        _channels.Clear();
        for (var channel = 0; channel < channels; channel++, at += plane)
        {
            var (a, b, c, d) = (scores[at], scores[at + right], scores[at + below], scores[at + below + right]);
            if (Math.Max(Math.Max(a, b), Math.Max(c, d)) >= worst)
            {
                _channels.Add((channel, a, b, c, d));
                worst = Math.Max(worst, Math.Min(Math.Min(a, b), Math.Min(c, d)));
            }
        }

        // Those that were looked at before the worst corners were known.
        var kept = 0;
        foreach (var one in CollectionsMarshal.AsSpan(_channels))
        {
            if (Math.Max(Math.Max(one.A, one.B), Math.Max(one.C, one.D)) >= worst)
            {
                _channels[kept++] = one;
            }
        }

        _channels.RemoveRange(kept, _channels.Count - kept);
    }

    /// <summary>The label of each pixel of a column within the cell.</summary>
    /// <param name="share">Share of the right corners.</param>
    /// <param name="lowerShares">Per pixel: share of the lower corners.</param>
    /// <param name="labelOf">Label by channel.</param>
    /// <param name="labels">Receives as many labels.</param>
    public void Sample(float share, ReadOnlySpan<float> lowerShares, ReadOnlySpan<ushort> labelOf, Span<ushort> labels)
    {
        Span<float> lower = stackalloc float[Lanes];
        Span<int> winners = stackalloc int[Lanes];
        lower.Clear();
        for (var y = 0; y < labels.Length; y += Lanes)
        {
            var count = Math.Min(Lanes, labels.Length - y);
            lowerShares.Slice(y, count).CopyTo(lower);
            var below = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(lower));
            var above = Vector256<float>.One - below;
            var best = Vector256.Create(float.NegativeInfinity);
            var winner = Vector256<int>.Zero;
            foreach (ref readonly var one in CollectionsMarshal.AsSpan(_channels))
            {
                var upperEdge = ((1f - share) * one.A) + (share * one.B);
                var lowerEdge = ((1f - share) * one.C) + (share * one.D);
                var value = (above * upperEdge) + (below * lowerEdge);
                var better = Vector256.GreaterThan(value, best);
                best = Vector256.ConditionalSelect(better, value, best);
                winner = Vector256.ConditionalSelect(better.AsInt32(), Vector256.Create(one.Channel), winner);
            }

            winner.StoreUnsafe(ref MemoryMarshal.GetReference(winners));
            for (var i = 0; i < count; i++)
            {
                labels[y + i] = labelOf[winners[i]];
            }
        }
    }
}
