using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>
/// Writes a network of a few kilobytes in the layout of a family. It compares its input with the one it expects, value by value: where
/// they are alike it finds one object of class 1 with score 0.9 and box 16, 12 to 48, 36 of a 64x48 frame, else nothing. So what it finds
/// shows that it was fed as it should be.
/// </summary>
/// <param name="expected">The input that a frame must become: all its values, or one a channel.</param>
/// <param name="input">Its shape; negative sides are open.</param>
internal sealed class TinyFamily(float[] expected, params long[] input)
{
    private const float Score = 0.9f;
    private const float Alike = 0.02f;

    private readonly GraphBuilder _graph = new("family");
    private string _hit = "";

    /// <summary>Box in input pixels: x1, y1, x2, y2.</summary>
    public required float[] Box { get; init; }

    public string InputName { get; init; } = "images";

    public static readonly string[] Layouts =
    [
        "anchor-free",
        "end-to-end",
        "yolov5",
        "yolact",
        "mask-rcnn",
        "mask-rcnn pasted",
        "mask-rcnn open",
        "mask-rcnn-zoo",
        "detectron2",
        "mmdeploy",
        "query",
        "mask-queries",
        "semantic",
        "semantic map",
    ];

    public void Write(string layout, string path)
    {
        var picture = _graph.Input(InputName, DataType.Float, input);
        long[] like = expected.Length == 3 ? [3, 1, 1] : [.. input];
        var difference = _graph.Add("Abs", [_graph.Add("Sub", [picture, _graph.Floats(expected, like)])]);
        var most = _graph.Add("ReduceMax", [difference], null, NodeAttribute.Of("keepdims", 0));
        var alike = _graph.Add("Less", [most, _graph.Floats([Alike])]);
        _hit = _graph.Add("Cast", [alike], null, NodeAttribute.Of("to", (long)DataType.Float));
        switch (layout)
        {
            case "anchor-free":
                Prototypes(7, transposed: false, [.. CentreSize(), 0, Score, 1]);
                break;
            case "end-to-end":
                Prototypes(7, transposed: true, [.. Box, Score, 1, 1], rows: 20);
                break;
            case "yolov5":
                Prototypes(8, transposed: true, [.. CentreSize(), Score, 0, 1, 1], rows: 252);
                break;
            case "yolact":
                Yolact();
                break;
            case "mmdeploy":
                MmDeploy();
                break;
            case "query":
                Queries();
                break;
            case "mask-queries":
                MaskQueries();
                break;
            case "semantic" or "semantic map":
                ClassScores(isMap: layout != "semantic");
                break;
            default:
                Regions(layout);
                break;
        }

        _graph.Metadata("names", "{0: 'a', 1: 'b'}");
        File.WriteAllBytes(path, _graph.ToBytes());
    }

    /// <summary>One object among rows of zeros, where the input is as expected; prototypes of ones.</summary>
    private void Prototypes(int values, bool transposed, float[] row, int rows = 84)
    {
        var all = new float[rows * values];
        for (var i = 0; i < values; i++)
        {
            all[transposed ? i : i * rows] = row[i];
        }

        long[] shape = transposed ? [1, rows, values] : [1, values, rows];
        Found("output0", all, shape);
        Constant("output1", Ones(16 * 16), 1, 1, 16, 16);
    }

    private void Yolact()
    {
        var (width, height) = (Box[2] - Box[0], Box[3] - Box[1]);
        float[] prior = [(Box[0] + Box[2]) / 2 / 55, (Box[1] + Box[3]) / 2 / 55, width / 55, height / 55];
        Constant("loc", new float[8], 1, 2, 4);
        Found("conf", [0, 0, Score, 0, 0, 0], 1, 2, 3);
        Constant("mask", [1, 1], 1, 2, 1);
        Constant("priors", [.. prior, 0.5f, 0.5f, 0.1f, 0.1f], 2, 4);
        Constant("proto", Ones(14 * 14), 1, 14, 14, 1);
    }

    /// <summary>Two objects of which one scores nothing; without a hit there is no row at all.</summary>
    private void Regions(string layout)
    {
        var (names, label) = layout switch
        {
            "mask-rcnn-zoo" => (new[] { "6568", "6570", "6572", "6887" }, 2L),
            "detectron2" => (["pred_boxes", "pred_classes", "scores", "pred_masks"], 1L),
            _ => (["boxes", "labels", "scores", "masks"], 2L),
        };
        var side = layout == "detectron2" ? 112 : 28;
        var scores = _graph.Add("Mul", [_graph.Floats([Score, 0.1f], 2), _hit]);
        var kept = _graph.Add("Greater", [scores, _graph.Floats([0.05f])]);
        Kept(names[0], _graph.Floats([.. Box, 0, 0, 5, 5], 2, 4), kept, DataType.Float, -1, 4);
        Kept(names[1], _graph.Integers(label, label), kept, DataType.Int64, -1);
        Kept(names[2], scores, kept, DataType.Float, -1);
        if (layout == "mask-rcnn pasted")
        {
            var maps = new float[2 * 48 * 64];
            Fill(maps, 64);
            Kept(names[3], _graph.Floats(maps, 2, 1, 48, 64), kept, DataType.Float, -1, 1, -1, -1);
        }
        else
        {
            Kept(names[3], _graph.Floats(Ones(2 * side * side), 2, 1, side, side), kept, DataType.Float, -1, 1, side, side);
        }
    }

