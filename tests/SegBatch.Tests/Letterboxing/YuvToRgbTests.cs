using System.Text.Json;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;
using Xunit;

namespace SegBatch.Tests.Letterboxing;

/// <summary>Conversion of whole sweeps of samples, against what libswscale was measured to give.</summary>
public sealed class YuvToRgbTests
{
    /// <summary>Luma along a row, chroma from row to row; so large that the letterbox leaves every pixel as it is.</summary>
    private static readonly FrameSize s_size = new(512, 512);

    [Fact]
    public void Every_sample_counts_as_libswscale_counts_it()
    {
        using var recording = RecordedData.Json("swscale_products.json");
        var cases = recording.RootElement.GetProperty("cases");
        Assert.Equal(6, cases.GetArrayLength());
        foreach (var item in cases.EnumerateArray())
        {
            var color = new ColorSpec(
                Enum.Parse<ColorMatrix>(item.GetProperty("matrix").GetString()!),
                item.GetProperty("full_range").GetBoolean()
            );
            var ofU = Convert(color, chroma => (chroma, 128));
            var ofV = Convert(color, chroma => (128, chroma));
            var luma = Values(item, "luma");
            Check(luma, null, ofU, 0);
            Check(luma, Values(item, "red_v"), ofV, 0);
            Check(luma, Values(item, "green_u"), ofU, 1);
            Check(luma, Values(item, "green_v"), ofV, 1);
            Check(luma, Values(item, "blue_u"), ofU, 2);
            Check(luma, null, ofV, 2);
        }
    }

    /// <summary>Pixels whose luma alone is neither black nor white: what a clipped one hides is unknown.</summary>
    private static void Check(int?[] luma, int?[]? products, float[] planes, int plane)
    {
        var area = (int)s_size.Area;
        for (var at = 0; at < area; at++)
        {
            var (y, chroma) = (at % s_size.Width / 2, at / s_size.Width / 2);
            var product = products is null ? 0 : products[chroma];
            if (luma[y] is > 0 and < 255 && product is { } change)
            {
                var level = Math.Clamp(luma[y]!.Value + change, 0, 255);
                Assert.True(level / 255f == planes[plane * area + at], $"plane {plane}, luma {y}, chroma {chroma}: not {level}");
            }
        }
    }

    private static float[] Convert(ColorSpec color, Func<int, (int U, int V)> chromaOfRow)
    {
        var (width, height) = (s_size.Width, s_size.Height);
        var (y, u, v) = (new byte[width * height], new byte[width * height / 4], new byte[width * height / 4]);
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = (byte)(i % width / 2);
        }

        for (var i = 0; i < u.Length; i++)
        {
            var (uOfRow, vOfRow) = chromaOfRow(i / (width / 2));
            (u[i], v[i]) = ((byte)uOfRow, (byte)vOfRow);
        }

        var letterboxer = new Letterboxer(LetterboxTransform.Square(s_size, s_size), reference: false);
        var planes = new float[letterboxer.ValuesPerPicture];
        letterboxer.Fill(new YuvPicture(s_size, color, y, width, u, v, width / 2), planes);
        return planes;
    }

    private static int?[] Values(JsonElement item, string name) =>
        [.. item.GetProperty(name).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (int?)null : value.GetInt32())];
}
