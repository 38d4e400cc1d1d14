using Microsoft.ML.OnnxRuntime;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Gpu;
using SegBatch.Letterboxing;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Gpu;

/// <summary>The letterbox of the device, run by the CPU provider, against the host's.</summary>
public sealed class LetterboxGraphTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Frames of a real clip, shown in sizes that shrink, keep and enlarge, and padded left and right or above and below.</summary>
    [Theory]
    [InlineData(640, 640, ColorMatrix.Bt601, false)]
    [InlineData(640, 480, ColorMatrix.Bt709, false)]
    [InlineData(320, 320, ColorMatrix.Bt601, true)]
    [InlineData(1024, 576, ColorMatrix.Bt2020, false)]
    [InlineData(768, 576, ColorMatrix.Bt709, true)]
    public async Task Real_frames_agree_to_a_level_or_two(int width, int height, ColorMatrix matrix, bool fullRange)
    {
        using var reader = FrameReader.Open(SharedData.Path("videos/vtest.avi"), new() { End = Moment.AtFrame(1) });
        using var pool = new FramePool(1);
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                var picture = frame.Yuv;
                foreach (var order in Enum.GetValues<ConversionOrder>())
                {
                    var (mean, max, share) = Difference(Repaint(picture, new(matrix, fullRange)), new(width, height), order);
                    var figures = $"{width}x{height} {matrix} full={fullRange} {order}: mean {mean:f3} max {max:f2} above2 {share:p3}";
                    TestContext.Current.TestOutputHelper?.WriteLine(figures);
                    Assert.True(Math.Abs(mean) < 0.15, figures);
                    Assert.True(order == ConversionOrder.AfterResize ? share < 0.01 : max < 2.5, figures);
                }
            }
        }
    }

    [Fact]
    public void Padding_of_surface_and_input_is_left_out_and_put_in()
    {
        var size = new FrameSize(64, 32);
        var (y, u, v) = (new byte[64 * 32], new byte[32 * 16], new byte[32 * 16]);
        Array.Fill(y, (byte)235);
        Array.Fill(u, (byte)128);
        Array.Fill(v, (byte)128);
        var picture = new YuvPicture(size, new(ColorMatrix.Bt709, false), y, 64, u, v, 32);
        var letterbox = LetterboxTransform.Square(size, new(32, 32));
        var values = Run(picture, letterbox, pitch: 96, rows: 48, filler: 7, ConversionOrder.BeforeResize);
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = values.AsSpan(channel * 32 * 32, 32 * 32);
            Assert.All(plane[..(8 * 32)].ToArray(), value => Assert.Equal(114 / 255f, value));
            Assert.All(plane[(8 * 32)..(24 * 32)].ToArray(), value => Assert.InRange(value, 1 - (2 / 255f), 1)); // white, but for the bias
            Assert.All(plane[(24 * 32)..].ToArray(), value => Assert.Equal(114 / 255f, value));
        }
    }

    /// <summary>Mean (with sign) and largest difference in levels of 1/255, and the share of values more than two apart.</summary>
    private static (double Mean, double Max, double Share) Difference(YuvPicture picture, FrameSize input, ConversionOrder order)
    {
        var letterbox = LetterboxTransform.Square(picture.Size, input);
        var host = new float[3 * input.Area];
        new Letterboxer(letterbox, reference: false).Fill(picture, host);
        var device = Run(picture, letterbox, pitch: 1024, rows: picture.Size.Height + 16, filler: 200, order);
        var (sum, max, above) = (0.0, 0.0, 0);
        for (var i = 0; i < host.Length; i++)
        {
            var difference = 255 * ((double)device[i] - host[i]);
            sum += difference;
            max = Math.Max(max, Math.Abs(difference));
            above += Math.Abs(difference) > 2 ? 1 : 0;
        }

        return (sum / host.Length, max, (double)above / host.Length);
    }

    private static YuvPicture Repaint(in YuvPicture picture, ColorSpec color) =>
        new(picture.Size, color, picture.Y, picture.StrideY, picture.U, picture.V, picture.StrideUv);

    private static float[] Run(YuvPicture picture, LetterboxTransform letterbox, int pitch, int rows, byte filler, ConversionOrder order)
    {
        var (width, height) = (picture.Size.Width, picture.Size.Height);
        var surface = new Nv12Surface(picture.Size, rows, pitch);
        var bytes = new byte[(rows + (height / 2)) * pitch];
        Array.Fill(bytes, filler); // what lies in the padding must not matter
        for (var row = 0; row < height; row++)
        {
            picture.Y.Slice(row * picture.StrideY, width).CopyTo(bytes.AsSpan(row * pitch));
        }

        for (var row = 0; row < height / 2; row++)
        {
            for (var column = 0; column < width / 2; column++)
            {
                var at = ((rows + row) * pitch) + (2 * column);
                bytes[at] = picture.U[(row * picture.StrideUv) + column];
                bytes[at + 1] = picture.V[(row * picture.StrideUv) + column];
            }
        }

        using var session = new InferenceSession(LetterboxGraph.Create(surface, letterbox, picture.Color, order));
        using var input = OrtValue.CreateTensorValueFromMemory(bytes, surface.Shape);
        using var options = new RunOptions();
        using var outputs = session.Run(options, [LetterboxGraph.Surface], [input], [LetterboxGraph.Picture]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
