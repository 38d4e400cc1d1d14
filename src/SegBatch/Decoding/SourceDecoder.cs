using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>
/// One source file and what decodes it: the hardware the options name, and software where that refuses or fails on the way. Frames come
/// in order, each once, whoever decodes them.
/// </summary>
internal sealed class SourceDecoder : IDisposable
{
    /// <summary>One that is being letterboxed, one that waits, and one to spare.</summary>
    private const int HeldSurfaces = 3;

    private readonly string _path;
    private readonly DecodingOptions _options;
    private readonly ReadingNotes _notes;
    private MediaFile _file;
    private DecodedFrame? _ahead;
    private string? _hardware;
    private volatile bool _interrupted;

    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    public SourceDecoder(string path, DecodingOptions options, ReadingNotes notes)
    {
        (_path, _options, _notes) = (path, options, notes);
        _file = SourceFile.Open(path, leavesPicture: options.HardwareAccelerations.Count == 0);
        try
        {
            Video = OpenBest();
            if (_file.LeftPicture && !LooksAhead())
            {
                // Whatever is odd about its first pictures, the thorough way words it.
                Video.Dispose();
                _file.Dispose();
                _file = SourceFile.Open(path);
                Video = OpenBest();
            }

            Info = SourceFile.Describe(_file);
            Stream = VideoDecoder.Describe(_file, _file.VideoStream());
            if (Info.IsImage)
            {
                TurnAsThePictureSays();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Holds the frame that <see cref="Next"/> gave last.</summary>
    public VideoDecoder Video { get; private set; }

    public VideoInfo Info { get; private set; }

    public VideoStreamInfo Stream { get; }

    public int HardwareFallbacks { get; private set; }

    /// <summary>Frames given by <see cref="Next"/>.</summary>
    public long Decoded { get; private set; }

    /// <summary>Frames may be taken as surfaces: the decoder has some to spare.</summary>
    public bool HoldsSurfaces { get; private set; }

    /// <summary>Makes a blocked read give up; may be called from any thread.</summary>
    public void Interrupt()
    {
        _interrupted = true;
        _file.Interrupt();
    }

    /// <summary>The next frame; false after the last one.</summary>
    /// <exception cref="FFmpegException">The file cannot be read on.</exception>
    public bool Next(out DecodedFrame frame)
    {
        var found = true;
        if (_ahead is { } ahead)
        {
            (frame, _ahead) = (ahead, null);
        }
        else
        {
            found = NextOfAny(out frame);
        }

        Decoded += found ? 1 : 0;
        if (_hardware is { } hardware && Video.Acceleration is null)
        {
            NoteFallback(hardware, "the device does not offer this profile or size");
        }

        return found;
    }

    public void Dispose()
    {
        Video?.Dispose();
        _file.Dispose();
    }

    /// <summary>Tries the hardware the options name; whatever it refuses, software decodes.</summary>
    private VideoDecoder OpenBest()
    {
        foreach (var acceleration in _file.IsPicture ? [] : _options.HardwareAccelerations)
        {
            try
            {
                HoldsSurfaces = _options is { KeepSurfaces: true, ReferenceRgb: false } && acceleration == "cuda";
                var decoder = VideoDecoder.Open(_file, _file.VideoStream(), acceleration, 1, HoldsSurfaces ? HeldSurfaces : 0);
                _hardware = acceleration;
                return decoder;
            }
            catch (FFmpegException error)
            {
                NoteFallback(acceleration, error.Message);
            }
        }

        return OpenSoftware();
    }

    private VideoDecoder OpenSoftware()
    {
        HoldsSurfaces = false;
        return SourceFile.OpenDecoder(_file, null, _options.Threads ?? 1, _options.MotionVectors);
    }

    /// <summary>Decodes the first frame, which tells what probing has left open; it is kept for the reading.</summary>
    private bool LooksAhead()
    {
        try
        {
            if (Video.DescribesByFirst(out var first))
            {
                _ahead = first;
                return true;
            }

            return false;
        }
        catch (FFmpegException)
        {
            return false; // the file is opened again, and then tells why
        }
    }

    /// <summary>A photo's orientation stands in the picture (EXIF), which is decoded for it and kept for the reading.</summary>
    private void TurnAsThePictureSays()
    {
        try
        {
            if (!Video.Next(out var picture))
            {
                return;
            }

            _ahead = picture;
            Info = Info with
            {
                Size = SourceFile.SizeOf(picture.Width, picture.Height, picture.Orientation),
                Rotation = picture.Orientation.Degrees,
            };
        }
        catch (FFmpegException error)
        {
            throw Failure(error);
        }
    }

    /// <summary>What a failure of <see cref="Next"/> is to users.</summary>
    public DecodingException Failure(FFmpegException error) =>
        Video.IsEncrypted
            ? new DecodingException("ENCRYPTED", $"{_path} is encrypted. Decrypt it first.", error)
            : new DecodingException("IO", $"{_path}: reading failed after {Decoded} frames: {error.Message}", error);

    /// <summary>Hardware that fails on the way gives way to software, which starts over and catches up.</summary>
    private bool NextOfAny(out DecodedFrame frame)
    {
        try
        {
            return Video.Next(out frame);
        }
        catch (FFmpegException error) when (Video is { Acceleration: not null, IsEncrypted: false } && !_interrupted)
        {
            NoteFallback(Video.Acceleration, $"frame {Decoded}: {error.Message}");
            Video.Dispose();
            _file.Dispose();
            _file = SourceFile.Open(_path);
            if (_interrupted)
            {
                _file.Interrupt(); // the file of before was told
            }

            Video = OpenSoftware();
            for (var i = 0L; i < Decoded; i++)
            {
                if (!Video.Next(out frame))
                {
                    return false;
                }
            }

            return Video.Next(out frame);
        }
    }

    private void NoteFallback(string acceleration, string why)
    {
        _hardware = null;
        HardwareFallbacks++;
        _notes.Add($"hardware decoding with {acceleration} is not possible: {why}");
    }
}
