using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>What a decoder says of a frame.</summary>
internal static unsafe class FrameFacts
{
    /// <param name="frame">As the decoder gave it.</param>
    /// <param name="container">What the container says makes it upright.</param>
    /// <param name="damaged">A packet before it was refused or damaged.</param>
    public static DecodedFrame Of(AVFrame* frame, Orientation container, bool damaged) =>
        new()
        {
            Width = frame->width,
            Height = frame->height,
            Pts = frame->best_effort_timestamp == ffmpeg.AV_NOPTS_VALUE ? null : frame->best_effort_timestamp,
            Corrupt = damaged || (frame->flags & ffmpeg.AV_FRAME_FLAG_CORRUPT) != 0 || frame->decode_error_flags != 0,
            Prediction = (AVPictureType)frame->pict_type switch
            {
                AVPictureType.AV_PICTURE_TYPE_P => Prediction.FromThePast,
                AVPictureType.AV_PICTURE_TYPE_B => Prediction.FromBoth,
                _ => Prediction.Other,
            },
            IsInterlaced = frame->interlaced_frame != 0,
            IsRgb = SampleColor.IsRgb((AVPixelFormat)frame->format),
            Color = SampleColor.Of(frame),
            Orientation = OrientationOf(frame, container),
        };

    /// <summary>What the frame itself says (a photo's EXIF, an H.264 message), else what the container says.</summary>
    private static Orientation OrientationOf(AVFrame* frame, Orientation container)
    {
        var data = ffmpeg.av_frame_get_side_data(frame, AVFrameSideDataType.AV_FRAME_DATA_DISPLAYMATRIX);
        return data is null || data->size < 9 * sizeof(int) ? container : Orientation.FromMatrix((int*)data->data) ?? default;
    }

    /// <summary>
    /// Samples are 8-bit planar 4:2:0 that may be used where they are: views of whole rows must stay inside the buffer, which cropping and
    /// upside-down storage can break.
    /// </summary>
    public static bool IsPlainYuv420(AVFrame* frame)
    {
        var format = (AVPixelFormat)frame->format;
        if (
            format is not (AVPixelFormat.AV_PIX_FMT_YUV420P or AVPixelFormat.AV_PIX_FMT_YUVJ420P)
            || frame->linesize[0] <= 0
            || frame->linesize[1] != frame->linesize[2]
        )
        {
            return false;
        }

        for (var plane = 0u; plane < 3; plane++)
        {
            var rows = plane == 0 ? frame->height : (frame->height + 1) / 2;
            if (!IsInside(frame, frame->data[plane], (long)rows * frame->linesize[plane]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsInside(AVFrame* frame, byte* start, long length)
    {
        for (var i = 0u; i < 3; i++)
        {
            var buffer = frame->buf[i];
            if (buffer is not null && start >= buffer->data && start + length <= buffer->data + buffer->size)
            {
                return true;
            }
        }

        return false;
    }
}
