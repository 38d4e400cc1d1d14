using SegBatch.Decoding;

namespace SegBatch.Letterboxing;

/// <summary>Rows of a picture as interleaved 8-bit pixels that begin with R, G, B.</summary>
internal interface IPixelRows
{
    /// <summary>The pixels of a row. The span holds until the next call.</summary>
    ReadOnlySpan<byte> Row(int y);
}

/// <summary>Rows of an RGB picture, 3 bytes a pixel, where they lie.</summary>
internal readonly ref struct RgbRows(RgbPicture picture) : IPixelRows
{
    private readonly RgbPicture _picture = picture;

    public ReadOnlySpan<byte> Row(int y) => _picture.Pixels.Slice(y * _picture.Stride, 3 * _picture.Size.Width);
}

/// <summary>Rows of a YUV picture, converted one at a time into a scratch row that stays in the nearest cache; 4 bytes a pixel, the last one 0.</summary>
/// <param name="picture">The picture; its planes must hold all samples of its size.</param>
/// <param name="scratch">One row: 4 bytes a pixel and whatever the reader of rows wants to read beyond.</param>
internal readonly ref struct YuvRows(YuvPicture picture, Span<byte> scratch) : IPixelRows
{
    private readonly YuvPicture _picture = picture;
    private readonly Span<byte> _scratch = scratch;
    private readonly YuvToRgb _conversion = YuvToRgb.From(picture.Color);

    public ReadOnlySpan<byte> Row(int y)
    {
        var (width, chroma) = (_picture.Size.Width, y / 2 * _picture.StrideUv);
        var chromaWidth = (width + 1) / 2;
        _conversion.ConvertRow(
            _picture.Y.Slice(y * _picture.StrideY, width),
            _picture.U.Slice(chroma, chromaWidth),
            _picture.V.Slice(chroma, chromaWidth),
            _scratch
        );
        return _scratch;
    }
}
