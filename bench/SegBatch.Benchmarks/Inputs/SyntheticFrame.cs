using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Benchmarks.Inputs;

/// <summary>A 1080p picture of waves with noise in limited-range BT.709, as YUV 4:2:0 and (another one) as RGB, and the rectangle it is letterboxed to.</summary>
internal sealed class SyntheticFrame
{
    public static readonly FrameSize Size = new(1920, 1080);
    private static readonly ColorSpec s_color = new(ColorMatrix.Bt709, FullRange: false);
    private readonly byte[] _y;
    private readonly byte[] _u;
    private readonly byte[] _v;
    private readonly byte[] _rgb;

    public SyntheticFrame()
    {
        var random = new Random(7);
        _y = Samples((int)Size.Area, random);
        _u = Samples((int)Size.Area / 4, random);
        _v = Samples((int)Size.Area / 4, random);
        _rgb = Samples((int)Size.Area * 3, random);
    }

    /// <summary>1920x1080 in the smallest rectangle of stride 32 within 640x640: 640x384, 12 rows of padding above and below.</summary>
    public static LetterboxTransform Letterbox { get; } = LetterboxTransform.MinimumRectangle(Size, new FrameSize(640, 640));

    public YuvPicture Yuv => new(Size, s_color, _y, Size.Width, _u, _v, Size.Width / 2);

    public RgbPicture Rgb => new(Size, _rgb, 3 * Size.Width);

    private static byte[] Samples(int count, Random random)
    {
        var samples = new byte[count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = (byte)(128 + 80 * Math.Sin(i * 0.0137) + random.Next(-20, 21));
        }

        return samples;
    }
}
