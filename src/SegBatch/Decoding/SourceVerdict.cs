using System.Text;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Words what is wrong with a file that is no readable video.</summary>
internal static class SourceVerdict
{
    /// <summary>FFmpeg's names of formats that only point to other files or to the network.</summary>
    private static readonly string[] PlaylistFormats =
    [
        "hls",
        "applehttp",
        "concat",
        "dash",
        "sdp",
        "rtsp",
        "webm_dash_manifest",
        "rtp",
        "imf",
    ];

    /// <summary>Boxes that an MP4 or QuickTime file begins with (ISO/IEC 14496-12).</summary>
    private static readonly string[] Mp4Boxes = ["ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "moof", "pnot"];

    private static readonly string[] PlaylistMarks = ["#EXTM3U", "ffconcat", "v=0", "<MPD", "[playlist]"];

    /// <summary>FFmpeg knows the format, but it may not be opened.</summary>
    public static DecodingException OfRefused(string path, FormatRefusedException error) =>
        error.Format.Split(',').Any(PlaylistFormats.Contains)
            ? Playlist(path, error)
            : new DecodingException(
                "NOT_MEDIA",
                $"{path} is taken for '{error.Format}', which is not among the kinds of video that are read.",
                error
            );

    /// <summary>FFmpeg cannot open it.</summary>
    /// <param name="head">The file's first bytes.</param>
    public static DecodingException OfUnopened(string path, byte[] head, FFmpegException error)
    {
        var text = Encoding.Latin1.GetString(head);
        var start = text.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n', '\t');
        var isXmlPlaylist = start.StartsWith("<?xml", StringComparison.Ordinal) && text.Contains("<MPD", StringComparison.Ordinal);
        if (isXmlPlaylist || PlaylistMarks.Any(mark => start.StartsWith(mark, StringComparison.Ordinal)))
        {
            return Playlist(path, error);
        }

        var isMp4 = text.Length >= 8 && Mp4Boxes.Contains(text[4..8]);
        if ((isMp4 && error.Message.Contains("moov atom not found", StringComparison.Ordinal)) || head.All(value => value == 0))
        {
            return new DecodingException(
                "NO_INDEX",
                $"{path} has no index: the recording or the copy was cut short before it was finished. Repair it with the recorder's own tool.",
                error
            );
        }

        return isMp4
            ? new DecodingException("BAD_INDEX", $"{path}: its index is damaged: {error.Message}.", error)
            : new DecodingException(
                "NOT_MEDIA",
                $"{path} is no video or picture that FFmpeg knows: {FFmpegException.Describe(error.Error)}.",
                error
            );
    }

    /// <summary>Refuses a file without a video track, or whose pictures are larger than any video's, before anything is decoded.</summary>
    /// <exception cref="DecodingException">NO_VIDEO, TOO_LARGE, or UNSUPPORTED_CODEC.</exception>
    public static void RequireVideo(MediaFile file)
    {
        if (file.VideoStream() < 0)
        {
            throw new DecodingException("NO_VIDEO", $"{file.Path} has no video track (only sound, subtitles or a cover picture).");
        }

        var stream = VideoDecoder.Describe(file, file.VideoStream());
        if (stream.Width > 0 && stream.Height > 0)
        {
            if ((long)stream.Width * stream.Height > MediaFile.MostPixels)
            {
                throw TooLarge(file, $"{stream.Width}x{stream.Height} pixels");
            }

            return;
        }

        // A size that FFmpeg refuses is not passed on; only its words tell it from a header without one.
        throw FFmpegLog.Find("Picture size") is { } line
            ? TooLarge(file, line)
            : new DecodingException(
                "UNSUPPORTED_CODEC",
                $"{file.Path}: the video track ({stream.Codec}) tells no picture size; its codec is unknown or its header damaged."
            );
    }

    private static DecodingException Playlist(string path, Exception error) =>
        new("PLAYLIST", $"{path} is a playlist or a script, not a video. Name the videos themselves.", error);

    private static DecodingException TooLarge(MediaFile file, string what) =>
        new(
            "TOO_LARGE",
            $"{file.Path}: {what} are more than the {MediaFile.MostPixels / 1_000_000} megapixels that are decoded. Scale it down first."
        );
}
