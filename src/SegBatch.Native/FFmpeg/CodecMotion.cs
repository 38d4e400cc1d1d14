using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>The motion of blocks as a codec stored it beside a frame.</summary>
internal static unsafe class CodecMotion
{
    /// <summary>All of it, into the past and the future; empty where the codec gives none. Valid as long as the frame.</summary>
    public static ReadOnlySpan<AVMotionVector> Of(AVFrame* frame)
    {
        var data = ffmpeg.av_frame_get_side_data(frame, AVFrameSideDataType.AV_FRAME_DATA_MOTION_VECTORS);
        return data is null ? [] : new ReadOnlySpan<AVMotionVector>(data->data, (int)(data->size / (ulong)sizeof(AVMotionVector)));
    }

    /// <summary>Copies the vectors that point into the past, and counts them.</summary>
    public static int CopyFromThePast(AVFrame* frame, Span<MotionVector> vectors)
    {
        var copied = 0;
        foreach (ref readonly var vector in Of(frame))
        {
            if (vector.source < 0 && vector.motion_scale > 0)
            {
                var scale = 1f / vector.motion_scale;
                vectors[copied++] = new MotionVector(
                    vector.dst_x,
                    vector.dst_y,
                    vector.dst_x + vector.motion_x * scale,
                    vector.dst_y + vector.motion_y * scale
                );
            }
        }

        return copied;
    }
}
