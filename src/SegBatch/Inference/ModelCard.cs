using SegBatch.Geometry;
using SegBatch.Letterboxing;

namespace SegBatch.Inference;

/// <summary>An input or output of a network.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="ElementType">"float32", "float16", "int64", …; the kind ("sequence") for what is no tensor.</param>
/// <param name="Shape">-1 for an axis that the file leaves open.</param>
/// <param name="AxisNames">The file's names of open axes; empty where it has none.</param>
public sealed record ModelTensor(string Name, string ElementType, int[] Shape, string[] AxisNames)
{
    /// <summary>"[batch, 3, height, width]".</summary>
    public override string ToString() =>
        $"[{string.Join(", ", Shape.Select((size, axis) => size >= 0 ? size.ToString() : AxisNames[axis].Length > 0 ? AxisNames[axis] : "?"))}]";
}

/// <summary>What a model file says of itself, with the job's overrides laid over it. Missing metadata has defaults.</summary>
public sealed record ModelCard
{
    public required ModelFile File { get; init; }

    public required IReadOnlyList<ModelTensor> Inputs { get; init; }

    public required IReadOnlyList<ModelTensor> Outputs { get; init; }

    /// <summary>What the values of each output are; looked up for those of four axes with one channel, or channels that the file leaves open.</summary>
    public IReadOnlyList<ScoreScale> Scales { get; init; } = [];

    /// <summary>Every key of the file's metadata, as written.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Class names by id; empty when neither file nor job states them. <see cref="ClassName"/> always answers.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>"segment", "detect", …; null when unstated.</summary>
    public string? Task { get; init; }

    /// <summary>Input sides are multiples of this many pixels.</summary>
    public int Stride { get; init; } = 32;

    /// <summary>Input size in pixels: the export's where it is fixed, else the size it was trained or exported for.</summary>
    public (int Height, int Width) ImgSz { get; init; } = (640, 640);

    /// <summary>The size that the file or the job states; null where <see cref="ImgSz"/> is only the usual one.</summary>
    public (int Height, int Width)? StatedImgSz { get; init; }

    /// <summary>The graph ends with final boxes; null when unstated, for the shapes to tell.</summary>
    public bool? EndToEnd { get; init; }

    /// <summary>Exported with nms=True: confidence, IoU and max_det are baked in.</summary>
    public bool HasNms { get; init; }

    /// <summary>What the job states, for those who read more out of the file.</summary>
    public ModelOverrides Overrides { get; init; } = new();

    /// <summary>How the input wants to be; YOLO's until the layout of the outputs is known.</summary>
    public InputConvention Convention { get; init; } = InputConvention.Yolo;

    /// <summary>Unreadable metadata that nothing depends on; one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The picture tensor [batch, 3, height, width], or [3, height, width] of a network that takes one picture.</summary>
    /// <exception cref="ModelException">The network takes something else.</exception>
    public ModelTensor Input =>
        Inputs is [{ ElementType: "float32" or "float16", Shape: [_, 3, _, _] or [_, -1, _, not 3] or [3, _, _] or [-1, -1, -1] } input]
            ? input
            : throw new ModelException(
                ModelException.Input,
                $"Model {File.Path} does not take pictures as expected: expected one input [batch, 3, height, width] or [3, height, width] of "
                    + "float32 or float16, "
                    + $"got {string.Join(", ", Inputs.Select(i => $"{i.Name} {i.ElementType} {i}"))}. Export it with that input."
            );

    /// <summary>Height and width are open: any multiple of the stride can be fed.</summary>
    public bool IsDynamic => Sides is (< 0, < 0);

    /// <summary>The input has an axis of pictures.</summary>
    public bool HasBatchAxis => Input.Shape.Length == 4;

    /// <summary>Pictures per run if the export or its layout fixes them, else null.</summary>
    public int? FixedBatch =>
        !HasBatchAxis || Convention.IsSinglePicture ? 1
        : Input.Shape[0] > 0 ? Input.Shape[0]
        : null;

