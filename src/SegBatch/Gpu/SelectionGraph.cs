using SegBatch.Detection;
using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Gpu;

/// <summary>
/// Appends the choice of candidates to a network that scores every anchor, so that of [B, 4+nc+nm, A] only the best anchors leave
/// the device. Shapes are fixed: suppression, whose result has no fixed size, stays with the caller.
/// </summary>
internal static class SelectionGraph
{
    /// <summary>Input [nc] of 0 and 1: the classes that may be chosen. An anchor's class is its best one, wanted or not.</summary>
    public const string Wanted = "segbatch/wanted";

    /// <summary>
    /// Output [B, K, 7], best score first: centre x, centre y, width, height in input pixels, score, class, anchor. All are whole or
    /// copied numbers, exact in single precision.
    /// </summary>
    public const string Rows = "segbatch/rows";

    /// <summary>Output [B·K, nm]: the coefficients of the same anchors.</summary>
    public const string Coefficients = "segbatch/coefficients";

    public const int RowValues = 7;

    private const int BoxValues = 4;
    private const int ReduceMaxTakesAxesAsInput = 18;

    /// <summary>Edits a model in place: its outputs become <see cref="Rows"/>, <see cref="Coefficients"/> and the prototypes.</summary>
    /// <param name="layout">Of kind <see cref="HeadKind.AnchorFree"/>.</param>
    /// <param name="batch">B.</param>
    /// <param name="best">K, at most the number of anchors.</param>
    /// <returns>Name and element type of the prototypes [B, nm, mh, mw].</returns>
    public static (string Name, DataType Type) Append(ModelProto model, PrototypeLayout layout, int batch, int best)
    {
        var graph = new GraphBuilder(model);
        var classes = layout.Classes ?? throw new ArgumentException("an anchor head needs the number of classes", nameof(layout));
        var values = BoxValues + classes + layout.Coefficients;
        var predictions = graph.Outputs[layout.Predictions].Name;
        var prototypes = graph.Outputs[layout.Prototypes];
        WidenInput(model);
        if (layout.Transposed)
        {
            predictions = graph.Add("Transpose", [predictions], null, NodeAttribute.Of("perm", 0, 2, 1));
        }

        // The best score of every anchor, 0 where its class is not wanted: never above a threshold.
        var scores = graph.Add("Slice", [predictions, graph.Integers(BoxValues), graph.Integers(BoxValues + classes), graph.Integers(1)]);
        var best1 = Max(graph, Opset(model), scores);
        var classOf = graph.Add("ArgMax", [scores], null, NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 0));
        var isWanted = graph.Add("Gather", [graph.Input(Wanted, DataType.Float, classes), classOf]);
        var top = graph.AddPair("TopK", [graph.Add("Mul", [ToFloat(graph, best1), isWanted]), graph.Integers(best)]);

        // Whole columns of the chosen anchors: [B, 4+nc+nm, K].
        var index = graph.Add("Reshape", [top.Second, graph.Integers(batch, 1, best)]);
        var everyValue = graph.Add("Expand", [index, graph.Integers(batch, values, best)]);
        var chosen = graph.Add("GatherElements", [predictions, everyValue], null, NodeAttribute.Of("axis", 2));
        var columns = graph.Add("Transpose", [ToFloat(graph, chosen)], null, NodeAttribute.Of("perm", 0, 2, 1));
        var last = graph.Integers(2);
        var boxes = graph.Add("Slice", [columns, graph.Integers(0), graph.Integers(BoxValues), last]);
        var coefficients = graph.Add("Slice", [columns, graph.Integers(BoxValues + classes), graph.Integers(values), last]);
        var column = graph.Integers(batch, best, 1);
        var classIds = graph.Add("GatherElements", [classOf, top.Second], null, NodeAttribute.Of("axis", 1));
        graph.Add(
            "Concat",
            [
                boxes,
                graph.Add("Reshape", [top.First, column]),
                graph.Add("Reshape", [ToFloat(graph, classIds), column]),
                graph.Add("Reshape", [ToFloat(graph, top.Second), column]),
            ],
            Rows,
            NodeAttribute.Of("axis", 2)
        );
        graph.Add("Reshape", [coefficients, graph.Integers(batch * best, layout.Coefficients)], Coefficients);

        graph.ClearOutputs();
        graph.Output(Rows, DataType.Float, batch, best, RowValues);
        graph.Output(Coefficients, DataType.Float, batch * best, layout.Coefficients);
        var type = (DataType)prototypes.Type.TensorType.ElemType;
        graph.Output(prototypes.Name, type, -1, layout.Coefficients, -1, -1);
        graph.RemoveUnused();
        return (prototypes.Name, type);
    }

    /// <summary>Version of the standard operators a model uses.</summary>
    public static long Opset(ModelProto model) =>
        model.OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx")?.Version ?? 0;

    /// <summary>A float16 input becomes a float32 one with a cast behind it: pictures are made in single precision.</summary>
    private static void WidenInput(ModelProto model)
    {
        var input = model.Graph.Input[0];
        if (input.Type.TensorType.ElemType != (int)DataType.Float16)
        {
            return;
        }

        var cast = new NodeProto
        {
            OpType = "Cast",
            Name = "segbatch/half_input",
            Input = { "segbatch/pictures" },
            Output = { input.Name },
            Attribute = { NodeAttribute.Of("to", (long)DataType.Float16) },
        };
        model.Graph.Node.Insert(0, cast);
        input.Name = "segbatch/pictures";
        input.Type.TensorType.ElemType = (int)DataType.Float;
    }

    private static string Max(GraphBuilder graph, long opset, string scores) =>
        opset >= ReduceMaxTakesAxesAsInput
            ? graph.Add("ReduceMax", [scores, graph.Integers(1)], null, NodeAttribute.Of("keepdims", 0))
            : graph.Add("ReduceMax", [scores], null, NodeAttribute.Of("axes", new long[] { 1 }), NodeAttribute.Of("keepdims", 0));

    private static string ToFloat(GraphBuilder graph, string value) =>
        graph.Add("Cast", [value], null, NodeAttribute.Of("to", (long)DataType.Float));
}
