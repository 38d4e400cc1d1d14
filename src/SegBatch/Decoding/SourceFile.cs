using System.Text;
using FFmpeg.AutoGen;
using SegBatch.Geometry;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Opens source files, and words what is wrong with those that are no video.</summary>
internal static class SourceFile
{
    private const long MostPixels = 16384L * 8640;

    /// <exception cref="DecodingException">It is no regular file, no medium, or has no video.</exception>
    public static MediaFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new DecodingException("NOT_REGULAR", $"{path} is a folder, not a file.")
                : new DecodingException("GONE", $"{path} does not exist, or is a link that leads nowhere.");
        }

        if (!FileKind.IsRegular(path))
        {
            throw new DecodingException("NOT_REGULAR", $"{path} is no regular file (a pipe, socket or device). Copy it to a file first.");
        }

        var head = Head(path);
        if (head.Length == 0)
        {
            throw new DecodingException("EMPTY", $"{path} is empty (0 bytes). The recording or the copy failed.");
        }

        MediaFile file;
        try
        {
            file = MediaFile.Open(path);
        }
        catch (FFmpegException error)
        {
            throw Verdict(path, head, error);
        }

        if (file.VideoStream() < 0)
        {
            file.Dispose();
            throw new DecodingException("NO_VIDEO", $"{path} has no video track (only sound, subtitles or a cover picture).");
        }

        return file;
    }

    /// <exception cref="DecodingException">The decoder is missing, or its configuration is damaged.</exception>
    public static VideoDecoder OpenDecoder(MediaFile file, string? acceleration, int threads)
    {
        try
        {
            return VideoDecoder.Open(file, file.VideoStream(), acceleration, threads);
        }
        catch (FFmpegException error) when (acceleration is null)
        {
            throw error.Error == ffmpeg.AVERROR_DECODER_NOT_FOUND
                ? new DecodingException("UNSUPPORTED_CODEC", $"{file.Path}: {error.Message}. Convert it to H.264 or HEVC.", error)
                : new DecodingException(
                    "BAD_CODEC_CONFIG",
                    $"{file.Path}: the video track's configuration is damaged: {error.Message}.",
                    error
                );
        }
    }

    /// <summary>Facts for users, from the headers.</summary>
    /// <exception cref="DecodingException">The picture is larger than any video.</exception>
    public static VideoInfo Describe(MediaFile file, VideoStreamInfo stream)
    {
        if ((long)stream.Width * stream.Height > MostPixels)
        {
            throw new DecodingException(
                "TOO_LARGE",
                $"{file.Path}: {stream.Width}x{stream.Height} pixels are more than this program decodes ({MostPixels / 1_000_000} megapixels)."
            );
        }

        if (stream.Width < 1 || stream.Height < 1)
        {
            throw new DecodingException(
                "UNSUPPORTED_CODEC",
                $"{file.Path}: the video track ({stream.Codec}) says no picture size; its codec is unknown or its header damaged."
            );
        }

        var quarter = stream.Rotation % 90 == 0 ? stream.Rotation : 0;
        var size = quarter is 90 or 270 ? new FrameSize(stream.Height, stream.Width) : new FrameSize(stream.Width, stream.Height);
        var rate = new Rational(stream.FrameRate.Num, stream.FrameRate.Den);
        return new VideoInfo
        {
            Path = file.Path,
            Container = file.Format,
            Codec = stream.Codec,
            Size = size,
            Rotation = quarter,
            PixelFormat = stream.PixelFormat,
            Color = ColorOf(stream.Color, stream.IsRgb, stream.Height),
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

    /// <summary>Untagged samples are BT.709 from 720 lines on, BT.601 below. RGB is carried as limited-range YUV of that rule.</summary>
    public static ColorSpec ColorOf(SampleColor color, bool isRgb, int height) =>
        new(
            (AVColorSpace)
                PictureConverter.MatrixFor(
                    isRgb ? default(SampleColor) with { Matrix = (int)AVColorSpace.AVCOL_SPC_UNSPECIFIED } : color,
                    height
                ) switch
            {
                AVColorSpace.AVCOL_SPC_BT709 => ColorMatrix.Bt709,
                AVColorSpace.AVCOL_SPC_BT2020_NCL => ColorMatrix.Bt2020,
                _ => ColorMatrix.Bt601,
            },
            color.FullRange && !isRgb
        );

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

    private static DecodingException Verdict(string path, byte[] head, FFmpegException error)
    {
        var text = Encoding.Latin1.GetString(head).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n', '\t');
        string[] playlists = ["#EXTM3U", "ffconcat", "v=0", "<MPD", "[playlist]", "#EXT-X"];
        if (playlists.Any(mark => text.StartsWith(mark, StringComparison.Ordinal)) || text.Contains("<MPD", StringComparison.Ordinal))
        {
            return new DecodingException("PLAYLIST", $"{path} is a playlist, not a video. Name the videos themselves.", error);
        }

        if (error.Message.Contains("moov atom not found", StringComparison.Ordinal))
        {
            return new DecodingException(
                "NO_INDEX",
                $"{path} has no index: the recording was cut short before it was finished. Repair it with the recorder's own tool.",
                error
            );
        }

        return text.Contains("ftyp", StringComparison.Ordinal)
            ? new DecodingException("BAD_INDEX", $"{path}: its index is damaged: {error.Message}.", error)
            : new DecodingException(
                "NOT_MEDIA",
                $"{path} is no video or picture that FFmpeg knows: {FFmpegException.Describe(error.Error)}.",
                error
            );
    }
}
