using System.Runtime.CompilerServices;
using SegBatch.Geometry;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>
/// Reads a video or a single picture with FFmpeg. Every frame is decoded from the first on, also where only a later part is
/// wanted: an index is the true count of frames, and no container's word is taken for it.
/// </summary>
public sealed class FFmpegFrameReader : IFrameReader
{
    private readonly DecodingOptions _options;
    private readonly PictureConverter _converter = new(ConversionQuality.Accurate);
    private readonly PictureConverter _reference = new(ConversionQuality.AsOpenCv);
    private readonly List<string> _notes = [];
    private MediaFile _file;
    private VideoDecoder _decoder;
    private long? _origin;

    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    public FFmpegFrameReader(string path, DecodingOptions options)
    {
        _options = options;
        _file = SourceFile.Open(path);
        try
        {
            _decoder = OpenBest();
            Info = SourceFile.Describe(_file, _decoder.Describe());
            _origin = Info.StartPts;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VideoInfo Info { get; }

    public string? Acceleration => _decoder.Acceleration;

    public long DamagedPackets => _decoder.DamagedPackets;

    public IReadOnlyList<string> Notes => _notes;

    public async IAsyncEnumerable<VideoFrame> ReadAsync(FramePool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(() => _file.Interrupt());
        var wanted = 0L;
        for (var index = 0L; ; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Next(index, out var decoded))
            {
                if (index == 0)
                {
                    throw new DecodingException(
                        "NO_FRAMES",
                        $"{Info.Path}: not one frame could be decoded; its key frames are missing or damaged."
                    );
                }

                yield break;
            }

            _origin ??= decoded.Pts;
            var seconds = Seconds(index, decoded.Pts);
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

            var frame = await pool.RentAsync(cancellationToken);
            Fill(frame, index, seconds, decoded);
            yield return frame;
        }
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        _file.Dispose();
        _converter.Dispose();
        _reference.Dispose();
    }

    /// <summary>Tries the hardware the options name; whatever it refuses, software decodes.</summary>
    private VideoDecoder OpenBest()
    {
        foreach (var acceleration in _file.IsPicture ? [] : _options.HardwareAccelerations)
        {
            try
            {
                return VideoDecoder.Open(_file, _file.VideoStream(), acceleration, 1);
            }
            catch (FFmpegException error)
            {
                _notes.Add($"hardware decoding with {acceleration} is not possible: {error.Message}");
            }
        }

        return SourceFile.OpenDecoder(_file, null, _options.Threads ?? 1);
    }

    private bool Next(long index, out DecodedFrame frame)
    {
        try
        {
            return _decoder.Next(out frame);
        }
        catch (FFmpegException error) when (_decoder.Acceleration is { } acceleration && index == 0)
        {
            // Drivers refuse profiles only at the first frame; nothing was given out yet, so software starts over.
            _notes.Add($"hardware decoding with {acceleration} failed at the first frame: {error.Message}");
            _decoder.Dispose();
            _file.Dispose();
            _file = SourceFile.Open(Info.Path);
            _decoder = SourceFile.OpenDecoder(_file, null, _options.Threads ?? 1);
            return _decoder.Next(out frame);
        }
        catch (FFmpegException error)
        {
            throw new DecodingException("IO", $"{Info.Path}: reading failed after {index} frames: {error.Message}", error);
        }
    }

    private double Seconds(long index, long? pts)
    {
        if (pts is { } ticks && _origin is { } origin)
        {
            return (ticks - origin) * Info.TimeBase.ToDouble();
        }

        return Info.FrameRate.IsValid && Info.FrameRate.Numerator > 0 ? index / Info.FrameRate.ToDouble() : index / 25.0;
    }

    private static bool IsBefore(Moment? moment, long index, double seconds) =>
        moment switch
        {
            { Frame: { } frame } => index < frame,
            { Seconds: { } start } => seconds < start - 1e-9,
            _ => false,
        };

    private void Fill(VideoFrame frame, long index, double seconds, in DecodedFrame decoded)
    {
        frame.Index = index;
        frame.Pts = decoded.Pts;
        frame.TimeBase = Info.TimeBase;
        frame.TimeSeconds = seconds;
        frame.Corrupt = decoded.Corrupt;
        frame.Color = SourceFile.ColorOf(decoded.Color, decoded.IsRgb, decoded.Height);
        frame.YuvSamples = Upright(_decoder.TakeYuv420() ?? _decoder.Convert(_converter, PictureFormat.Yuv420), PictureFormat.Yuv420);
        if (_options.ReferenceRgb || Info.IsImage || decoded.IsRgb)
        {
            var converter = Info.IsImage || decoded.IsRgb ? _converter : _reference;
            frame.RgbSamples = Upright(_decoder.Convert(converter, PictureFormat.Rgb24), PictureFormat.Rgb24);
        }

        frame.Size = new FrameSize(frame.YuvSamples.Width, frame.YuvSamples.Height);
    }

    private Picture Upright(Picture picture, PictureFormat format)
    {
        if (Info.Rotation == 0)
        {
            return picture;
        }

        using (picture)
        {
            return PictureRotation.Turn(picture, format, Info.Rotation);
        }
    }
}
