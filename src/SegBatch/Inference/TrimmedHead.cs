namespace SegBatch.Inference;

/// <summary>Consecutive channels of one output [B, C, h, w] of a trimmed network.</summary>
/// <param name="Output">Which output.</param>
/// <param name="First">First channel.</param>
public readonly record struct LevelChannels(int Output, int First);

/// <summary>What a trimmed network gives for one grid of anchors: h rows of w anchors, <see cref="Stride"/> input pixels apart.</summary>
/// <param name="Box">4 * bins channels: per side (left, top, right, bottom) the logits of its distance's distribution.</param>
/// <param name="Scores">One channel of logits per class.</param>
/// <param name="Coefficients">One channel per mask coefficient.</param>
public sealed record HeadLevel(int Stride, LevelChannels Box, LevelChannels Scores, LevelChannels Coefficients);

/// <summary>
/// An anchor-free network whose graph ends at the convolutions of its head. What the removed part would have computed, and the
/// reader of these outputs owes (distribution focal loss: Li et al., 2020, https://arxiv.org/abs/2006.04388):
/// score = 1/(1+exp(-logit)); distance = stride * sum over bins of i * softmax(box logits)_i, or stride * value where there is
/// one bin; the box reaches from ((x+0.5) * stride - left, (y+0.5) * stride - top) to (… + right, … + bottom), input pixels.
/// Anchors count level by level, each row by row.
/// </summary>
public sealed record TrimmedHead
{
    /// <summary>In the order of anchors.</summary>
    public required IReadOnlyList<HeadLevel> Levels { get; init; }

    /// <summary>Bins of a side's distribution; 1: the distance itself.</summary>
    public required int Bins { get; init; }

    public required int Classes { get; init; }

    /// <summary>Mask coefficients per anchor = number of prototypes.</summary>
    public required int Coefficients { get; init; }

    /// <summary>The output that holds the prototypes [B, nm, mh, mw].</summary>
    public required int Prototypes { get; init; }

    /// <summary>Values of the graph that are the outputs now, with their channels.</summary>
    public required IReadOnlyList<(string Name, int Channels)> Outputs { get; init; }
}
