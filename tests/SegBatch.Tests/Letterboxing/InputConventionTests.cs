using System.Numerics;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using Xunit;

namespace SegBatch.Tests.Letterboxing;

/// <summary>Inputs that are not YOLO's: order of channels, mean and deviation, padding, fit.</summary>
public sealed class InputConventionTests
{
    private static readonly InputConvention s_bgr = new()
    {
        Channels = ChannelOrder.Bgr,
        Mean = new Vector3(103.53f, 116.28f, 123.675f),
        Deviation = new Vector3(57.375f, 57.12f, 58.395f),
        Padding = PadSide.BottomRight,
    };

    [Theory]
    [InlineData(114f)]
    [InlineData(null)]
    public void Values_are_levels_less_mean_by_deviation_in_the_order_of_channels(float? pad)
    {
        // 19 pixels: two vectors and a rest. Level of column x: red x, green 100 + x, blue 200 + x.
        var size = new FrameSize(19, 3);
        var pixels = new byte[3 * 19 * 3];
        for (var i = 0; i < 19 * 3; i++)
        {
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)(i % 19), (byte)(100 + (i % 19)), (byte)(200 + (i % 19)));
        }

        var transform = LetterboxTransform.Square(size, new(19, 5)).AtTopLeft();
        var convention = s_bgr with { PadLevel = pad };
        var values = new float[3 * 19 * 5];
        new Letterboxer(transform, convention, reference: false).Fill(new RgbPicture(size, pixels, 57), values);
        for (var plane = 0; plane < 3; plane++)
        {
            for (var y = 0; y < 5; y++)
            {
                for (var x = 0; x < 19; x++)
                {
                    double? level = y < 3 ? (200 - (100 * plane)) + x : pad; // B, G, R
                    var expected = level is { } known ? (known - s_bgr.Mean[plane]) / s_bgr.Deviation[plane] : 0;
                    Assert.Equal(expected, values[(plane * 95) + (y * 19) + x], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Levels_of_0_to_255_are_whole_numbers()
    {
        var convention = new InputConvention { Deviation = Vector3.One };
        var pixels = Enumerable.Range(0, 256 * 3).Select(i => (byte)(i / 3)).ToArray();
        var values = new float[3 * 256];
        var size = new FrameSize(256, 1);
        new Letterboxer(LetterboxTransform.Stretch(size, size), convention, reference: false).Fill(
            new RgbPicture(size, pixels, 768),
            values
        );
        Assert.All(Enumerable.Range(0, 256), level => Assert.Equal(level, values[level], 1e-4f));
    }

    [Theory]
    [InlineData(640, 360, 800, 1333, false, 1, 640, 360, 640, 360)] // smaller: as it is
    [InlineData(640, 360, 800, 1333, true, 1, 1333, 750, 1333, 750)] // the long side bounds
    [InlineData(1000, 1000, 800, 1333, false, 32, 800, 800, 800, 800)]
    [InlineData(1080, 1920, 800, 1333, false, 32, 750, 1333, 768, 1344)]
    [InlineData(641, 361, int.MaxValue, int.MaxValue, false, 1, 641, 361, 641, 361)]
    public void Any_size_keeps_its_aspect(
        int width,
        int height,
        int shortSide,
        int longSide,
        bool enlarge,
        int multiple,
        int resizedWidth,
        int resizedHeight,
        int inputWidth,
        int inputHeight
    )
    {
        var transform = LetterboxTransform.KeepAspect(new(width, height), shortSide, longSide, enlarge, multiple);
        Assert.Equal(
            (new FrameSize(resizedWidth, resizedHeight), new FrameSize(inputWidth, inputHeight)),
            (transform.Resized, transform.Input)
        );
        Assert.Equal((0, 0), (transform.PadLeft, transform.PadTop));
    }

    [Fact]
    public void A_stretched_frame_has_a_gain_per_axis()
    {
        var transform = LetterboxTransform.Stretch(new(200, 100), new(50, 50));
        Assert.Equal(new Box(40, 20, 120, 60), transform.ToFrame(new Box(10, 10, 30, 30)));
        Assert.False(transform.IsCentred);
        Assert.True(LetterboxTransform.Square(new(200, 101), new(50, 50)).IsCentred);
        Assert.False(LetterboxTransform.Square(new(200, 100), new(50, 50)).AtTopLeft().IsCentred);
    }

    [Fact]
    public void What_a_job_states_goes_over_the_family()
    {
        var stated = new ModelOverrides { Channels = ChannelOrder.Rgb, PadLevel = 0 };
        var convention = stated.Over(s_bgr);
        Assert.Equal(s_bgr with { Channels = ChannelOrder.Rgb, PadLevel = 0 }, convention);
        Assert.Equal(s_bgr, new ModelOverrides().Over(s_bgr));
        Assert.True(InputConvention.Yolo.IsPlain);
        Assert.False(convention.IsPlain);
    }
}
