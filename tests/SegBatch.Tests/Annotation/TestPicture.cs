using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Tests.Annotation;

/// <summary>A picture in arrays, with rows longer than the picture and noise in every sample, and masks made pixel by pixel.</summary>
internal sealed class TestPicture
{
    private const int Padding = 7;

    public TestPicture(int width, int height, int seed = 1)
    {
        Size = new(width, height);
        StrideY = width + Padding;
        StrideUv = (width + 1) / 2 + Padding;
        var random = new Random(seed);
        Y = new byte[StrideY * height];
        U = new byte[StrideUv * ((height + 1) / 2)];
        V = new byte[U.Length];
        random.NextBytes(Y);
        random.NextBytes(U);
        random.NextBytes(V);
    }

    public FrameSize Size { get; }

    public int StrideY { get; }

    public int StrideUv { get; }

    public byte[] Y { get; private init; }

    public byte[] U { get; private init; }

    public byte[] V { get; private init; }

    public YuvPicture View => new(Size, new(ColorMatrix.Bt601, false), Y, StrideY, U, V, StrideUv);

    public TestPicture Copy() =>
        new(Size.Width, Size.Height)
        {
            Y = [.. Y],
            U = [.. U],
            V = [.. V],
        };

    /// <summary>
    /// Mixes a colour by a weight (0 to 256) per luma pixel; chroma by the mean weight of the luma pixels it stands for, rounded down.
    /// The plain way, as the expectation of faster ones.
    /// </summary>
    public void Mix(YuvColor color, Func<int, int, bool> covered, int lumaWeight, int chromaWeight)
    {
        for (var y = 0; y < Size.Height; y++)
        {
            for (var x = 0; x < Size.Width; x++)
            {
                if (covered(x, y))
                {
                    Y[y * StrideY + x] = Mix(Y[y * StrideY + x], color.Y, lumaWeight);
                }
            }
        }

        for (var row = 0; row < (Size.Height + 1) / 2; row++)
        {
            for (var column = 0; column < (Size.Width + 1) / 2; column++)
            {
                var (pixels, inside) = (0, 0);
                for (var y = 2 * row; y < Math.Min(2 * row + 2, Size.Height); y++)
                {
                    for (var x = 2 * column; x < Math.Min(2 * column + 2, Size.Width); x++)
                    {
                        pixels++;
                        inside += covered(x, y) ? 1 : 0;
                    }
                }

                var at = row * StrideUv + column;
                U[at] = Mix(U[at], color.U, chromaWeight * inside / pixels);
                V[at] = Mix(V[at], color.V, chromaWeight * inside / pixels);
            }
        }
    }

    /// <summary>Run lengths in COCO order of the pixels for which the predicate holds.</summary>
    public static RleMask Mask(int width, int height, Func<int, int, bool> inside)
    {
        var (counts, current, run) = (new List<int>(), false, 0);
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                if (inside(x, y) != current)
                {
                    counts.Add(run);
                    run = 0;
                    current = !current;
                }

                run++;
            }
        }

        counts.Add(run);
        return new(new(width, height), counts.ToArray());
    }

    private static byte Mix(byte sample, byte color, int weight) =>
        (byte)Math.Floor((sample * (256.0 - weight) + color * weight) / 256 + 0.5);
}
