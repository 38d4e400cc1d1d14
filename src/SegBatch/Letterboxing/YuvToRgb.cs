using SegBatch.Decoding;

namespace SegBatch.Letterboxing;

/// <summary>
/// R = clamp(Luma·(Y − Black) + RedV·(V − 128)), G = clamp(Luma·(Y − Black) + GreenU·(U − 128) + GreenV·(V − 128)),
/// B = clamp(Luma·(Y − Black) + BlueU·(U − 128)), clamped to 0..1, for samples 0..255. Rec. ITU-R BT.601-7, BT.709-6 and BT.2020-2
/// (non-constant luminance): all follow from the shares Kr and Kb of red and blue in luma.
/// </summary>
/// <remarks>
/// The converter behind the frames that these networks were trained and recorded on (libswscale's, at its default flags) cuts every
/// product off to a whole level instead of rounding it: half a level too dark per product in the mean, up to one and a half for
/// green. Conversion follows that mean: <see cref="LumaBias"/> is taken from every channel, <see cref="ChromaBias"/> once per chroma
/// product, none for chroma of exactly 128, whose product is 0, nor for full-range luma, whose factor is 1.
/// </remarks>
internal readonly record struct YuvToRgb(float Luma, float Black, float RedV, float GreenU, float GreenV, float BlueU)
{
    private const float HalfLevel = 0.5f / 255;

    /// <summary>Mean of what is cut off the luma product.</summary>
    public float LumaBias => Black == 0 ? 0 : HalfLevel;

    /// <summary>Mean of what is cut off each chroma product that is not 0.</summary>
    public float ChromaBias => HalfLevel;

    public static YuvToRgb From(ColorSpec color)
    {
        var (kr, kb) = color.Matrix switch
        {
            ColorMatrix.Bt601 => (0.299, 0.114),
            ColorMatrix.Bt709 => (0.2126, 0.0722),
            ColorMatrix.Bt2020 => (0.2627, 0.0593),
            _ => throw new ArgumentOutOfRangeException(nameof(color), color.Matrix, "No coefficients for this matrix."),
        };
        var kg = 1 - kr - kb;
        var (luma, chroma, black) = color.FullRange ? (1 / 255.0, 1 / 255.0, 0f) : (1 / 219.0, 1 / 224.0, 16f);
        return new(
            (float)luma,
            black,
            (float)(2 * (1 - kr) * chroma),
            (float)(-2 * (1 - kb) * kb / kg * chroma),
            (float)(-2 * (1 - kr) * kr / kg * chroma),
            (float)(2 * (1 - kb) * chroma)
        );
    }
}
