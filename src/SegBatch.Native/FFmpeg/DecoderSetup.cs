using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>Opens codecs for streams.</summary>
internal static unsafe class DecoderSetup
{
    /// <summary>A codec that is open for one stream; the file gives the packets of no other from here on.</summary>
    /// <param name="acceleration">FFmpeg's name of a hardware device type, or null for software.</param>
    /// <param name="buffers">Where a software decoder writes; outlives it.</param>
    /// <returns>The caller's, to be freed.</returns>
    /// <exception cref="FFmpegException">No such decoder, device, or support for this stream.</exception>
    public static AVCodecContext* Open(
        MediaFile file,
        int stream,
        string? acceleration,
        int threads,
        int heldSurfaces,
        bool motionVectors,
        PictureBuffers buffers
    )
    {
        var parameters = file.Context->streams[stream]->codecpar;
        var codec = ffmpeg.avcodec_find_decoder(parameters->codec_id);
        if (codec is null)
        {
            throw new FFmpegException($"No decoder for {ffmpeg.avcodec_get_name(parameters->codec_id)}", ffmpeg.AVERROR_DECODER_NOT_FOUND);
        }

        var context = ffmpeg.avcodec_alloc_context3(codec);
        try
        {
            Prepare(context, file.Context->streams[stream], threads);
            if (acceleration is not null)
            {
                HardwareDecoding.Attach(context, codec, acceleration, heldSurfaces);
            }
            else
            {
                buffers.Attach(context, codec);
                context->flags2 |= motionVectors ? ffmpeg.AV_CODEC_FLAG2_EXPORT_MVS : 0;
            }

            FFmpegException.ThrowIfNegative(ffmpeg.avcodec_open2(context, codec, null), $"Cannot open the decoder of {file.Path}");
        }
        catch
        {
            ffmpeg.avcodec_free_context(&context);
            throw;
        }

        for (var i = 0; i < file.StreamCount; i++)
        {
            file.Context->streams[i]->discard = i == stream ? AVDiscard.AVDISCARD_DEFAULT : AVDiscard.AVDISCARD_ALL;
        }

        return context;
    }

    private static void Prepare(AVCodecContext* context, AVStream* stream, int threads)
    {
        FFmpegException.ThrowIfNegative(
            ffmpeg.avcodec_parameters_to_context(context, stream->codecpar),
            "Cannot read the stream's parameters"
        );
        context->pkt_timebase = stream->time_base;
        context->thread_count = threads;
        context->max_pixels = MediaFile.MostPixels;
        // Without it, old codecs take short cuts in motion compensation that differ between processors.
        context->flags |= ffmpeg.AV_CODEC_FLAG_BITEXACT;
    }
}
