using SegBatch.Decoding;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Output;

/// <summary>Code points of ITU-T H.273 for what the pipeline knows of a picture's colours.</summary>
internal static class ColorTags
{
    /// <summary>The matrix the frame was painted in, and the source's own primaries and transfer. Two code points mean BT.601: the source's is kept.</summary>
    public static (int Matrix, int Primaries, int Transfer) Of(ColorSpec color, Picture samples)
    {
        var (matrix, primaries, transfer) = VideoEncoderSettings.ColorOf(samples);
        var painted = Matrix(color.Matrix);
        return (color.Matrix == ColorMatrix.Bt601 && matrix == 5 ? matrix : painted, primaries, transfer);
    }

    public static int Matrix(ColorMatrix matrix) =>
        matrix switch
        {
            ColorMatrix.Bt709 => 1,
            ColorMatrix.Bt601 => 6,
            _ => 9,
        };
}
