using SegBatch.Annotation;
using SegBatch.Decoding;
using Xunit;

namespace SegBatch.Tests.Annotation;

public class PaletteTests
{
    /// <summary>Values of the usual colour bars (ITU-R BT.601 and BT.709, 8 bits).</summary>
    [Theory]
    [InlineData(0xFFFFFF, ColorMatrix.Bt601, false, 235, 128, 128)]
    [InlineData(0x000000, ColorMatrix.Bt709, false, 16, 128, 128)]
    [InlineData(0xFF0000, ColorMatrix.Bt601, false, 81, 90, 240)]
    [InlineData(0x0000FF, ColorMatrix.Bt601, false, 41, 240, 110)]
    [InlineData(0xFF0000, ColorMatrix.Bt709, false, 63, 102, 240)]
    [InlineData(0x00FF00, ColorMatrix.Bt709, false, 173, 42, 26)]
    [InlineData(0xFF0000, ColorMatrix.Bt601, true, 76, 85, 255)]
    [InlineData(0xFFFFFF, ColorMatrix.Bt2020, true, 255, 128, 128)]
    public void Converts_as_the_standards_say(int rgb, ColorMatrix matrix, bool fullRange, byte y, byte u, byte v) =>
        Assert.Equal(new YuvColor(y, u, v), YuvColor.FromRgb(rgb, new(matrix, fullRange)));

    [Fact]
    public void Ids_wrap_around_and_bright_colours_carry_dark_text()
    {
        var spec = new ColorSpec(ColorMatrix.Bt601, true);
        var palette = new Palette(spec);
        Assert.Equal(YuvColor.FromRgb(0x042AFF, spec), palette.Color(0));
        Assert.Equal(YuvColor.FromRgb(0xA2FF0B, spec), palette.Color(39));
        Assert.Equal(palette.Color(19), palette.Color(-1));
        Assert.Equal(YuvColor.FromRgb(0x111F68, spec), palette.TextOn(22));
        Assert.Equal(YuvColor.FromRgb(0xFFFFFF, spec), palette.TextOn(20));
    }
}
