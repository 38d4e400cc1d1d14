namespace SegBatch.Decoding;

/// <summary>Matrix that relates YUV and RGB.</summary>
public enum ColorMatrix
{
    /// <summary>BT.601, the rule for untagged pictures below 720 lines.</summary>
    Bt601,

    /// <summary>BT.709, the rule for untagged pictures of 720 lines and more.</summary>
    Bt709,

    /// <summary>BT.2020 non-constant luminance.</summary>
    Bt2020,
}

/// <summary>How samples are to be read: matrix, and whether luma spans 0–255 (full) or 16–235 (limited).</summary>
public readonly record struct ColorSpec(ColorMatrix Matrix, bool FullRange);
