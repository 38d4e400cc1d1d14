using System.Security.Cryptography;
using System.Text.Json;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;
using Xunit;

namespace SegBatch.Tests.Letterboxing;

public sealed class ReferenceLetterboxTests
{
    [Fact]
    public void A_recorded_picture_is_reproduced_byte_for_byte()
    {
        using var recording = RecordedData.Json("letterbox_pixels.json");
        Assert.Equal(2, CheckPictures(recording, name => Path.Combine(AppContext.BaseDirectory, "Data", name)));
    }

    [Fact]
    public void All_recorded_pictures_are_reproduced_byte_for_byte()
    {
        using var recording = SharedData.Json("reference/oracle/01_letterbox_resize/cases.json");
        Assert.Equal(22, CheckPictures(recording, name => SharedData.Path("reference/oracle/01_letterbox_resize/" + name)));
    }

    [Fact]
    public void Yuv_pictures_are_refused()
    {
        var letterboxer = new Letterboxer(LetterboxTransform.Square(new(2, 2), new(32, 32)), reference: true);
        var error = Assert.Throws<InvalidOperationException>(() =>
            letterboxer.Fill(
                new YuvPicture(new(2, 2), new(ColorMatrix.Bt601, false), new byte[4], 2, new byte[1], new byte[1], 1),
                new float[letterboxer.ValuesPerPicture]
            )
        );
        Assert.Contains("RGB", error.Message, StringComparison.Ordinal);
    }

    private static int CheckPictures(JsonDocument recording, Func<string, string> find)
    {
        var pictures = 0;
        foreach (var item in recording.RootElement.GetProperty("cases").EnumerateArray())
        {
            var (size, rgb) = Png.Read(find(item.GetProperty("src_png").GetString()!));
            Assert.Equal(item.GetProperty("src_sha256_rgb").GetString(), Convert.ToHexStringLower(SHA256.HashData(rgb)));

            // Rows of a decoded frame have bytes to spare at their end: they must not matter.
            var stride = 3 * size.Width + 13;
            var padded = new byte[stride * size.Height];
            for (var y = 0; y < size.Height; y++)
            {
                rgb.AsSpan(3 * size.Width * y, 3 * size.Width).CopyTo(padded.AsSpan(stride * y));
            }

            var input = new FrameSize(640, 640);
            foreach (var mode in new[] { "square", "auto" })
            {
                var expected = item.GetProperty(mode);
                var transform =
                    mode == "square" ? LetterboxTransform.Square(size, input) : LetterboxTransform.MinimumRectangle(size, input);
                var letterboxer = new Letterboxer(transform, reference: true);
                var values = new float[letterboxer.ValuesPerPicture];
                Array.Fill(values, float.NaN);
                letterboxer.Fill(new RgbPicture(size, padded, stride), values);
                var hash = Convert.ToHexStringLower(SHA256.HashData(ToBytes(values)));
                Assert.True(expected.GetProperty("sha256_rgb").GetString() == hash, $"{item.GetProperty("name")} {mode} differs");
                pictures++;
            }
        }

        return pictures;
    }

    /// <summary>Interleaved bytes; every value must be a byte divided by 255 in single precision.</summary>
    private static byte[] ToBytes(float[] planar)
    {
        var pixels = planar.Length / 3;
        var rgb = new byte[planar.Length];
        var notLevels = 0;
        for (var i = 0; i < pixels; i++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var value = planar[channel * pixels + i];
                var level = (byte)MathF.Round(value * 255);
                notLevels += level / 255f == value ? 0 : 1;
                rgb[3 * i + channel] = level;
            }
        }

        Assert.Equal(0, notLevels);
        return rgb;
    }
}
