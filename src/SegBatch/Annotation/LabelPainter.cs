using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Native.FreeType;

namespace SegBatch.Annotation;

/// <summary>Writes one line of text on a filled background, anti-aliased in luma, averaged in chroma.</summary>
internal sealed class LabelPainter(LabelFont font)
{
    private readonly CoverageLayer _layer = new();

    private int PadX => Math.Max(2, font.CapHeight / 3);

    private int PadY => Math.Max(2, font.CapHeight / 4);

    /// <summary>Size of a label with this text. The height is even, so that chroma rows do not straddle its edges.</summary>
    public FrameSize Measure(ReadOnlySpan<char> text) =>
        new(font.Measure(text) + 2 * PadX, (font.CapHeight + font.Descent + 2 * PadY + 1) & ~1);

    public void Paint(in YuvPicture picture, in PixelRect rect, ReadOnlySpan<char> text, YuvColor background, YuvColor color)
    {
        rect.Fill(picture, background, Blend.Full);
        if (!_layer.Begin(picture, rect))
        {
            return;
        }

        var pen = rect.X1 + PadX;
        var baseline = rect.Y1 + PadY + font.CapHeight;
        foreach (var codePoint in text.EnumerateRunes())
        {
            var glyph = font.Glyph(codePoint);
            AddGlyph(glyph, pen + glyph.Left, baseline - glyph.Top);
            pen += glyph.Advance;
        }

        _layer.Mix(picture, color);
    }

    private void AddGlyph(GlyphBitmap glyph, int left, int top)
    {
        for (var y = 0; y < glyph.Height; y++)
        {
            for (var x = 0; x < glyph.Width; x++)
            {
                _layer.Raise(left + x, top + y, glyph.Coverage[y * glyph.Width + x]);
            }
        }
    }
}
