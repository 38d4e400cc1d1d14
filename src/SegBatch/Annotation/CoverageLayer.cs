using System.Buffers.Binary;
using SegBatch.Decoding;

namespace SegBatch.Annotation;

/// <summary>
/// A small layer of anti-aliased shapes: how much of each luma pixel they cover (0–255). Shapes that overlap take the maximum, so that
/// the joints of a path are no darker than the path; then the whole layer is mixed into the picture in one colour.
/// Keeps scratch memory: one instance per thread.
/// </summary>
internal sealed class CoverageLayer
{
    private byte[] _coverage = [];
    private int _stride;

    /// <summary>The part of the picture that the layer covers. Left and top are even, as chroma wants it.</summary>
    public PixelRect Area { get; private set; }

    /// <summary>Starts an empty layer over the part of <paramref name="area"/> that is inside the picture. False if there is none.</summary>
    public bool Begin(in YuvPicture picture, PixelRect area)
    {
        var clipped = area.ClipTo(picture.Size);
        if (clipped.IsEmpty)
        {
            return false;
        }

        Area = clipped with { X1 = clipped.X1 & ~1, Y1 = clipped.Y1 & ~1 };
        _stride = (Area.Width + 1) & ~1;
        var length = _stride * ((Area.Height + 1) & ~1);
        if (_coverage.Length < length)
        {
            _coverage = new byte[Math.Max(length, 2 * _coverage.Length)];
        }

        _coverage.AsSpan(0, length).Clear();
        return true;
    }

    /// <summary>Raises one pixel's coverage, given in frame coordinates; outside the layer nothing happens.</summary>
    public void Raise(int x, int y, byte coverage)
    {
        if (x >= Area.X1 && x < Area.X2 && y >= Area.Y1 && y < Area.Y2)
        {
            ref var pixel = ref _coverage[(y - Area.Y1) * _stride + x - Area.X1];
            pixel = Math.Max(pixel, coverage);
        }
    }

    /// <summary>Mixes the colour into the picture: luma by each pixel's coverage, chroma by the mean of its 2×2 pixels.</summary>
    public void Mix(in YuvPicture picture, YuvColor color)
    {
        for (var y = 0; y < Area.Height; y += 2)
        {
            var upper = _coverage.AsSpan(y * _stride, _stride);
            var lower = _coverage.AsSpan((y + 1) * _stride, _stride);
            var chroma = (Area.Y1 + y) / 2 * picture.StrideUv + Area.X1 / 2;
            for (var x = 0; x < _stride; x += 2)
            {
                if (x + 8 <= _stride && Eight(upper, x) == 0 && Eight(lower, x) == 0)
                {
                    x += 6;
                    continue;
                }

                var sum = upper[x] + upper[x + 1] + lower[x] + lower[x + 1];
                if (sum == 0)
                {
                    continue;
                }

                var weight = Weight(sum, 4);
                picture.U[chroma + x / 2] = Blend.Mix(picture.U[chroma + x / 2], color.U, weight);
                picture.V[chroma + x / 2] = Blend.Mix(picture.V[chroma + x / 2], color.V, weight);
            }

            MixLuma(picture, upper, y, color.Y);
            if (y + 1 < Area.Height)
            {
                MixLuma(picture, lower, y + 1, color.Y);
            }
        }
    }

    private void MixLuma(in YuvPicture picture, ReadOnlySpan<byte> coverage, int row, byte color)
    {
        var luma = picture.Y.Slice((Area.Y1 + row) * picture.StrideY + Area.X1, Area.Width);
        for (var x = 0; x < luma.Length; x++)
        {
            if (x + 8 <= _stride && Eight(coverage, x) == 0)
            {
                x += 7;
                continue;
            }

            luma[x] = Blend.Mix(luma[x], color, Weight(coverage[x], 1));
        }
    }

    /// <summary>0–255 to a weight of 0–256, both ends exact.</summary>
    private static int Weight(int sum, int count) => (sum * Blend.Full + 127 * count) / (255 * count);

    private static ulong Eight(ReadOnlySpan<byte> coverage, int at) => BinaryPrimitives.ReadUInt64LittleEndian(coverage[at..]);
}
