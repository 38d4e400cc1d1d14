using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Refining;

/// <summary>
/// Masks of whole frames from logits on a grid, straight to run lengths: a pixel is set where the bilinearly sampled logit at its centre
/// is above 0. Only the part of the frame where that can be is looked at. Safe for concurrent use.
/// </summary>
internal sealed class LogitMasks
{
    [ThreadStatic]
    private static float[]? t_window;

    private readonly PrototypeMasks _masks = new(MaskMode.Exact);

    /// <summary>Appends the mask; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="logits">Row by row.</param>
    /// <param name="grid">Width and height of the grid, which covers the input.</param>
    /// <param name="letterbox">How the frame lies in the input.</param>
    public bool TryAppend(ReadOnlySpan<float> logits, FrameSize grid, in LetterboxTransform letterbox, RunBuffer runs, out RleMask mask)
    {
        mask = default;
        if (PositivePoints(logits, grid) is not { } points)
        {
            return false;
        }

        var box = PixelsBetween(points, grid, letterbox);
        if (!_masks.TryWindow(letterbox, grid, box, out var window))
        {
            return false;
        }

        var values = Reserve(window.Width * window.Height);
        for (var row = 0; row < window.Height; row++)
        {
            logits.Slice(((window.Row + row) * grid.Width) + window.Column, window.Width).CopyTo(values[(row * window.Width)..]);
        }

        return _masks.TryAppend(values, grid, letterbox, box, runs, out mask);
    }

    /// <summary>The smallest rectangle of grid points, right and bottom inclusive, outside of which no logit is above 0.</summary>
    private static (int Left, int Top, int Right, int Bottom)? PositivePoints(ReadOnlySpan<float> logits, FrameSize grid)
    {
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        for (var row = 0; row < grid.Height; row++)
        {
            var (first, last) = Positive(logits.Slice(row * grid.Width, grid.Width));
            if (last >= 0)
            {
                (left, right) = (Math.Min(left, first), Math.Max(right, last));
                (top, bottom) = (Math.Min(top, row), row);
            }
        }

        return right < 0 ? null : (left, top, right, bottom);
    }

    /// <summary>First and last value above 0; last is -1 where there is none.</summary>
    private static (int First, int Last) Positive(ReadOnlySpan<float> row)
    {
        ref var start = ref MemoryMarshal.GetReference(row);
        var (first, last, x) = (int.MaxValue, -1, 0);
        for (; x <= row.Length - Vector256<float>.Count; x += Vector256<float>.Count)
        {
            var above = Vector256
                .GreaterThan(Vector256.LoadUnsafe(ref start, (nuint)x), Vector256<float>.Zero)
                .ExtractMostSignificantBits();
            if (above != 0)
            {
                first = Math.Min(first, x + BitOperations.TrailingZeroCount(above));
                last = x + BitOperations.Log2(above);
            }
        }

        for (; x < row.Length; x++)
        {
            if (row[x] > 0f)
            {
                (first, last) = (Math.Min(first, x), x);
            }
        }

        return (first, last);
    }

    /// <summary>A box of frame pixels that holds every pixel with one of the points among its four neighbours.</summary>
    private static Box PixelsBetween((int Left, int Top, int Right, int Bottom) points, FrameSize grid, in LetterboxTransform letterbox)
    {
        var (stepX, stepY) = ((double)letterbox.Input.Width / grid.Width, (double)letterbox.Input.Height / grid.Height);
        var (padX, padY, gainX, gainY) = (letterbox.PadLeft, letterbox.PadTop, letterbox.GainX, letterbox.GainY);
        return new Box(
            (float)(((((points.Left - 0.5) * stepX) - padX) / gainX) - 1),
            (float)(((((points.Top - 0.5) * stepY) - padY) / gainY) - 1),
            (float)(((((points.Right + 1.5) * stepX) - padX) / gainX) + 1),
            (float)(((((points.Bottom + 1.5) * stepY) - padY) / gainY) + 1)
        );
    }

    private static Span<float> Reserve(int length)
    {
        if (t_window is null || t_window.Length < length)
        {
            t_window = new float[length];
        }

        return t_window.AsSpan(0, length);
    }
}
