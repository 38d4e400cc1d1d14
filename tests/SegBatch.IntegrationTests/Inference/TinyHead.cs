using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.IntegrationTests.Inference;

/// <summary>
/// Writes a small anchor-free network: input [1, 3, 64, 96], levels of stride 8 and 16 that are one convolution each, five classes,
/// three prototypes. Each property but the first three makes it another network than the trimmed head stands for.
/// </summary>
internal sealed record TinyHead
{
    private const int Classes = 5;
    private const int Coefficients = 3;
    private const int Height = 64;
    private const int Width = 96;
    private const int Anchors = (Height / 8 * Width / 8) + (Height / 16 * Width / 16);

    /// <summary>1: distances without a distribution.</summary>
    public int Bins { get; init; } = 16;

    /// <summary>Boxes and classes side by side per level and parted again behind it, as older exports have them.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Predictions anchor by anchor.</summary>
    public bool IsTransposed { get; init; }

    public float LastBin { get; init; } = 15;

    public float CellCentre { get; init; } = 0.5f;

    public float SecondStride { get; init; } = 16;

    public float ScoreScale { get; init; } = 1;

    /// <summary>0: none.</summary>
    public float AddedToCoefficients { get; init; }

    public bool HasSwappedLevels { get; init; }

    public bool HasCorners { get; init; }

    public void Write(string path)
    {
        var random = new Random(3);
        var graph = new GraphBuilder("tiny");
        var images = graph.Input("images", DataType.Float, 1, 3, Height, Width);
        int[] strides = HasSwappedLevels ? [16, 8] : [8, 16];
        var box = strides.Select(stride => Conv(4 * Bins, stride)).ToArray();
        var classes = strides.Select(stride => Conv(Classes, stride)).ToArray();
        var coefficients = Levels(strides.Select(stride => Conv(Coefficients, stride)), Coefficients);
        string distribution;
        string logits;
        if (IsJoined)
        {
            var joined = box.Zip(classes, (one, other) => graph.Add("Concat", [one, other], null, NodeAttribute.Of("axis", 1)));
            logits = "logits";
            distribution = graph.Add("Split", [Levels(joined, (4 * Bins) + Classes), graph.Integers(4 * Bins, Classes)], null, Axis(1));
            graph.Producer(distribution)!.Output.Add(logits);
        }
        else
        {
            (distribution, logits) = (Levels(box, 4 * Bins), Levels(classes, Classes));
        }

        if (ScoreScale != 1)
        {
            logits = graph.Add("Mul", [logits, graph.Floats([ScoreScale])]);
        }

        if (AddedToCoefficients != 0)
        {
            coefficients = graph.Add("Add", [coefficients, graph.Floats([AddedToCoefficients])]);
        }

        var all = graph.Add("Concat", [Boxes(Distances(distribution)), graph.Add("Sigmoid", [logits]), coefficients], null, Axis(1));
        all = IsTransposed
            ? graph.Add("Transpose", [all], "output0", NodeAttribute.Of("perm", 0, 2, 1))
            : graph.Add("Identity", [all], "output0");
        const int Values = 4 + Classes + Coefficients;
        graph.Output(all, DataType.Float, IsTransposed ? [1, Anchors, Values] : [1, Values, Anchors]);
        graph.Output(graph.Add("Identity", [Conv(Coefficients, 4)], "output1"), DataType.Float, 1, Coefficients, Height / 4, Width / 4);
        File.WriteAllBytes(path, graph.ToBytes());

        string Conv(int channels, int stride)
        {
            float[] weights =
            [
                .. Enumerable.Range(0, channels * 3 * stride * stride).Select(_ => (random.NextSingle() - 0.5f) * 4 / stride),
            ];
            var kernel = graph.Floats(weights, channels, 3, stride, stride);
            return graph.Add("Conv", [images, kernel], null, NodeAttribute.Of("strides", stride, stride));
        }

        string Levels(IEnumerable<string> maps, int channels) =>
            graph.Add("Concat", [.. maps.Select(map => graph.Add("Reshape", [map, graph.Integers(1, channels, -1)]))], null, Axis(2));

        string Distances(string value)
        {
            if (Bins == 1)
            {
                return value;
            }

            var parted = graph.Add("Reshape", [value, graph.Integers(1, 4, Bins, Anchors)]);
            var weights = graph.Add(
                "Softmax",
                [graph.Add("Transpose", [parted], null, NodeAttribute.Of("perm", 0, 2, 1, 3))],
                null,
                Axis(1)
            );
            float[] numbers = [.. Enumerable.Range(0, Bins - 1), LastBin];
            return graph.Add(
                "Reshape",
                [graph.Add("Conv", [weights, graph.Floats(numbers, 1, Bins, 1, 1)]), graph.Integers(1, 4, Anchors)]
            );
        }

        string Boxes(string distances)
        {
            var cells = strides.SelectMany(stride => Cells(stride)).ToArray();
            var centres = graph.Floats(
                [.. cells.Select(cell => cell.X + CellCentre), .. cells.Select(cell => cell.Y + CellCentre)],
                1,
                2,
                Anchors
            );
            var near = graph.Add("Sub", [centres, Slice(distances, 0, 2)]);
            var far = graph.Add("Add", [centres, Slice(distances, 2, 4)]);
            var centre = graph.Add("Div", [graph.Add("Add", [near, far]), graph.Floats([2])]);
            var box = graph.Add("Concat", HasCorners ? [near, far] : [centre, graph.Add("Sub", [far, near])], null, Axis(1));
            return graph.Add("Mul", [box, graph.Floats([.. cells.Select(cell => cell.Stride == 16 ? SecondStride : 8f)], 1, Anchors)]);
        }

        string Slice(string value, int from, int to) =>
            graph.Add("Slice", [value, graph.Integers(from), graph.Integers(to), graph.Integers(1)]);

        static IEnumerable<(int X, int Y, int Stride)> Cells(int stride) =>
            Enumerable.Range(0, Height / stride).SelectMany(y => Enumerable.Range(0, Width / stride).Select(x => (x, y, stride)));

        static AttributeProto Axis(int axis) => NodeAttribute.Of("axis", (long)axis);
    }
}
