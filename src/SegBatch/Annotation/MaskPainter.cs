using System.Runtime.Intrinsics;
using SegBatch.Decoding;

namespace SegBatch.Annotation;

/// <summary>
/// Tints the pixels of a mask. Luma is mixed per pixel; a chroma sample is mixed by the share of its 2×2 luma pixels that the mask
/// covers, so that edges carry no colour fringe. Keeps scratch memory: one instance per thread.
/// </summary>
internal sealed class MaskPainter
{
    private static readonly int Lanes = Vector256<byte>.Count;

    private byte[] _quarters = [];

    /// <summary>Tints the spans, leaving out what lies outside the picture. Weights are the colour's share in 1/256.</summary>
    public void Paint(in YuvPicture picture, ReadOnlySpan<RowSpan> spans, YuvColor color, int lumaWeight, int chromaWeight)
    {
        if (spans.IsEmpty)
        {
            return;
        }

        var (width, height) = (picture.Size.Width, picture.Size.Height);
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, 0, 0);
        foreach (var span in spans)
        {
            left = Math.Min(left, span.X1);
            right = Math.Max(right, span.X2);
            top = Math.Min(top, span.Y);
            bottom = Math.Max(bottom, span.Y + 1);
        }

        (left, right) = (left / 2, (Math.Min(right, width) + 1) / 2);
        (top, bottom) = (top / 2, (Math.Min(bottom, height) + 1) / 2);
        var stride = right - left;
        stride = Math.Min((stride + Lanes - 1) / Lanes * Lanes, (width + 1) / 2 - left); // whole vectors, where the picture is wide enough
        if (stride <= 0 || bottom <= top)
        {
            return;
        }

        var quarters = Scratch(stride * (bottom - top));
        foreach (var span in spans)
        {
            var end = Math.Min(span.X2, width);
            if (span.Y >= height || span.X1 >= end)
            {
                continue;
            }

            Blend.Span(picture.Y.Slice(span.Y * picture.StrideY + span.X1, end - span.X1), color.Y, lumaWeight);
            var onlyRow = span.Y == height - 1 && height % 2 == 1; // the last chroma row of an odd picture has one luma row, not two
            AddCoverage(
                quarters.Slice((span.Y / 2 - top) * stride, stride),
                span.X1 - 2 * left,
                end - 2 * left,
                end == width,
                onlyRow ? 2 : 1
            );
        }

        for (var row = top; row < bottom; row++)
        {
            var covered = quarters.Slice((row - top) * stride, stride);
            var at = row * picture.StrideUv + left;
            Blend.Quarters(picture.U.Slice(at, stride), covered, color.U, chromaWeight);
            Blend.Quarters(picture.V.Slice(at, stride), covered, color.V, chromaWeight);
        }
    }

    /// <summary>Counts the luma pixels [x1, x2) of one row for the chroma samples they belong to.</summary>
    private static void AddCoverage(Span<byte> quarters, int x1, int x2, bool atRightEdge, int rows)
    {
        var (first, last) = (x1 / 2, (x2 - 1) / 2);
        if (x1 % 2 == 1)
        {
            quarters[first++] += (byte)rows;
        }

        if (x2 % 2 == 1 && !atRightEdge)
        {
            quarters[last--] += (byte)rows;
        }

        if (first > last)
        {
            return;
        }

        Blend.Add(quarters[first..(last + 1)], (byte)(2 * rows));
    }

    private Span<byte> Scratch(int length)
    {
        if (_quarters.Length < length)
        {
            _quarters = new byte[Math.Max(length, 2 * _quarters.Length)];
        }

        var scratch = _quarters.AsSpan(0, length);
        scratch.Clear();
        return scratch;
    }
}
