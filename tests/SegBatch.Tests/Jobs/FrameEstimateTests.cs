using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

public class FrameEstimateTests
{
    [Theory]
    [InlineData(100, 1, null, null)]
    [InlineData(34, 3, null, null)]
    [InlineData(75, 1, 1.0, null)] // 25 frames a second
    [InlineData(38, 2, 1.0, null)]
    [InlineData(25, 1, 1.0, 2.0)]
    [InlineData(0, 1, 9.0, null)]
    public void Of_a_video_start_end_and_stride_leave(long expected, int stride, double? start, double? end) =>
        Assert.Equal(expected, FrameEstimate.Of(Info(100, new(25, 1), isImage: false), Options(stride, start, end)));

    /// <summary>As <see cref="PictureFolderReader"/> reads it: a picture a second, from the first that is not before the start.</summary>
    [Theory]
    [InlineData(10, 1, null, null)]
    [InlineData(5, 2, null, null)]
    [InlineData(4, 3, null, null)]
    [InlineData(7, 1, 2.5, null)]
    [InlineData(3, 1, 2.5, 6.0)]
    [InlineData(4, 1, 2.5, 6.5)]
    [InlineData(0, 1, 10.0, null)]
    public void Of_a_folder_of_pictures_too(long expected, int stride, double? start, double? end) =>
        Assert.Equal(expected, FrameEstimate.Of(Info(10, new(1, 1), isImage: true), Options(stride, start, end)));

    [Fact]
    public void Unknown_stays_unknown_and_one_picture_is_one_frame()
    {
        Assert.Null(FrameEstimate.Of(Info(null, new(25, 1), isImage: false), Options(2, null, null)));
        Assert.Equal(1, FrameEstimate.Of(Info(1, new(25, 1), isImage: true), Options(2, null, null)));
    }

    private static VideoInfo Info(long? frames, Rational rate, bool isImage) =>
        new()
        {
            Path = "/x",
            Container = "mov",
            Codec = "h264",
            Size = new FrameSize(160, 96),
            PixelFormat = "yuv420p",
            Color = default!,
            TimeBase = new(1, 25),
            FrameRate = rate,
            EstimatedFrames = frames,
            IsImage = isImage,
        };

    private static DecodingOptions Options(int stride, double? start, double? end) =>
        new()
        {
            Stride = stride,
            Start = start is { } from ? Moment.AtSeconds(from) : null,
            End = end is { } to ? Moment.AtSeconds(to) : null,
        };
}
