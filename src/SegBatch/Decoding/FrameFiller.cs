using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Moves the samples of a decoder's current frame into a <see cref="VideoFrame"/>, upright, in the layouts the options ask for.</summary>
internal sealed class FrameFiller(DecodingOptions options, SourceDecoder source) : IDisposable
{
    private readonly PictureConverter _converter = new(ConversionQuality.Accurate);
    private readonly PictureConverter _reference = new(ConversionQuality.AsOpenCv);
    private readonly PictureConverter _fetched = new(ConversionQuality.Accurate);

    /// <summary>Fills the frame, which goes back to its pool where that fails.</summary>
    /// <exception cref="DecodingException">Its samples cannot be converted.</exception>
    public void Fill(VideoFrame frame, in DecodedFrame decoded)
    {
        frame.Corrupt = decoded.Corrupt;
        frame.Color = SourceFile.ColorOf(decoded.Color, decoded.Height);
        frame.Size = SourceFile.SizeOf(decoded.Width, decoded.Height, decoded.Orientation);
        try
        {
            Take(frame, decoded);
        }
        catch (FFmpegException error)
        {
            frame.Dispose();
            throw new DecodingException(
                "UNSUPPORTED_CODEC",
                $"{source.Info.Path}: frame {frame.Index} cannot be converted: {error.Message}",
                error
            );
        }
    }

    public void Dispose()
    {
        _converter.Dispose();
        _reference.Dispose();
        _fetched.Dispose();
    }

    private void Take(VideoFrame frame, in DecodedFrame decoded)
    {
        var isRgb = source.Info.IsImage || decoded.IsRgb;
        if (options.ReferenceRgb || isRgb)
        {
            var rgb = source.Video.Convert(isRgb ? _converter : _reference, PictureFormat.Rgb24);
            frame.RgbSamples = Upright(rgb, PictureFormat.Rgb24, decoded);
        }
        else if (SurfaceOf(decoded) is { } surface)
        {
            (frame.Surface, frame.Converter) = (surface, _fetched);
            return;
        }

        var yuv = source.Video.TakeYuv420() ?? source.Video.Convert(_converter, PictureFormat.Yuv420);
        frame.YuvSamples = Upright(yuv, PictureFormat.Yuv420, decoded);
    }

    /// <summary>The frame where it lies, if it is to stay there and can be read there.</summary>
    private Surface? SurfaceOf(in DecodedFrame decoded)
    {
        if (decoded.Orientation != default)
        {
            return null;
        }

        if (options.HostSurfaces)
        {
            using var picture = source.Video.Convert(_converter, PictureFormat.Yuv420);
            return decoded.Width % 2 == 0 && decoded.Height % 2 == 0 ? Surface.OnHost(picture) : null;
        }

        return source.HoldsSurfaces && source.Video.Acceleration is not null ? source.Video.TakeSurface() : null;
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
