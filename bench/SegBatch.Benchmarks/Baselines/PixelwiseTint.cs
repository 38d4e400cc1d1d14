using SegBatch.Annotation;
using SegBatch.Decoding;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>Tints a mask pixel by pixel from a bitmap; a chroma sample by how many of its four pixels are set.</summary>
internal static class PixelwiseTint
{
    /// <param name="bitmap">Row-major, 0 or 1, of the picture's size, which is even.</param>
    /// <param name="lumaWeight">Share of the colour in 1/256; chroma likewise.</param>
    public static void Paint(in YuvPicture picture, ReadOnlySpan<byte> bitmap, YuvColor color, int lumaWeight, int chromaWeight)
    {
        var (width, height) = (picture.Size.Width, picture.Size.Height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (bitmap[y * width + x] != 0)
                {
                    ref var sample = ref picture.Y[y * picture.StrideY + x];
                    sample = Mix(sample, color.Y, lumaWeight);
                }
            }
        }

        for (var y = 0; y < height; y += 2)
        {
            for (var x = 0; x < width; x += 2)
            {
                var at = y * width + x;
                var covered = bitmap[at] + bitmap[at + 1] + bitmap[at + width] + bitmap[at + width + 1];
                var chroma = y / 2 * picture.StrideUv + x / 2;
                picture.U[chroma] = Mix(picture.U[chroma], color.U, chromaWeight * covered / 4);
                picture.V[chroma] = Mix(picture.V[chroma], color.V, chromaWeight * covered / 4);
            }
        }
    }

    private static byte Mix(byte sample, byte color, int weight) => (byte)((sample * (256 - weight) + color * weight + 128) / 256);
}
