using System.Runtime.CompilerServices;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>
/// Reads a video or a single picture with FFmpeg. Every frame is decoded from the first on, also where only a later part is
/// wanted: an index is the true count of frames, and no container's word is taken for it.
/// </summary>
public sealed class FFmpegFrameReader : IFrameReader
{
    /// <summary>One that is being letterboxed, one that waits, and one to spare.</summary>
    private const int HeldSurfaces = 3;

    private readonly DecodingOptions _options;
    private readonly PictureConverter _converter = new(ConversionQuality.Accurate);
    private readonly PictureConverter _reference = new(ConversionQuality.AsOpenCv);
    private readonly ReadingNotes _notes = new();
    private MediaFile _file;
    private VideoDecoder _decoder;
    private readonly PictureConverter _fetched = new(ConversionQuality.Accurate);
    private string? _hardware;
    private int _heldSurfaces;
    private DecodedFrame? _ahead;
    private long? _origin;
    private DecodedFrame _before;

    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    public FFmpegFrameReader(string path, DecodingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Stride, 1);
        _options = options;
        _file = SourceFile.Open(path);
        try
        {
            _decoder = OpenBest();
            Info = SourceFile.Describe(_file);
            _origin = Info.StartPts;
            _notes.OfStream(VideoDecoder.Describe(_file, _file.VideoStream()));
            if (Info.IsImage)
            {
                Info = TurnAsThePictureSays(Info);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VideoInfo Info { get; }

    public string? Acceleration => _decoder.Acceleration;

    public int HardwareFallbacks { get; private set; }

    public long DecodedFrames { get; private set; }

    public long DamagedPackets => _decoder.DamagedPackets;

    public IReadOnlyList<string> Notes => _notes.Lines;

    public async IAsyncEnumerable<VideoFrame> ReadAsync(FramePool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(() => _file.Interrupt());
        var wanted = 0L;
        while (Next(out var decoded, cancellationToken))
        {
            var index = DecodedFrames++;
            _origin ??= decoded.Pts;
            var seconds = Seconds(index, decoded.Pts);
            _notes.OfFrame(index, decoded);
            var before = _before;
            _before = decoded;
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
                frame.Blocks = BlockMotions.Of(_decoder, decoded, before);
            }

            Fill(frame, index, seconds, decoded);
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
        _decoder?.Dispose();
        _file.Dispose();
        _converter.Dispose();
        _reference.Dispose();
        _fetched.Dispose();
    }

    /// <summary>Tries the hardware the options name; whatever it refuses, software decodes.</summary>
    private VideoDecoder OpenBest()
    {
        foreach (var acceleration in _file.IsPicture ? [] : _options.HardwareAccelerations)
        {
            try
            {
                _heldSurfaces = _options is { KeepSurfaces: true, ReferenceRgb: false } && acceleration == "cuda" ? HeldSurfaces : 0;
                var decoder = VideoDecoder.Open(_file, _file.VideoStream(), acceleration, 1, _heldSurfaces);
                _hardware = acceleration;
                return decoder;
            }
            catch (FFmpegException error)
            {
                NoteFallback(acceleration, error.Message);
            }
        }

        return SourceFile.OpenDecoder(_file, null, _options.Threads ?? 1, _options.MotionVectors);
    }

    /// <summary>A photo's orientation stands in the picture (EXIF), which is decoded for it and kept for the reading.</summary>
    private VideoInfo TurnAsThePictureSays(VideoInfo info)
    {
        if (!Next(out var picture, CancellationToken.None))
        {
            return info;
        }

        _ahead = picture;
        return info with
        {
            Size = SourceFile.SizeOf(picture.Width, picture.Height, picture.Orientation),
            Rotation = picture.Orientation.Degrees,
        };
    }

    private bool Next(out DecodedFrame frame, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ahead is { } ahead)
        {
            (frame, _ahead) = (ahead, null);
            return true;
        }

        try
        {
            var found = NextOfAny(out frame, cancellationToken);
            if (_hardware is { } hardware && _decoder.Acceleration is null)
            {
                NoteFallback(hardware, "the device does not offer this profile or size");
            }

            return found;
        }
        catch (FFmpegException error)
        {
            cancellationToken.ThrowIfCancellationRequested(); // an interrupted read is an error to FFmpeg
            throw _decoder.IsEncrypted
                ? new DecodingException("ENCRYPTED", $"{Info.Path} is encrypted. Decrypt it first.", error)
                : new DecodingException("IO", $"{Info.Path}: reading failed after {DecodedFrames} frames: {error.Message}", error);
        }
    }

    /// <summary>Hardware that fails on the way gives way to software, which starts over and catches up.</summary>
    private bool NextOfAny(out DecodedFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            return _decoder.Next(out frame);
        }
        catch (FFmpegException error)
            when (_decoder is { Acceleration: not null, IsEncrypted: false } && !cancellationToken.IsCancellationRequested)
        {
            NoteFallback(_decoder.Acceleration, $"frame {DecodedFrames}: {error.Message}");
            _heldSurfaces = 0;
            _decoder.Dispose();
            _file.Dispose();
            _file = SourceFile.Open(Info.Path);
            _decoder = SourceFile.OpenDecoder(_file, null, _options.Threads ?? 1, _options.MotionVectors);
            for (var i = 0L; i < DecodedFrames; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!_decoder.Next(out frame))
                {
                    return false;
                }
            }

            return _decoder.Next(out frame);
        }
    }

    private void NoteFallback(string acceleration, string why)
    {
        _hardware = null;
        HardwareFallbacks++;
        _notes.Add($"hardware decoding with {acceleration} is not possible: {why}");
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
        frame.Color = SourceFile.ColorOf(decoded.Color, decoded.Height);
        frame.Size = SourceFile.SizeOf(decoded.Width, decoded.Height, decoded.Orientation);
        try
        {
            if (_options.ReferenceRgb || Info.IsImage || decoded.IsRgb)
            {
                var converter = Info.IsImage || decoded.IsRgb ? _converter : _reference;
                frame.RgbSamples = Upright(_decoder.Convert(converter, PictureFormat.Rgb24), PictureFormat.Rgb24, decoded);
            }

            if (SurfaceOf(decoded) is { } surface)
            {
                (frame.Surface, frame.Converter) = (surface, _fetched);
                return;
            }

            var yuv = _decoder.TakeYuv420() ?? _decoder.Convert(_converter, PictureFormat.Yuv420);
            frame.YuvSamples = Upright(yuv, PictureFormat.Yuv420, decoded);
        }
        catch (FFmpegException error)
        {
            frame.Dispose();
            throw new DecodingException("UNSUPPORTED_CODEC", $"{Info.Path}: frame {index} cannot be converted: {error.Message}", error);
        }
    }

    /// <summary>The frame where it lies, if it is to stay there and can be read there.</summary>
    private Surface? SurfaceOf(in DecodedFrame decoded)
    {
        if (decoded.Orientation != default || decoded.IsRgb || Info.IsImage || _options.ReferenceRgb)
        {
            return null;
        }

        if (_options.HostSurfaces)
        {
            using var picture = _decoder.Convert(_converter, PictureFormat.Yuv420);
            return decoded.Width % 2 == 0 && decoded.Height % 2 == 0 ? Surface.OnHost(picture) : null;
        }

        return _heldSurfaces > 0 && _decoder.Acceleration is not null ? _decoder.TakeSurface() : null;
    }

    private static Picture Upright(Picture picture, PictureFormat format, in DecodedFrame decoded)
    {
        if (decoded.Orientation == default)
        {
            return picture;
        }

        using (picture)
        {
            return PictureRotation.Turn(picture, format, decoded.Orientation);
        }
    }
}
