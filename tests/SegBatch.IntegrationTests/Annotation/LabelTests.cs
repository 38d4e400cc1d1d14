using System.Text;
using Microsoft.Extensions.Logging;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Native.FreeType;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Annotation;

public class LabelTests
{
    private const int Width = 320;
    private const int Height = 180;
    private const byte Grey = 100;

    [Fact]
    public void Text_is_measured_and_drawn_within_its_background()
    {
        using var font = Font(14);
        var painter = new LabelPainter(font);
        var size = painter.Measure("#7 person 0.87");
        Assert.InRange(size.Height, 14, 24);
        Assert.InRange(size.Width, 80, 140);
        Assert.Equal(font.Measure("person") + font.Measure(" 0.87"), font.Measure("person 0.87"));

        var luma = Paint(
            (in YuvPicture picture) =>
                painter.Paint(
                    picture,
                    new(20, 30, 20 + size.Width, 30 + size.Height),
                    "#7 person 0.87",
                    new(180, 90, 90),
                    new(16, 128, 128)
                )
        );
        var (dark, background) = (0, 0);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var inside = x >= 20 && x < 20 + size.Width && y >= 30 && y < 30 + size.Height;
                var sample = luma[y * Width + x];
                Assert.True(inside || sample == Grey, $"({x}, {y}) lies outside and was painted");
                dark += inside && sample < 60 ? 1 : 0;
                background += inside && sample == 180 ? 1 : 0;
            }
        }

        Assert.InRange(dark, 100, size.Area / 3);
        Assert.InRange(background, size.Area / 3, size.Area);
    }

    [Fact]
    public void Letters_beyond_ASCII_are_rendered_when_asked_for()
    {
        using var font = Font(20);
        Assert.NotEqual(font.Glyph(new Rune('A')).Coverage, font.Glyph(new Rune('Ж')).Coverage);
        Assert.True(font.Measure("größe Ж €") > font.Measure("gr"));
        Assert.Equal(2, new[] { font.Glyph(new Rune('Ж')), font.Glyph(new Rune(0x1F600)) }.Count(glyph => glyph.Advance > 0));
        Assert.Same(font.Glyph(new Rune('Ж')), font.Glyph(new Rune('Ж')));
    }

    [Fact]
    public void A_missing_font_costs_the_labels_and_one_warning_only()
    {
        var log = new Warnings();
        DetectedObject[] objects = [new(new(50, 60, 120, 150), 0.9f, 0, default)];
        for (var i = 0; i < 3; i++)
        {
            using var annotator = new Annotator(new() { Boxes = false }, ["person"], 0.25f, log) { FontFile = "/nowhere/font.ttf" };
            var luma = Paint((in YuvPicture picture) => annotator.Paint(picture, objects, [], 0));
            Assert.All(luma, sample => Assert.Equal(Grey, sample));
        }

        Assert.Contains("/nowhere/font.ttf", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_font_is_refused_with_a_reason()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Contains(file, Assert.Throws<FontException>(() => LabelFont.Open(12, file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_annotator_writes_id_name_and_score()
    {
        Font(12).Dispose();
        DetectedObject[] objects = [new(new(50, 60, 120, 150), 0.9f, 0, default)];
        using var annotator = new Annotator(new() { Boxes = false, TraceSeconds = 0 }, ["person"], 0.25f);
        var tracked = Paint((in YuvPicture picture) => annotator.Paint(picture, objects, [new TrackedObject(7, 0, objects[0].Box)], 0));
        var untracked = Paint((in YuvPicture picture) => annotator.Paint(picture, objects, [], 0));
        Assert.True(Painted(tracked) > Painted(untracked), "the id makes the label longer");
        Assert.InRange(Painted(untracked), 400, 4000);
        static int Painted(byte[] luma) => luma.Count(sample => sample != Grey);
    }

    private static LabelFont Font(int size)
    {
        try
        {
            return LabelFont.Open(size, null);
        }
        catch (FontException error)
        {
            Assert.Skip(error.Message);
            throw;
        }
    }

    private delegate void Painting(in YuvPicture picture);

    private static byte[] Paint(Painting paint)
    {
        var luma = new byte[Width * Height];
        Array.Fill(luma, Grey);
        var (u, v) = (new byte[Width * Height / 4], new byte[Width * Height / 4]);
        paint(new(new FrameSize(Width, Height), new(ColorMatrix.Bt709, false), luma, Width, u, v, Width / 2));
        return luma;
    }

    private sealed class Warnings : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
