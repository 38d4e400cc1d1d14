using System.Runtime.CompilerServices;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>
/// Reads a video or a single picture with FFmpeg. Every frame is decoded from the first on, also where only a later part is
/// wanted: an index is the true count of frames, and no container's word is taken for it.
/// </summary>
public sealed class FFmpegFrameReader : IFrameReader
{
    private const double UnknownRate = 25;

    private readonly DecodingOptions _options;
    private readonly ReadingNotes _notes = new();
    private readonly SourceDecoder _source;
    private readonly FrameFiller _filler;
    private long? _origin;

    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    public FFmpegFrameReader(string path, DecodingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Stride, 1);
        _options = options;
        _source = new SourceDecoder(path, options, _notes);
        _filler = new FrameFiller(options, _source);
        _origin = Info.StartPts;
        _notes.OfStream(_source.Stream);
    }

    public VideoInfo Info => _source.Info;

    public string? Acceleration => _source.Video.Acceleration;

    public int HardwareFallbacks => _source.HardwareFallbacks;

    public long DecodedFrames => _source.Decoded;

    public long DamagedPackets => _source.Video.DamagedPackets;

    public IReadOnlyList<string> Notes => _notes.Lines;

    public async IAsyncEnumerable<VideoFrame> ReadAsync(FramePool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(_source.Interrupt);
        var wanted = 0L;
        var before = default(DecodedFrame);
        for (; Next(out var decoded, cancellationToken); before = decoded)
        {
            var index = DecodedFrames - 1;
            _origin ??= decoded.Pts;
            var seconds = Seconds(index, decoded.Pts);
            _notes.OfFrame(index, decoded);
            if (IsBefore(_options.Start, index, seconds))
            {
                continue;
            }

            if (_options.End is { } end && !IsBefore(end, index, seconds))
            {
                yield break;
            }

            if (wanted++ % _options.Stride != 0)
            {
                continue;
            }

            // Rented only when there is a picture for it: at the end of a file nothing waits for a frame that will not come.
            var frame = await pool.RentAsync(cancellationToken);
            if (_options is { MotionVectors: true, Stride: 1 })
            {
                frame.Blocks = BlockMotions.Of(_source.Video, decoded, before);
            }

            (frame.Index, frame.Pts, frame.TimeBase, frame.TimeSeconds) = (index, decoded.Pts, Info.TimeBase, seconds);
            _filler.Fill(frame, decoded);
            yield return frame;
        }

        if (DecodedFrames == 0)
        {
            throw new DecodingException(
                "NO_FRAMES",
                $"{Info.Path}: not one frame could be decoded; its key frames are missing or damaged."
            );
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _filler.Dispose();
    }

    private bool Next(out DecodedFrame frame, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return _source.Next(out frame);
        }
        catch (FFmpegException error)
        {
            cancellationToken.ThrowIfCancellationRequested(); // an interrupted read is an error to FFmpeg
            throw _source.Failure(error);
        }
    }

    private double Seconds(long index, long? pts)
    {
        if (pts is { } ticks && _origin is { } origin)
        {
            return (ticks - origin) * Info.TimeBase.ToDouble();
        }

        return index / (Info.FrameRate is { IsValid: true, Numerator: > 0 } rate ? rate.ToDouble() : UnknownRate);
    }

    private static bool IsBefore(Moment? moment, long index, double seconds) =>
        moment switch
        {
            { Frame: { } frame } => index < frame,
            { Seconds: { } start } => seconds < start - 1e-9,
            _ => false,
        };
}
