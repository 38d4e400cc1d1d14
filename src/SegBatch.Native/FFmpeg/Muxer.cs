using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Writes one encoded video, and the audio of a source beside it, into an MP4 (index in front, for browsers) or Matroska file. The file
/// is whole only after <see cref="Finish"/>. MP4 keeps every time stamp exactly; Matroska counts in milliseconds and has no negative times, so
/// there audio that starts before 0 (the priming of AAC) moves the whole file by as much.
/// </summary>
public sealed unsafe class Muxer : IDisposable
{
    private readonly AudioCopy? _audio;
    private readonly string _path;
    private AVFormatContext* _context;
    private AVPacket* _packet;

    /// <summary>Creates the file and writes its header.</summary>
    /// <param name="path">File to write; replaced if it exists.</param>
    /// <param name="container">"mp4" or "mkv".</param>
    /// <param name="encoder">Gives the video stream its parameters.</param>
    /// <param name="audioSource">Opened file whose audio is copied and whose metadata are taken over; stays the caller's. Null: no audio.</param>
    /// <param name="shift">Ticks of the encoder's time base taken from the source's clock: audio is moved by as much.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="FFmpegException">The container refuses the streams.</exception>
    public Muxer(string path, string container, VideoEncoder encoder, MediaFile? audioSource, long shift)
    {
        _path = path;
        _packet = ffmpeg.av_packet_alloc();
        try
        {
            AVFormatContext* context;
            var format = container == "mkv" ? "matroska" : container;
            FFmpegException.ThrowIfNegative(
                ffmpeg.avformat_alloc_output_context2(&context, null, format, "file:" + path),
                $"Cannot write the container '{container}'"
            );
            _context = context;
            AddVideo(encoder);
            if (audioSource is not null)
            {
                _ = ffmpeg.av_dict_copy(&context->metadata, audioSource.Context->metadata, 0);
                _audio = new(audioSource, context, path, encoder.Context->time_base, shift);
            }

            WriteHeader(container, encoder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Audio streams of the source that the container does not take, with the reason.</summary>
    public IReadOnlyList<string> SkippedAudio => _audio?.Skipped ?? [];

    /// <summary>Audio packets copied so far.</summary>
    public long AudioPackets => _audio?.Copied ?? 0;

    /// <summary>Audio packets left out because their time stamps are missing, or run backwards.</summary>
    public long AudioPacketsDropped => _audio?.Dropped ?? 0;

    /// <summary>Writes every packet that the encoder has ready, and the audio up to it.</summary>
    /// <param name="encoder">The one given to the constructor.</param>
    /// <param name="duration">Ticks the newest picture is shown.</param>
    /// <exception cref="IOException">The file cannot be written: the disk is full, or gone.</exception>
    /// <exception cref="FFmpegException">The container refuses a packet.</exception>
    public void Write(VideoEncoder encoder, long duration)
    {
        while (encoder.Receive(_packet))
        {
            _audio?.CopyUntil(_packet->dts);
            _packet->stream_index = 0;
            _packet->duration = duration;
            ffmpeg.av_packet_rescale_ts(_packet, encoder.Context->time_base, _context->streams[0]->time_base);
            Check(ffmpeg.av_interleaved_write_frame(_context, _packet));
        }
    }

    /// <summary>Copies the audio that is left, and completes and closes the file.</summary>
    /// <exception cref="IOException">The storage is full or failed.</exception>
    /// <param name="audioEnd">Ticks of the encoder's clock at which audio ends; null copies all of it.</param>
    public void Finish(long? audioEnd)
    {
        _audio?.CopyUntil(audioEnd ?? long.MaxValue);
        Check(ffmpeg.av_write_trailer(_context));
        Check(ffmpeg.avio_closep(&_context->pb));
    }

    public void Dispose()
    {
        _audio?.Dispose();
        var packet = _packet;
        _packet = null;
        ffmpeg.av_packet_free(&packet);
        var context = _context;
        _context = null;
        if (context is null)
        {
            return;
        }

        if (context->pb is not null)
        {
            _ = ffmpeg.avio_closep(&context->pb); // the work is dropped: what could not be written does not matter
        }

        ffmpeg.avformat_free_context(context);
    }

    private void AddVideo(VideoEncoder encoder)
    {
        var stream = ffmpeg.avformat_new_stream(_context, null);
        FFmpegException.ThrowIfNegative(
            ffmpeg.avcodec_parameters_from_context(stream->codecpar, encoder.Context),
            $"Cannot describe the video of {_path}"
        );
        stream->time_base = encoder.Context->time_base;
        stream->avg_frame_rate = encoder.Context->framerate;
        stream->sample_aspect_ratio = encoder.Context->sample_aspect_ratio;
        if (encoder.Context->codec_id == AVCodecID.AV_CODEC_ID_HEVC && Is("mp4"))
        {
            stream->codecpar->codec_tag = 'h' | 'v' << 8 | 'c' << 16 | '1' << 24; // the tag that Apple's players ask for
        }
    }

    private void WriteHeader(string container, VideoEncoder encoder)
    {
        FFmpegException.ThrowIfNotWritten(
            ffmpeg.avio_open2(&_context->pb, "file:" + _path, ffmpeg.AVIO_FLAG_WRITE, null, null),
            $"Cannot create {_path}"
        );
        AVDictionary* options = null;
        _ = ffmpeg.av_dict_set(&options, "fflags", "+bitexact", 0); // no version or clock in the file: equal runs give equal bytes
        if (container == "mp4")
        {
            _ = ffmpeg.av_dict_set(&options, "movflags", "+faststart", 0);
            // Edit lists count in this clock; the default of 1/1000 s would round a start offset.
            _ = ffmpeg.av_dict_set(&options, "movie_timescale", Math.Max(1000, encoder.Context->time_base.den).ToString(), 0);
        }

        try
        {
            FFmpegException.ThrowIfNotWritten(ffmpeg.avformat_write_header(_context, &options), $"Cannot write the header of {_path}");
        }
        finally
        {
            ffmpeg.av_dict_free(&options);
        }
    }

    private bool Is(string format) => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)_context->oformat->name) == format;

    /// <summary>What the storage refused counts, whatever the muxer made of it.</summary>
    private void Check(int result)
    {
        var stored = _context->pb is null ? 0 : _context->pb->error;
        FFmpegException.ThrowIfNotWritten(stored < 0 ? stored : result, $"Cannot write {_path}");
    }
}
