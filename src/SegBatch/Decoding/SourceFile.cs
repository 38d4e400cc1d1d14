using SegBatch.Geometry;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Opens source files, and words what is wrong with those that are no video.</summary>
internal static class SourceFile
{
    /// <param name="leavesPicture">See <see cref="MediaFile.LeftPicture"/>.</param>
    /// <exception cref="DecodingException">It is no regular file, no medium, or has no video.</exception>
    public static MediaFile Open(string path, bool leavesPicture = false)
    {
        if (Directory.Exists(path))
        {
            throw new DecodingException("NOT_REGULAR", $"{path} is a folder, not a file.");
        }

        if (!FileKind.IsRegular(path))
        {
            throw IsThere(path)
                ? new DecodingException(
                    "NOT_REGULAR",
                    $"{path} is no regular file, but a pipe, a socket, a device, or a link that leads nowhere. Copy the video to a file first."
                )
            : path.Contains('\ufffd', StringComparison.Ordinal)
                ? new DecodingException("NAME", $"{path} cannot be opened: its name is not UTF-8. Rename it.")
            : new DecodingException("GONE", $"{path} does not exist.");
        }

        var head = Head(path);
        if (head.Length == 0)
        {
            throw new DecodingException("EMPTY", $"{path} is empty (0 bytes). The recording or the copy failed.");
        }

        MediaFile file;
        try
        {
            file = MediaFile.Open(path, leavesPicture ? ProbeDepth.AllButThePicture : ProbeDepth.All);
        }
        catch (FormatRefusedException error)
        {
            throw SourceVerdict.OfRefused(path, error);
        }
        catch (FFmpegException error)
        {
            throw SourceVerdict.OfUnopened(path, head, error);
        }

        try
        {
            SourceVerdict.RequireVideo(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Facts as far as the headers alone give them; null where the file cannot be opened, and only <see cref="Open"/> says why.</summary>
    public static VideoInfo? Glance(string path)
    {
        if (!FileKind.IsRegular(path))
        {
            return null;
        }

        try
        {
            using var file = MediaFile.Open(path, ProbeDepth.Headers);
            return file.VideoStream() >= 0 ? Describe(file) : null;
        }
        catch (FFmpegException)
        {
            return null;
        }
        catch (FormatRefusedException)
        {
            return null;
        }
    }

    /// <exception cref="DecodingException">The decoder is missing, or its configuration is damaged.</exception>
    public static VideoDecoder OpenDecoder(MediaFile file, string? acceleration, int threads, bool motionVectors = false)
    {
        try
        {
            return VideoDecoder.Open(file, file.VideoStream(), acceleration, threads, motionVectors: motionVectors);
        }
        catch (FFmpegException error) when (acceleration is null)
        {
            throw error.IsMissingDecoder
                ? new DecodingException("UNSUPPORTED_CODEC", $"{file.Path}: {error.Message}. Convert it to H.264 or HEVC.", error)
                : new DecodingException(
                    "BAD_CODEC_CONFIG",
                    $"{file.Path}: the video track's configuration is damaged: {error.Message}.",
                    error
                );
        }
    }

    /// <summary>Facts for users, from the headers.</summary>
    public static VideoInfo Describe(MediaFile file)
    {
        var stream = VideoDecoder.Describe(file, file.VideoStream());
        var orientation = stream.Orientation ?? default;
        var rate = new Rational(stream.FrameRate.Num, stream.FrameRate.Den);
        return new VideoInfo
        {
            Path = file.Path,
            Container = file.Format,
            Codec = stream.Codec,
            Size = SizeOf(stream.Width, stream.Height, orientation),
            Rotation = orientation.Degrees,
            PixelFormat = stream.PixelFormat,
            Color = ColorOf(stream.Color, stream.Height),
            SampleAspectRatio = new Rational(stream.SampleAspectRatio.Num, stream.SampleAspectRatio.Den),
            TimeBase = new Rational(stream.TimeBase.Num, stream.TimeBase.Den),
            StartPts = stream.StartPts,
            FrameRate = rate,
            DurationSeconds = stream.DurationSeconds,
            EstimatedFrames = file.IsPicture ? 1 : stream.DeclaredFrames ?? Estimate(stream.DurationSeconds, rate),
            AudioStreams = stream.AudioStreams,
            IsImage = file.IsPicture,
        };
    }

    /// <summary>
    /// Untagged samples are BT.709 from 720 lines on, BT.601 below. RGB is carried as limited-range YUV of that rule.
    /// </summary>
    /// <param name="height">Lines as stored: a turned video keeps its matrix.</param>
    public static ColorSpec ColorOf(SampleColor color, int height) =>
        new(
            color.MatrixAt(height) switch
            {
                YuvMatrix.Bt709 => ColorMatrix.Bt709,
                YuvMatrix.Bt2020 => ColorMatrix.Bt2020,
                _ => ColorMatrix.Bt601,
            },
            color.FullRange
        );

    /// <summary>Upright size of a stored picture.</summary>
    public static FrameSize SizeOf(int width, int height, Orientation orientation) =>
        orientation.Transposed ? new FrameSize(height, width) : new FrameSize(width, height);

    /// <summary>Also true for a link whose target is missing.</summary>
    private static bool IsThere(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static long? Estimate(double? seconds, Rational rate) =>
        seconds is { } duration && rate.IsValid && duration is > 0 and < 1e7 ? (long)Math.Round(duration * rate.ToDouble()) : null;

    private static byte[] Head(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[4096];
            return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DecodingException("PERMISSION", $"{path} cannot be read: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new DecodingException("IO", $"{path} cannot be read: {error.Message}", error);
        }
    }
}