    /// <summary>Of the input; -1 for an open one.</summary>
    private (int Height, int Width) Sides => (Input.Shape[^2], Input.Shape[^1]);

    /// <summary>The stated name, or "class7".</summary>
    public string ClassName(int classId) => classId < Names.Count ? Names[classId] : $"class{classId}";

    /// <summary>
    /// How frames of a size lie in this network's input. Fixed exports take their own size; others the rectangle that the frame
    /// needs (or the full square), with <c>imgsz</c> rounded up to the stride, or the size that the frame itself has.
    /// </summary>
    /// <exception cref="ModelException">The options ask a fixed export for another size or for rectangles.</exception>
    public LetterboxTransform Letterbox(FrameSize source, LetterboxOptions options)
    {
        var (height, width) = options.ImgSz ?? ImgSz;
        var asked = new FrameSize(RoundUp(width), RoundUp(height));
        if (IsDynamic)
        {
            return Convention.Fit switch
            {
                InputFit.KeepAspect => KeepAspect(source, options),
                InputFit.Stretch => LetterboxTransform.Stretch(source, asked),
                _ => Placed(
                    options.Letterbox == LetterboxShape.Square
                        ? LetterboxTransform.Square(source, asked)
                        : LetterboxTransform.MinimumRectangle(source, asked, Stride)
                ),
            };
        }

        var fixedSize = new FrameSize(Sides.Width > 0 ? Sides.Width : asked.Width, Sides.Height > 0 ? Sides.Height : asked.Height);
        if (options.Letterbox == LetterboxShape.Rect)
        {
            throw Options(
                fixedSize,
                "letterbox: rect needs an input of open height and width. Use letterbox: square, or export with dynamic=True"
            );
        }

        if (options.ImgSz is not null && asked != fixedSize && (height, width) != (fixedSize.Height, fixedSize.Width))
        {
            throw Options(
                fixedSize,
                $"imgsz {height}x{width} (height x width) cannot be fed. Leave imgsz out, or export with dynamic=True"
            );
        }

        return Convention.Fit == InputFit.Stretch
            ? LetterboxTransform.Stretch(source, fixedSize)
            : Placed(LetterboxTransform.Square(source, fixedSize));
    }

    private LetterboxTransform Placed(LetterboxTransform transform) =>
        Convention.Padding == PadSide.Around ? transform : transform.AtTopLeft();

    /// <summary>A stated size bounds the short and the long side, and small frames are enlarged to it; else frames are only made smaller.</summary>
    private LetterboxTransform KeepAspect(FrameSize source, LetterboxOptions options)
    {
        if (options.Letterbox == LetterboxShape.Square)
        {
            throw new ModelException(
                ModelException.Options,
                $"Model {File.Path} takes pictures of any size, without padding to a square: leave letterbox out."
            );
        }

        var multiple = Convention.SideMultiple;
        return (options.ImgSz ?? StatedImgSz) is var (height, width)
            ? LetterboxTransform.KeepAspect(source, Math.Min(height, width), Math.Max(height, width), enlarge: true, multiple)
            : LetterboxTransform.KeepAspect(
                source,
                Convention.ShortSide ?? int.MaxValue,
                Convention.LongSide ?? int.MaxValue,
                enlarge: false,
                multiple
            );
    }

    private int RoundUp(int side) => (side + Stride - 1) / Stride * Stride;

    private ModelException Options(FrameSize input, string why) =>
        new(ModelException.Options, $"Model {File.Path} has a fixed input of {input} (width x height): {why}.");

    /// <summary>Reads a model file without preparing it to run.</summary>
    /// <exception cref="ModelException">The file is no model, unsafe, refused by ONNX Runtime, or its metadata is unreadable.</exception>
    public static ModelCard Read(string path, ModelOverrides? overrides = null) => ModelCardReader.Read(path, overrides ?? new());
}
