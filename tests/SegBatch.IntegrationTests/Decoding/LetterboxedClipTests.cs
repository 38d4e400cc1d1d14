using System.Runtime.InteropServices;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>What the network is fed by default, against libswscale's own conversion and the reference letterbox.</summary>
public sealed class LetterboxedClipTests
{
    /// <summary>libswscale computes for x86 what the fused letterbox computes everywhere; its other converters round differently.</summary>
    private static readonly double s_tolerance = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0 : 0.25;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("videos/vtest.avi")]
    [InlineData("videos/walking.mp4")]
    public async Task Frames_come_out_as_on_the_reference_path(string clip)
    {
        var options = new DecodingOptions
        {
            ReferenceRgb = true,
            Stride = 20,
            End = Moment.AtFrame(100),
        };
        using var reader = FrameReader.Open(SharedData.Path(clip), options);
        using var pool = new FramePool(2);
        var transform = LetterboxTransform.MinimumRectangle(reader.Info.Size, new FrameSize(640, 640));
        var fused = new Letterboxer(transform, reference: false);
        var reference = new Letterboxer(transform, reference: true);
        var (found, expected) = (new float[fused.ValuesPerPicture], new float[fused.ValuesPerPicture]);
        var frames = 0;
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                fused.Fill(frame.Yuv, found);
                reference.Fill(frame.Rgb, expected);
                for (var channel = 0; channel < 3; channel++)
                {
                    Assert.InRange(MeanDifference(found, expected, channel), 0, s_tolerance);
                }

                frames++;
            }
        }

        Assert.Equal(5, frames);
    }

    /// <summary>Mean absolute difference of one channel in levels of 255.</summary>
    private static double MeanDifference(float[] found, float[] expected, int channel)
    {
        var plane = found.Length / 3;
        return Enumerable.Range(channel * plane, plane).Average(i => 255.0 * Math.Abs(found[i] - expected[i]));
    }
}
