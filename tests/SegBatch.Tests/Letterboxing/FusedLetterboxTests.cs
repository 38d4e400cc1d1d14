using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;
using Xunit;

namespace SegBatch.Tests.Letterboxing;

public sealed class FusedLetterboxTests
{
    public static TheoryData<int, int, int, int, ColorMatrix, bool> Sizes =>
        new()
        {
            { 1920, 1080, 640, 640, ColorMatrix.Bt709, false },
            { 1279, 721, 640, 640, ColorMatrix.Bt709, true },
            { 641, 479, 640, 640, ColorMatrix.Bt601, false },
            { 640, 480, 640, 640, ColorMatrix.Bt601, true },
            { 333, 777, 320, 320, ColorMatrix.Bt2020, false },
            { 96, 54, 640, 384, ColorMatrix.Bt601, false },
            { 33, 17, 64, 64, ColorMatrix.Bt709, false },
            { 31, 5, 96, 96, ColorMatrix.Bt2020, true },
            { 4000, 3, 96, 96, ColorMatrix.Bt601, false },
            { 3, 400, 64, 64, ColorMatrix.Bt601, false },
            { 2, 1, 32, 32, ColorMatrix.Bt601, false },
            { 1, 2, 32, 32, ColorMatrix.Bt601, false },
            { 1, 1, 32, 32, ColorMatrix.Bt709, true },
        };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Values_follow_the_documented_formula(int width, int height, int inputW, int inputH, ColorMatrix matrix, bool fullRange)
    {
        var size = new FrameSize(width, height);
        var random = new Random(width * 31 + height);
        var picture = new TestPicture(size, new ColorSpec(matrix, fullRange), random);
        foreach (var rectangle in new[] { false, true })
        {
            var input = new FrameSize(inputW, inputH);
            var transform = rectangle ? LetterboxTransform.MinimumRectangle(size, input) : LetterboxTransform.Square(size, input);
            var letterboxer = new Letterboxer(transform, reference: false);
            var found = new float[letterboxer.ValuesPerPicture];
            Array.Fill(found, float.NaN);
            letterboxer.Fill(picture.View, found);

            Assert.Equal(picture.Letterbox(transform), found); // a value not written is NaN, and stays
        }
    }

    [Fact]
    public void A_photo_comes_out_as_from_the_reference() =>
        CheckAgainstReference(Path.Combine(AppContext.BaseDirectory, "Data", "letterbox_50x1000.png"));

    [Theory]
    [InlineData("case00_1920x1080_src.png")]
    [InlineData("case04_1366x768_src.png")]
    [InlineData("case07_960x540_src.png")]
    [InlineData("case08_319x239_src.png")]
    public void Recorded_photos_come_out_as_from_the_reference(string name) =>
        CheckAgainstReference(SharedData.Path("reference/oracle/01_letterbox_resize/" + name));

    [Fact]
    public void Threads_share_a_letterboxer()
    {
        var size = new FrameSize(321, 243);
        var letterboxer = new Letterboxer(LetterboxTransform.Square(size, new(160, 160)), reference: false);
        var pictures = Enumerable
            .Range(0, 8)
            .Select(seed => new TestPicture(size, new(ColorMatrix.Bt601, false), new Random(seed)))
            .ToArray();
        var alone = pictures.Select(picture => Fill(letterboxer, picture)).ToArray();
        Parallel.For(0, 64, i => Assert.Equal(alone[i & 7], Fill(letterboxer, pictures[i & 7])));
    }

    [Fact]
    public void Pictures_and_destinations_of_other_sizes_are_refused()
    {
        var letterboxer = new Letterboxer(LetterboxTransform.Square(new(4, 4), new(32, 32)), reference: false);
        var values = new float[letterboxer.ValuesPerPicture];
        var color = new ColorSpec(ColorMatrix.Bt601, false);
        Assert.Contains(
            "got 4x6",
            Assert
                .Throws<ArgumentException>(() =>
                    letterboxer.Fill(new YuvPicture(new(4, 6), color, new byte[24], 4, new byte[6], new byte[6], 2), values)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "V plane",
            Assert
                .Throws<ArgumentException>(() =>
                    letterboxer.Fill(new YuvPicture(new(4, 4), color, new byte[16], 4, new byte[4], new byte[3], 2), values)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => letterboxer.Fill(new RgbPicture(new(4, 4), new byte[48], 12), new float[values.Length - 1]));
        Assert.Throws<ArgumentException>(() => letterboxer.Fill(new RgbPicture(new(4, 4), new byte[47], 12), values));
    }

    private static float[] Fill(Letterboxer letterboxer, TestPicture picture)
    {
        var values = new float[letterboxer.ValuesPerPicture];
        letterboxer.Fill(picture.View, values);
        return values;
    }

    /// <summary>
    /// Photo to YUV 4:2:0; then fused letterbox against: conversion to RGB bytes as libswscale's, and the reference letterbox of those,
    /// which recordings hold to OpenCV's.
    /// </summary>
    private static void CheckAgainstReference(string path)
    {
        var (size, rgb) = Png.Read(path);
        var picture = TestPicture.FromRgb(size, new ColorSpec(ColorMatrix.Bt709, false), rgb);
        var transform = LetterboxTransform.MinimumRectangle(size, new(640, 640));
        var reference = new float[3 * transform.Input.Area];
        new Letterboxer(transform, reference: true).Fill(new RgbPicture(size, picture.ToRgb(), 3 * size.Width), reference);
        Assert.Equal(reference, Fill(new Letterboxer(transform, reference: false), picture));
    }
}
