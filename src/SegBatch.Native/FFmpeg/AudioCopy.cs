using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>Copies the audio packets of an opened file into an output, unchanged but for the clock, as far as the video has come.</summary>
internal sealed unsafe class AudioCopy : IDisposable
{
    private readonly MediaFile _source;
    private readonly AVFormatContext* _output;
    private readonly string _target;
    private readonly AVRational _clock;
    private readonly long _shift;
    private readonly Dictionary<int, int> _streams = []; // index in the source to index in the output
    private readonly Dictionary<int, long> _lastDts = [];
    private readonly List<string> _skipped = [];
    private AVPacket* _packet;
    private bool _waiting; // a packet was read that is still to come
    private bool _ended;

    /// <summary>Adds a stream to the output for each of the source that its container takes. Times are ticks of <paramref name="clock"/>.</summary>
    /// <param name="target">The output's path, for errors.</param>
    public AudioCopy(MediaFile source, AVFormatContext* output, string target, AVRational clock, long shift)
    {
        (_source, _target, _clock, _shift) = (source, target, clock, shift);
        _output = output;
        _packet = ffmpeg.av_packet_alloc();
        for (var i = 0; i < source.StreamCount; i++)
        {
            var stream = source.Context->streams[i];
            if (stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO && Takes(i, stream->codecpar))
            {
                Add(i, stream);
            }
            else
            {
                stream->discard = AVDiscard.AVDISCARD_ALL;
            }
        }

        _ended = _streams.Count == 0;
    }

    public IReadOnlyList<string> Skipped => _skipped;

    public long Copied { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>Copies what is due before a moment of the output's clock.</summary>
    public void CopyUntil(long time)
    {
        while (!_ended && Next())
        {
            var clock = _source.Context->streams[_packet->stream_index]->time_base;
            if (time != long.MaxValue && ffmpeg.av_compare_ts(_packet->dts, clock, time + _shift, _clock) >= 0)
            {
                return;
            }

            _waiting = false;
            Copy(clock);
        }
    }

    public void Dispose()
    {
        var packet = _packet;
        _packet = null;
        ffmpeg.av_packet_free(&packet);
    }

    /// <summary>Makes <see cref="_packet"/> the next audio packet. False at the end.</summary>
    private bool Next()
    {
        while (!_waiting)
        {
            ffmpeg.av_packet_unref(_packet);
            if (!_source.Read(_packet))
            {
                _ended = true;
                return false;
            }

            if (!_streams.ContainsKey(_packet->stream_index))
            {
                continue;
            }

            if (_packet->dts == ffmpeg.AV_NOPTS_VALUE)
            {
                _packet->dts = _packet->pts;
            }

            _waiting = _packet->dts != ffmpeg.AV_NOPTS_VALUE;
            Dropped += _waiting ? 0 : 1;
        }

        return true;
    }

    private void Copy(AVRational clock)
    {
        var index = _streams[_packet->stream_index];
        var output = _output->streams[index];
        var shift = ffmpeg.av_rescale_q(_shift, _clock, clock);
        _packet->dts -= shift;
        _packet->pts = _packet->pts == ffmpeg.AV_NOPTS_VALUE ? _packet->dts : _packet->pts - shift;
        if (_shift != 0 && _packet->pts + _packet->duration <= 0)
        {
            return; // before the part that is shown
        }

        _packet->stream_index = index;
        _packet->pos = -1;
        ffmpeg.av_packet_rescale_ts(_packet, clock, output->time_base);
        if (_lastDts.TryGetValue(index, out var last) && _packet->dts <= last)
        {
            Dropped++; // muxers refuse them
            return;
        }

        _lastDts[index] = _packet->dts;
        var result = ffmpeg.av_interleaved_write_frame(_output, _packet);
        if (result == ffmpeg.AVERROR_INVALIDDATA)
        {
            Dropped++; // a damaged packet is no reason to lose the video
            return;
        }

        FFmpegException.ThrowIfNotWritten(result, $"Cannot write {_target}: the audio of {_source.Path}");
        Copied++;
    }

    private bool Takes(int index, AVCodecParameters* parameters)
    {
        if (ffmpeg.avformat_query_codec(_output->oformat, parameters->codec_id, 0) == 1 && parameters->sample_rate > 0)
        {
            return true;
        }

        _skipped.Add($"audio stream {index} ({ffmpeg.avcodec_get_name(parameters->codec_id)}) does not go into this container");
        return false;
    }

    private void Add(int index, AVStream* source)
    {
        var stream = ffmpeg.avformat_new_stream(_output, null);
        FFmpegException.ThrowIfNegative(
            ffmpeg.avcodec_parameters_copy(stream->codecpar, source->codecpar),
            $"Cannot copy the audio of {_source.Path}"
        );
        stream->codecpar->codec_tag = 0; // the output container has its own
        stream->time_base = source->time_base;
        stream->disposition = source->disposition;
        _ = ffmpeg.av_dict_copy(&stream->metadata, source->metadata, 0);
        _streams.Add(index, stream->index);
    }
}
