using System.Buffers;
using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Letterboxing;

/// <summary>
/// Writes frames of one size into the network's input: resized, padded, planar, in single precision: R, G, B from 0 to 1, or what else
/// an <see cref="InputConvention"/> says.
/// Interpolation is bilinear with half-pixel centres and two taps an axis, also where it shrinks (no antialiasing): that is what
/// the networks were trained and recorded with. Tables are computed once; any number of threads may fill at the same time.
/// </summary>
public sealed class Letterboxer
{
    /// <summary>Grey level of YOLO's padding, 0 to 255, in all three channels.</summary>
    public const int PaddingLevel = 114;

    private readonly LetterboxTransform _transform;
    private readonly InputConvention _convention;
    private readonly ChannelScale[]? _scales;
    private readonly bool _reference;
    private readonly PixelResizer _rgb;
    private readonly PixelResizer _yuv;

    /// <param name="transform">Sizes of frame, resized picture and input, in pixels.</param>
    /// <param name="convention">Order of the channels, mean, deviation and padding; its fit is the transform's affair.</param>
    /// <param name="reference">
    /// True: only RGB pictures are accepted, and values equal OpenCV's 8-bit fixed-point INTER_LINEAR divided by 255, bit for bit.
    /// False: YUV pictures too, converted and resized in one pass. RGB pictures take the same path in both modes.
    /// </param>
    public Letterboxer(LetterboxTransform transform, InputConvention convention, bool reference)
    {
        _transform = transform;
        _convention = convention;
        _scales = ChannelScale.Of(convention);
        _reference = reference;
        _rgb = new PixelResizer(transform.Source, transform.Resized, 3, 3 * transform.Source.Width);
        _yuv = new PixelResizer(transform.Source, transform.Resized, 4, ScratchBytes);
    }

    /// <summary>Of YOLO's convention.</summary>
    /// <inheritdoc cref="Letterboxer(LetterboxTransform, InputConvention, bool)"/>
    public Letterboxer(LetterboxTransform transform, bool reference)
        : this(transform, InputConvention.Yolo, reference) { }

    public LetterboxTransform Transform => _transform;

    /// <summary>A converted row, and so much that the last pixel can be read as the first of a pair.</summary>
    private int ScratchBytes => 4 * _transform.Source.Width + PixelResizer.PairBytes;

    /// <summary>Values of one letterboxed picture: 3 × input height × input width.</summary>
    public int ValuesPerPicture => checked((int)(3 * _transform.Input.Area));

    /// <summary>
    /// Converts, resizes and pads a YUV picture in one pass over the rows that count: <see cref="YuvToRgb"/>, then as for RGB. Values
    /// equal those of the reference path, bit for bit, where that path reads the colours the same way: 4:2:0 of even height in BT.601.
    /// The reference path takes every matrix for BT.601; here the picture's own holds.
    /// </summary>
    /// <param name="source">A picture of the transform's source size.</param>
    /// <param name="destination">Planes of the input size (R, G, B, or the convention's order), one after the other; every value is written.</param>
    /// <exception cref="ArgumentException">The picture has another size, its planes are too short, or the destination has another length.</exception>
    /// <exception cref="InvalidOperationException">Reference mode: it is defined on RGB pictures.</exception>
    public void Fill(in YuvPicture source, Span<float> destination)
    {
        if (_reference)
        {
            throw new InvalidOperationException(
                "The reference letterbox is defined on RGB pictures: let the reader convert frames to RGB, or use the default letterbox."
            );
        }

        var (chromaWidth, chromaHeight) = ((source.Size.Width + 1) / 2, (source.Size.Height + 1) / 2);
        Check(source.Size, destination);
        CheckPlane(source.Y.Length, source.StrideY, source.Size.Width, source.Size.Height, "Y");
        CheckPlane(source.U.Length, source.StrideUv, chromaWidth, chromaHeight, "U");
        CheckPlane(source.V.Length, source.StrideUv, chromaWidth, chromaHeight, "V");
        Pad(destination);
        var scratch = ArrayPool<byte>.Shared.Rent(ScratchBytes);
        try
        {
            _yuv.Fill(new YuvRows(source, scratch), Content(destination));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Resizes and pads an RGB picture exactly as OpenCV's INTER_LINEAR on 8 bits does, then divides by 255.</summary>
    /// <inheritdoc cref="Fill(in YuvPicture, Span{float})" path="/param"/>
    /// <exception cref="ArgumentException">The picture has another size, its pixels are too short, or the destination has another length.</exception>
    public void Fill(in RgbPicture source, Span<float> destination)
    {
        Check(source.Size, destination);
        CheckPlane(source.Pixels.Length, source.Stride, 3 * source.Size.Width, source.Size.Height, "RGB");
        Pad(destination);
        _rgb.Fill(new RgbRows(source), Content(destination));
    }

    private PlanarTarget Content(Span<float> destination)
    {
        var input = _transform.Input;
        var first = _transform.PadTop * input.Width + _transform.PadLeft;
        return new PlanarTarget(destination, (int)input.Area, input.Width, first, _convention.Channels, _scales);
    }

    private void Pad(Span<float> destination)
    {
        var (input, resized) = (_transform.Input, _transform.Resized);
        for (var plane = 0; plane < 3; plane++)
        {
            var grey = _convention.PadValue(plane);
            var rows = destination.Slice((int)input.Area * plane, (int)input.Area);
            rows[..(_transform.PadTop * input.Width)].Fill(grey);
            rows[((_transform.PadTop + resized.Height) * input.Width)..].Fill(grey);
            if (resized.Width == input.Width)
            {
                continue;
            }

            for (var y = 0; y < resized.Height; y++)
            {
                var row = rows.Slice((_transform.PadTop + y) * input.Width, input.Width);
                row[.._transform.PadLeft].Fill(grey);
                row[(_transform.PadLeft + resized.Width)..].Fill(grey);
            }
        }
    }

    private void Check(FrameSize size, Span<float> destination)
    {
        if (size != _transform.Source)
        {
            throw new ArgumentException($"This letterbox takes pictures of {_transform.Source}, got {size}: make one for each frame size.");
        }

        if (destination.Length != ValuesPerPicture)
        {
            throw new ArgumentException(
                $"A letterboxed picture of {_transform.Input} has {ValuesPerPicture} values, the destination {destination.Length}."
            );
        }
    }

    private static void CheckPlane(int length, int stride, int rowBytes, int rows, string plane)
    {
        if (stride < rowBytes || length < (long)stride * (rows - 1) + rowBytes)
        {
            throw new ArgumentException(
                $"The {plane} plane has {length} bytes with stride {stride}: too few for {rows} rows of {rowBytes}."
            );
        }
    }
}
