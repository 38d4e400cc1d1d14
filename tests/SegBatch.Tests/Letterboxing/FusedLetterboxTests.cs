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

            var expected = picture.Letterbox(transform);
            var worst = 0.0;
            for (var i = 0; i < found.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(expected[i] - found[i])); // a value not written is NaN, and stays
            }

            Assert.InRange(worst, 0, 1e-3);
        }
    }

    [Fact]
    public void A_photo_comes_out_as_from_the_reference_but_for_rounding()
    {
        var difference = CompareWithReference(Path.Combine(AppContext.BaseDirectory, "Data", "letterbox_50x1000.png"));
        Assert.InRange(difference.Mean, 0, 0.6); // what truncation scatters about its mean
        Assert.InRange(difference.Percentile99, 0, 3);
    }

    [Theory]
    [InlineData("case00_1920x1080_src.png")]
    [InlineData("case04_1366x768_src.png")]
    [InlineData("case07_960x540_src.png")]
    [InlineData("case08_319x239_src.png")]
    public void Recorded_photos_come_out_as_from_the_reference_but_for_rounding(string name)
    {
        var difference = CompareWithReference(SharedData.Path("reference/oracle/01_letterbox_resize/" + name));
        TestContext.Current.SendDiagnosticMessage("{0}: mean {1:f3}, p99 {2:f3} levels", name, difference.Mean, difference.Percentile99);
        Assert.InRange(difference.Mean, 0, 0.6); // what truncation scatters about its mean
        Assert.InRange(difference.Percentile99, 0, 3);
    }

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
    /// Photo to YUV 4:2:0; then fused letterbox against: exact conversion to RGB bytes with chroma repeated over 2 × 2 pixels, and the
    /// reference letterbox of those. Differences in levels of 255.
    /// </summary>
    private static (double Mean, double Percentile99) CompareWithReference(string path)
    {
        var (size, rgb) = Png.Read(path);
        var picture = TestPicture.FromRgb(size, new ColorSpec(ColorMatrix.Bt709, false), rgb);
        var transform = LetterboxTransform.MinimumRectangle(size, new(640, 640));
        var fused = Fill(new Letterboxer(transform, reference: false), picture);
        var reference = new float[fused.Length];
        new Letterboxer(transform, reference: true).Fill(new RgbPicture(size, picture.ToRgb(), 3 * size.Width), reference);
        var differences = new float[fused.Length];
        for (var i = 0; i < fused.Length; i++)
        {
            differences[i] = 255 * Math.Abs(fused[i] - reference[i]);
        }

        Array.Sort(differences);
        return (differences.Average(difference => (double)difference), differences[(int)(differences.Length * 0.99)]);
    }
}
