using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.IntegrationTests.Refining;

/// <summary>
/// Writes a promptable pair of a few kilobytes in the layout of Segment Anything. The encoder compares its input with a frame of 64x48 pixels
/// of one colour, as it must be fed; the last and best of the decoder's four masks is the prompted box where it was alike, else all are empty.
/// </summary>
internal static class TinyPair
{
    private const int Side = 1024;
    private const int Grid = 256;

    /// <param name="color">Red, green and blue of the frame, each less the mean and divided by the deviation.</param>
    public static void Write(string encoder, string decoder, float[] color)
    {
        File.WriteAllBytes(encoder, Encoder(color));
        File.WriteAllBytes(decoder, Decoder());
    }

    /// <summary>The frame fills the square's upper three quarters; zeros are below it.</summary>
    private static byte[] Encoder(float[] color)
    {
        var graph = new GraphBuilder("encoder");
        var picture = graph.Input("input_image", DataType.Float, 1, 3, Side, Side);
        float[] rows = [.. Enumerable.Range(0, Side).Select(row => row < Side * 3 / 4 ? 1f : 0)];
        var expected = graph.Add("Mul", [graph.Floats(color, 3, 1, 1), graph.Floats(rows, 1, 1, Side, 1)]);
        var difference = graph.Add("Abs", [graph.Add("Sub", [picture, expected])]);
        var most = graph.Add("ReduceMax", [difference], null, NodeAttribute.Of("keepdims", 1));
        var alike = graph.Add("Cast", [graph.Add("Less", [most, graph.Floats([0.02f])])], null, ToFloat);
        graph.Add("Expand", [alike, graph.Integers(1, 256, 64, 64)], "image_embeddings");
        graph.Output("image_embeddings", DataType.Float, 1, 256, 64, 64);
        return graph.ToBytes();
    }

    private static byte[] Decoder()
    {
        var graph = new GraphBuilder("decoder");
        var alike = graph.Add("ReduceMax", [graph.Input("image_embeddings", DataType.Float, 1, 256, 64, 64)], null, Scalar);
        var points = graph.Input("point_coords", DataType.Float, 1, -1, 2);
        string[] unread =
        [
            graph.Input("point_labels", DataType.Float, 1, -1),
            graph.Input("mask_input", DataType.Float, 1, 1, Grid, Grid),
            graph.Input("has_mask_input", DataType.Float, 1),
            graph.Input("orig_im_size", DataType.Float, 2),
        ];
        var inside = graph.Add("And", [Between(graph, points, 0, 1, Grid), Between(graph, points, 1, Grid, 1)]);
        var box = graph.Add("Mul", [graph.Add("Cast", [inside], null, ToFloat), alike]);
        var best = graph.Add("Sub", [graph.Add("Mul", [box, graph.Floats([20f])]), graph.Floats([10f])]);
        var empty = graph.Add("Expand", [graph.Floats([-10f], 1, 1, 1, 1), graph.Integers(1, 3, Grid, Grid)]);
        graph.Add("Concat", [empty, best], "low_res_masks", NodeAttribute.Of("axis", 1));
        graph.Add("Identity", ["low_res_masks"], "masks");

        // Inputs that nothing reads may vanish from a network.
        var nothing = unread
            .Select(input => graph.Add("Mul", [graph.Add("ReduceSum", [input], null, Scalar), graph.Floats([0f])]))
            .Aggregate((sum, next) => graph.Add("Add", [sum, next]));
        graph.Add("Add", [graph.Floats([0.1f, 0.2f, 0.3f, 0.9f], 1, 4), nothing], "iou_predictions");
        graph.Output("masks", DataType.Float, 1, 4, -1, -1);
        graph.Output("iou_predictions", DataType.Float, 1, 4);
        graph.Output("low_res_masks", DataType.Float, 1, 4, Grid, Grid);
        return graph.ToBytes();
    }

    /// <summary>Cells of the grid whose centres lie between the first two points, along one coordinate.</summary>
    private static string Between(GraphBuilder graph, string points, int coordinate, int height, int width)
    {
        float[] centres = [.. Enumerable.Range(0, Grid).Select(cell => (cell + 0.5f) * Side / Grid)];
        var cells = graph.Floats(centres, 1, 1, height, width);
        return graph.Add("And", [graph.Add("Greater", [cells, At(0)]), graph.Add("Less", [cells, At(1)])]);

        string At(int point)
        {
            var axis = NodeAttribute.Of("axis", 1);
            var pair = graph.Add("Gather", [points, graph.Integers(point)], null, axis);
            var one = graph.Add("Gather", [pair, graph.Integers(coordinate)], null, NodeAttribute.Of("axis", 2));
            return graph.Add("Reshape", [one, graph.Integers(1, 1, 1, 1)]);
        }
    }

    private static AttributeProto Scalar => NodeAttribute.Of("keepdims", 0);

    private static AttributeProto ToFloat => NodeAttribute.Of("to", (long)DataType.Float);
}