    /// <summary>A row of zeros behind the found ones, and no mask for it.</summary>
    private void MmDeploy()
    {
        var scores = _graph.Add("Mul", [_graph.Floats([Score], 1), _hit]);
        var kept = _graph.Add("Greater", [scores, _graph.Floats([0.05f])]);
        var axis = NodeAttribute.Of("axis", 1);
        var rows = _graph.Add("Compress", [_graph.Floats([.. Box, Score], 1, 1, 5), kept], null, axis);
        _graph.Add("Concat", [rows, _graph.Floats(new float[5], 1, 1, 5)], "dets", axis);
        _graph.Output("dets", DataType.Float, 1, -1, 5);
        var one = _graph.Add("Reshape", [_graph.Integers(1), _graph.Integers(1, 1)]);
        var labels = _graph.Add("Compress", [one, kept], null, axis);
        _graph.Add("Concat", [labels, one], "labels", axis);
        _graph.Output("labels", DataType.Int64, 1, -1);
        var map = new float[64 * 64];
        Fill(map, 64);
        _graph.Add("Compress", [_graph.Floats(map, 1, 1, 64, 64), kept], "masks", axis);
        _graph.Output("masks", DataType.Float, 1, -1, 64, 64);
    }

    private void Queries()
    {
        float[] cornered = [.. CentreSize().Select(value => value / 60)];
        Constant("dets", [0.5f, 0.5f, 1, 1, .. cornered], 1, 2, 4);
        var logit = MathF.Log(Score / (1 - Score));
        var logits = _graph.Add("Mul", [_graph.Floats([0, 0, 0, 0, 50 + logit, 60], 1, 2, 3), _hit]);
        _graph.Add("Sub", [logits, _graph.Floats([50], 1)], "labels");
        _graph.Output("labels", DataType.Float, 1, 2, 3);
        Constant("masks", Ones(2 * 15 * 15), 1, 2, 15, 15);
    }

    /// <summary>Probability 0.9 of the class, and masks of probability 1.</summary>
    private void MaskQueries()
    {
        var logits = _graph.Add("Mul", [_graph.Floats([0, 0, 0, 0, MathF.Log(Score / (1 - Score)) + 50, 0], 1, 2, 3), _hit]);
        _graph.Add("Add", [logits, _graph.Floats([0, 0, 50, 0, 0, 50], 1, 2, 3)], "class_queries_logits");
        _graph.Output("class_queries_logits", DataType.Float, 1, 2, 3);
        Constant("masks_queries_logits", [.. Enumerable.Repeat(50f, 2 * 15 * 15)], 1, 2, 15, 15);
    }

    /// <summary>Background everywhere, but for the box where the input is as expected: class 1, behind the background and class 0.</summary>
    private void ClassScores(bool isMap)
    {
        const int pixels = 48 * 64;
        var map = new float[pixels];
        Fill(map, 64);
        var scores = _graph.Add("Mul", [_graph.Floats([.. new float[2 * pixels], .. map], 1, 3, 48, 64), _hit]);
        scores = _graph.Add("Add", [scores, _graph.Floats([0.5f, 0, 0], 1, 3, 1, 1)], isMap ? null : "output");
        if (isMap)
        {
            _graph.Add("ArgMax", [scores], "output", NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 0));
            _graph.Output("output", DataType.Int64, 1, 48, 64);
        }
        else
        {
            _graph.Output("output", DataType.Float, 1, 3, 48, 64);
        }
    }

    private float[] CentreSize() => [(Box[0] + Box[2]) / 2, (Box[1] + Box[3]) / 2, Box[2] - Box[0], Box[3] - Box[1]];

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    /// <summary>Ones where the box is, in the first map.</summary>
    private void Fill(float[] maps, int width)
    {
        for (var y = (int)Box[1]; y < (int)Box[3]; y++)
        {
            Array.Fill(maps, 1f, (y * width) + (int)Box[0], (int)(Box[2] - Box[0]));
        }
    }

    private void Constant(string name, float[] values, params long[] shape)
    {
        _graph.Add("Identity", [_graph.Floats(values, shape)], name);
        _graph.Output(name, DataType.Float, shape);
    }

    /// <summary>Values where the input is as expected, else zeros.</summary>
    private void Found(string name, float[] values, params long[] shape)
    {
        _graph.Add("Mul", [_graph.Floats(values, shape), _hit], name);
        _graph.Output(name, DataType.Float, shape);
    }

    private void Kept(string name, string values, string kept, DataType type, params long[] shape)
    {
        _graph.Add("Compress", [values, kept], name, NodeAttribute.Of("axis", 0));
        _graph.Output(name, type, shape);
    }
}
