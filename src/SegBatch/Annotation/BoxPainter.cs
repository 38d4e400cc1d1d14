using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Annotation;

/// <summary>Draws the four sides of a box, centred on its edges.</summary>
internal static class BoxPainter
{
    /// <summary>The reference's line width: <c>max(round((height + width + channels) / 2 · 0.003), 2)</c>; the channel count really is in the sum.</summary>
    public static int LineWidth(FrameSize size) => Math.Max((int)Math.Round((size.Height + size.Width + 3) / 2.0 * 0.003), 2);

    /// <summary>Draws a box given in frame pixels; it may lie partly or wholly outside.</summary>
    public static void Paint(in YuvPicture picture, in Box box, YuvColor color, int lineWidth)
    {
        var outer = Outer(box, picture.Size, lineWidth);
        var (x1, y1, x2, y2) = (outer.X1, outer.Y1, outer.X2, outer.Y2);
        var (innerTop, innerBottom) = (Math.Min(y1 + lineWidth, y2), Math.Max(y2 - lineWidth, Math.Min(y1 + lineWidth, y2)));
        new PixelRect(x1, y1, x2, innerTop).Fill(picture, color, Blend.Full);
        new PixelRect(x1, innerBottom, x2, y2).Fill(picture, color, Blend.Full);
        new PixelRect(x1, innerTop, Math.Min(x1 + lineWidth, x2), innerBottom).Fill(picture, color, Blend.Full);
        new PixelRect(Math.Max(x2 - lineWidth, x1), innerTop, x2, innerBottom).Fill(picture, color, Blend.Full);
    }

    /// <summary>The outer rim of the line. Kept near the frame, so that wild coordinates cannot overflow.</summary>
    public static PixelRect Outer(in Box box, FrameSize size, int lineWidth)
    {
        var half = lineWidth / 2;
        return new(
            Round(box.X1, size.Width, lineWidth) - half,
            Round(box.Y1, size.Height, lineWidth) - half,
            Round(box.X2, size.Width, lineWidth) + lineWidth - half,
            Round(box.Y2, size.Height, lineWidth) + lineWidth - half
        );
    }

    private static int Round(float value, int limit, int lineWidth)
    {
        var margin = 2 * lineWidth;
        return float.IsNaN(value) ? -margin : (int)MathF.Round(Math.Clamp(value, -margin, limit + margin));
    }
}
