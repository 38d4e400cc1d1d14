using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;
using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Gpu;

/// <summary>A decoder's surface as one tensor: NV12, luma above interleaved chroma, rows <paramref name="Pitch"/> bytes apart.</summary>
/// <param name="Size">The picture's pixels; both sides even.</param>
/// <param name="Rows">Rows from luma to chroma: at least the height, more where the decoder aligns it.</param>
/// <param name="Pitch">Bytes from row to row, at least the width.</param>
public readonly record struct Nv12Surface(FrameSize Size, int Rows, int Pitch)
{
    /// <summary>[1, rows · 3/2, pitch] of bytes.</summary>
    public long[] Shape => [1, Rows + (Size.Height / 2), Pitch];
}

/// <summary>When samples become RGB.</summary>
public enum ConversionOrder
{
    /// <summary>At the frame's size, as on the host: within two levels of it everywhere, for about 100 bytes of device traffic per pixel.</summary>
    BeforeResize,

    /// <summary>
    /// At the input's size: bilinear interpolation commutes with the linear colour matrix, but not with cutting off at black and white, so
    /// edges beside overexposed places differ, by tens of levels at worst.
    /// </summary>
    AfterResize,
}

/// <summary>
/// <see cref="Letterboxer"/> as a network of standard operators, for surfaces that lie on a device: no byte of a picture comes to the
/// host. Chroma is repeated for its 2 × 2 pixels before it is resized, as the host does.
/// </summary>
/// <remarks>
/// The host rounds to whole levels and cuts off every product of its conversion; here nothing is rounded. What the cuts take away on
/// average (half a level per product) is part of the bias, so that both agree to a small part of a level on average.
/// </remarks>
internal static class LetterboxGraph
{
    /// <summary>Input [1, rows, pitch] of bytes.</summary>
    public const string Surface = "surface";

    /// <summary>Output [1, 3, height, width] of 0..1.</summary>
    public const string Picture = "picture";

    /// <summary>What one product of the host's conversion loses on average, in levels.</summary>
    private const float MeanCut = 0.5f;

    public static byte[] Create(Nv12Surface surface, LetterboxTransform letterbox, ColorSpec color, ConversionOrder order)
    {
        var (size, resized) = (surface.Size, letterbox.Resized);
        if (size != letterbox.Source || size.Width % 2 != 0 || size.Height % 2 != 0 || surface.Pitch < size.Width)
        {
            throw new ArgumentException($"A surface {surface} cannot be letterboxed from {letterbox.Source}: sides must be even.");
        }

        var graph = new GraphBuilder("letterbox");
        graph.Input(Surface, DataType.Uint8, surface.Shape);
        var axes = graph.Integers(1, 2);
        var luma = graph.Add("Slice", [Surface, graph.Integers(0, 0), graph.Integers(size.Height, size.Width), axes]);
        luma = graph.Add("Reshape", [luma, graph.Integers(1, 1, size.Height, size.Width)]);
        var chromaEnd = graph.Integers(surface.Rows + (size.Height / 2), size.Width);
        var chroma = graph.Add("Slice", [Surface, graph.Integers(surface.Rows, 0), chromaEnd, axes]);
        chroma = graph.Add("Reshape", [chroma, graph.Integers(1, size.Height / 2, size.Width / 2, 2)]);
        chroma = graph.Add("Transpose", [chroma], null, NodeAttribute.Of("perm", 0, 3, 1, 2));
        var whole = graph.Add(
            "Resize",
            [chroma, "", "", graph.Integers(1, 2, size.Height, size.Width)],
            null,
            NodeAttribute.Of("mode", "nearest"),
            NodeAttribute.Of("coordinate_transformation_mode", "asymmetric"),
            NodeAttribute.Of("nearest_mode", "floor")
        );
        var (planes, hues) = (ToFloat(graph, luma), ToFloat(graph, whole));
        string rgb;
        if (order == ConversionOrder.BeforeResize)
        {
            rgb = Bilinear(graph, Clip(graph, Convert(graph, planes, hues, color)), 3, resized);
        }
        else
        {
            rgb = Clip(graph, Convert(graph, Bilinear(graph, planes, 1, resized), Bilinear(graph, hues, 2, resized), color));
        }

        var pads = graph.Integers(0, 0, letterbox.PadTop, letterbox.PadLeft, 0, 0, letterbox.PadBottom, letterbox.PadRight);
        graph.Add("Pad", [rgb, pads, graph.Floats([Letterboxer.PaddingLevel / 255f])], Picture);
        graph.Output(Picture, DataType.Float, 1, 3, letterbox.Input.Height, letterbox.Input.Width);
        return graph.ToBytes();
    }

    private static string Bilinear(GraphBuilder graph, string samples, int channels, FrameSize resized) =>
        graph.Add(
            "Resize",
            [samples, "", "", graph.Integers(1, channels, resized.Height, resized.Width)],
            null,
            NodeAttribute.Of("mode", "linear"),
            NodeAttribute.Of("coordinate_transformation_mode", "half_pixel")
        );

    private static string Convert(GraphBuilder graph, string luma, string chroma, ColorSpec color)
    {
        var (matrix, bias) = Conversion(color);
        var samples = graph.Add("Concat", [luma, chroma], null, NodeAttribute.Of("axis", 1));
        return graph.Add("Conv", [samples, graph.Floats(matrix, 3, 3, 1, 1), graph.Floats(bias, 3)]);
    }

    private static string Clip(GraphBuilder graph, string values) => graph.Add("Clip", [values, graph.Floats([0f]), graph.Floats([1f])]);

    private static string ToFloat(GraphBuilder graph, string samples) =>
        graph.Add("Cast", [samples], null, NodeAttribute.Of("to", (long)DataType.Float));

    /// <summary>[3 of RGB, 3 of YUV] and 3 biases, from levels to 0..1: the factors of <see cref="YuvToRgb"/>.</summary>
    private static (float[] Matrix, float[] Bias) Conversion(ColorSpec color)
    {
        var factors = YuvToRgb.From(color);
        const float Scale = 1f / (8192 * 255);
        var luma = factors.Luma * Scale;
        float[] matrix =
        [
            luma,
            0,
            factors.RedV * Scale,
            luma,
            factors.GreenU * Scale,
            factors.GreenV * Scale,
            luma,
            factors.BlueU * Scale,
            0,
        ];
        var bias = new float[3];
        for (var channel = 0; channel < 3; channel++)
        {
            var products = matrix.AsSpan(channel * 3, 3).ToArray().Count(factor => factor != 0);
            var chroma = matrix[(channel * 3) + 1] + matrix[(channel * 3) + 2];
            var lumaCut = factors.Luma % 8192 == 0 ? 0 : MeanCut; // full range: luma is taken as it is
            bias[channel] = -(factors.Black * luma) - (128 * chroma) - ((((products - 1) * MeanCut) + lumaCut) / 255);
        }

        return (matrix, bias);
    }
}
