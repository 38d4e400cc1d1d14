using SegBatch.Decoding;

namespace SegBatch.Annotation;

/// <summary>A colour as the picture's own planes store it, so that painting needs no conversion per pixel.</summary>
public readonly record struct YuvColor(byte Y, byte U, byte V)
{
    /// <summary>
    /// Converts full-range R'G'B' (0xRRGGBB) by the equations of ITU-R BT.601-7 §2.5, BT.709-6 §3 or BT.2020-2 table 4,
    /// quantised to 8 bits, limited or full range, rounded to nearest.
    /// </summary>
    public static YuvColor FromRgb(int rgb, ColorSpec spec)
    {
        var (red, green, blue) = ((rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
        var (kr, kb) = spec.Matrix switch
        {
            ColorMatrix.Bt601 => (0.299, 0.114),
            ColorMatrix.Bt709 => (0.2126, 0.0722),
            _ => (0.2627, 0.0593),
        };
        var luma = kr * red + (1 - kr - kb) * green + kb * blue;
        var cb = (blue - luma) / (2 * (1 - kb));
        var cr = (red - luma) / (2 * (1 - kr));
        return spec.FullRange
            ? new(Quantise(255 * luma), Quantise(128 + 255 * cb), Quantise(128 + 255 * cr))
            : new(Quantise(16 + 219 * luma), Quantise(128 + 224 * cb), Quantise(128 + 224 * cr));
    }

    private static byte Quantise(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
