using System.Numerics;
using System.Runtime.InteropServices;
using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// The motion most blocks agree on. An encoder searches for what costs few bits, not for what moved: blocks without texture say nothing and are
/// left out, and the vectors of the rest count as those of corners do.
/// </summary>
internal sealed class BlockVote
{
    /// <summary>Blocks that are looked at, spread over the picture.</summary>
    private const int MostBlocks = 1500;
    private const int FewestBlocks = 40;

    /// <summary>Vectors are given in quarters of a pixel, and are not better.</summary>
    private const float Reach = 1;

    /// <summary>Mean difference of neighbouring samples, levels, that a block needs along x and along y.</summary>
    private const int LeastTexture = 3;

    private readonly SimilarityFit _fit = new(Reach, refits: 2);
    private readonly List<Vector2> _from = [];
    private readonly List<Vector2> _to = [];

    /// <summary>Finds the motion.</summary>
    /// <param name="picture">The frame made smaller, to look for texture in.</param>
    /// <param name="factor">Frame pixels to one of <paramref name="picture"/>.</param>
    /// <returns>Null where too few blocks have texture, or fewer than half of those agree.</returns>
    public AffineMotion? Find(BlockMotions blocks, GrayPlane picture, int factor)
    {
        _from.Clear();
        _to.Clear();
        var items = blocks.Items;
        var step = Math.Max(1, items.Length / MostBlocks);
        for (var i = 0; i < items.Length; i += step)
        {
            ref readonly var block = ref items[i];
            if (HasTexture(picture, (int)block.X / factor, (int)block.Y / factor))
            {
                _from.Add(new Vector2(block.FromX, block.FromY));
                _to.Add(new Vector2(block.X, block.Y));
            }
        }

        if (_from.Count < FewestBlocks || _fit.Find(CollectionsMarshal.AsSpan(_from), CollectionsMarshal.AsSpan(_to)) is not { } motion)
        {
            return null;
        }

        var agreeing = 0;
        for (var i = 0; i < _from.Count; i++)
        {
            agreeing += _fit.Agrees(i, motion) ? 1 : 0;
        }

        return 2 * agreeing >= _from.Count ? motion : null;
    }

    /// <summary>Whether 5 × 5 samples around a place differ along both axes.</summary>
    private static bool HasTexture(GrayPlane picture, int x, int y)
    {
        const int radius = 2;
        if (x < radius + 1 || y < radius + 1 || x >= picture.Size.Width - radius - 1 || y >= picture.Size.Height - radius - 1)
        {
            return false;
        }

        var (along, down) = (0, 0);
        for (var i = -radius; i <= radius; i++)
        {
            var row = picture.Row(y + i);
            var below = picture.Row(y + i + 1);
            for (var j = x - radius; j <= x + radius; j++)
            {
                along += Math.Abs(row[j + 1] - row[j]);
                down += Math.Abs(below[j] - row[j]);
            }
        }

        return Math.Min(along, down) >= LeastTexture * 25;
    }
}
