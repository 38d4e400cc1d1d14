using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;

namespace SegBatch.Motion;

/// <summary>
/// The grey picture of half the size that the reference looks at: OpenCV's grey of the converted colours (Rec. ITU-R BT.601-7 luma in 1/32768), made smaller
/// by its 8-bit INTER_LINEAR, sample by sample the same. Where a frame has no colours as RGB, its luma is taken.
/// </summary>
internal sealed class ReferenceGray
{
    private const int Red = 9798;
    private const int Green = 19235;
    private const int Blue = 3735;

    private readonly FrameSize _frame;
    private readonly BilinearTaps _columns;
    private readonly BilinearTaps _rows;
    private readonly byte[] _gray;
    private readonly int[] _upper;
    private readonly int[] _lower;

    public ReferenceGray(FrameSize frame)
    {
        _frame = frame;
        Size = new FrameSize(Math.Max(1, frame.Width / Factor), Math.Max(1, frame.Height / Factor));
        _columns = BilinearTaps.Columns(frame.Width, Size.Width);
        _rows = BilinearTaps.Rows(frame.Height, Size.Height);
        _gray = new byte[frame.Width];
        _upper = new int[Size.Width];
        _lower = new int[Size.Width];
    }

    /// <summary>Frame pixels to one of the reduced picture, as the reference counts: also where a side is odd.</summary>
    public static int Factor => 2;

    /// <summary>Size of the reduced picture.</summary>
    public FrameSize Size { get; }

    /// <summary>Writes the rows of <paramref name="target"/>.</summary>
    public void Reduce(VideoFrame frame, GrayPlane target)
    {
        for (var y = 0; y < Size.Height; y++)
        {
            SumColumns(frame, _rows.First[y], _upper);
            SumColumns(frame, _rows.Second[y], _lower);
            var (above, below) = _rows.Weights[y];
            var row = target.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = (byte)(((above * _upper[x] >> 16) + (below * _lower[x] >> 16) + 2) >> 2);
            }
        }
    }

    /// <summary>From the reduced picture to frame pixels, as the reference has it: half a pixel here and there does not count.</summary>
    public static AffineMotion InFrame(AffineMotion motion) => motion with { Tx = motion.Tx * Factor, Ty = motion.Ty * Factor };

    private void SumColumns(VideoFrame frame, int y, int[] sums)
    {
        var gray = _gray.AsSpan();
        if (frame.HasRgb)
        {
            var pixels = frame.Rgb.Pixels.Slice(y * frame.Rgb.Stride, 3 * _frame.Width);
            for (var x = 0; x < gray.Length; x++)
            {
                gray[x] = (byte)((pixels[3 * x] * Red + pixels[3 * x + 1] * Green + pixels[3 * x + 2] * Blue + (1 << 14)) >> 15);
            }
        }
        else
        {
            frame.Yuv.Y.Slice(y * frame.Yuv.StrideY, _frame.Width).CopyTo(gray);
        }

        for (var x = 0; x < sums.Length; x++)
        {
            var first = _columns.First[x];
            var (left, right) = _columns.Weights[x];
            sums[x] = (left * gray[first] + (right == 0 ? 0 : right * gray[first + 1])) >> 4;
        }
    }
}
