using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Output;

/// <summary>Encoder, container and clock of one annotated video, made when its first frame is known.</summary>
internal sealed class VideoStreams : IDisposable
{
    /// <summary>
    /// A source that starts later than this (captures of transport streams start anywhere in 26 hours) is written from 0: players would
    /// show nothing until then.
    /// </summary>
    private const double LongestStartSeconds = 10;

    private static readonly Rational UnknownRate = new(25, 1);

    private readonly VideoInfo _info;
    private readonly bool _isClip;
    private readonly Rational _timeBase;
    private readonly long _shift;
    private readonly FrameSize _size;
    private readonly PictureFitter _fitter;
    private readonly VideoEncoder _encoder;
    private readonly MediaFile? _source;
    private readonly Muxer _muxer;
    private long _last = -1;
    private long _step;
    private long _frames;
    private long _repaired;
    private long _scaled;

    public VideoStreams(VideoInfo info, VideoEncodingOptions options, string path, bool isClip, VideoFrame first)
    {
        (_info, _isClip, _size, _timeBase) = (info, isClip, first.Size, first.TimeBase);
        var rate = info.FrameRate is { IsValid: true, Numerator: > 0 } known ? known : UnknownRate;
        _step = Math.Max(1, (long)Math.Round(1 / (rate.ToDouble() * _timeBase.ToDouble())));
        _shift = Shift(Ticks(first));
        _fitter = new(_size.Width, _size.Height);
        try
        {
            _encoder = new(Settings(options, rate, first));
            _source = info.AudioStreams > 0 && options.Audio == AudioPolicy.Copy ? MediaFile.Open(info.Path) : null;
            _muxer = new(path, options.Container, _encoder, _source, _shift);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public AnnotatedVideoReport Report =>
        new(
            _frames,
            new(_encoder.Settings.Width, _encoder.Settings.Height),
            _repaired,
            _scaled,
            _shift * _timeBase.ToDouble(),
            _muxer.AudioPackets,
            _muxer.AudioPacketsDropped,
            _muxer.SkippedAudio
        );

    public void Write(VideoFrame frame)
    {
        var pts = Ticks(frame) - _shift;
        if (pts <= _last)
        {
            pts = _last + 1; // encoders and containers refuse time that stands still or runs back
            _repaired++;
        }
        else if (_frames > 0)
        {
            _step = pts - _last;
        }

        var samples = frame.YuvSamples ?? throw new ObjectDisposedException(nameof(VideoFrame));
        _scaled += frame.Size == _size ? 0 : 1;
        _encoder.Send(_fitter.Fit(samples), pts);
        _muxer.Write(_encoder, _step);
        _last = pts;
        _frames++;
    }

    public void Finish()
    {
        _encoder.SendEnd();
        _muxer.Write(_encoder, _step);
        _muxer.Finish(_isClip ? _last + _step : null);
    }

    public void Dispose()
    {
        _muxer?.Dispose();
        _source?.Dispose();
        _encoder?.Dispose();
        _fitter.Dispose();
    }

    /// <summary>A frame's PTS; from its time where the file has none.</summary>
    private long Ticks(VideoFrame frame) => frame.Pts ?? (long)Math.Round(frame.TimeSeconds / _timeBase.ToDouble());

    private long Shift(long first)
    {
        var fromTheStart = !_isClip || first == (_info.StartPts ?? 0);
        return fromTheStart && first >= 0 && first * _timeBase.ToDouble() <= LongestStartSeconds ? 0 : first;
    }

    private VideoEncoderSettings Settings(VideoEncodingOptions options, Rational rate, VideoFrame first) =>
        new()
        {
            Encoder = options.Codec switch
            {
                VideoCodec.Hevc => "libx265",
                VideoCodec.Av1 => "libsvtav1",
                _ => "libx264",
            },
            Width = (_size.Width + 1) & ~1,
            Height = (_size.Height + 1) & ~1,
            TimeBase = Small(_timeBase),
            FrameRate = Small(rate),
            SampleAspectRatio = _info.SampleAspectRatio is { IsValid: true, Numerator: > 0 } aspect ? Small(aspect) : (1, 1),
            FullRange = first.Color.FullRange,
            Color = ColorTags.Of(first.Color, first.YuvSamples!),
            Crf = options.Crf,
            Preset = options.Preset,
            Threads = options.Threads ?? 1,
        };

    private static (int Numerator, int Denominator) Small(Rational value) =>
        (checked((int)value.Numerator), checked((int)value.Denominator));
}
