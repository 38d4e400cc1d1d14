using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>
/// Head of YOLOv5-seg and YOLOv7-seg: rows [B, A, 5+nc+nm] of cx, cy, w, h (input pixels), objectness, class probabilities given an
/// object, coefficients; prototypes [B, nm, mh, mw]. The score is objectness times probability. Suppression is owed. Raw maps of
/// five axes that some exports add are not looked at.
/// </summary>
internal sealed class ObjectnessPrototypes(PrototypeLayout layout, DetectionOptions options) : IDetectionHead
{
    private const int Objectness = 4;
    private const int FirstClass = 5;
    private const int MostPrototypes = 512;

    /// <summary>Cells of an input at the strides 8, 16 and 32 have three anchors each.</summary>
    private const int AnchorsPerCell = 3;

    private static readonly int[] s_strides = [8, 16, 32];

    private readonly int _classes =
        layout.Classes ?? throw new ArgumentException("an anchor head needs the number of classes", nameof(layout));
    private readonly AnchorObjects _objects = new(options, layout.Classes!.Value, layout.Coefficients);

    public static LayoutMatch Match(ModelSignature signature)
    {
        var predictions = signature.Only(output => output.Shape.Length == 3);
        var prototypes = signature.Only(output => output.Shape.Length == 4);
        if (predictions < 0 || prototypes < 0 || signature.Outputs.Any(output => output.Shape.Length is not (3 or 4 or 5)))
        {
            return LayoutMatch.No("that has one output of three and one of four axes");
        }

        var nm = signature.Outputs[prototypes].Shape[1];
        var (anchors, values) = (signature.Outputs[predictions].Shape[1], signature.Outputs[predictions].Shape[2]);
        var shape = ModelSignature.Text(signature.Outputs[predictions].Shape);
        if (nm is <= 0 or > MostPrototypes || values < 0 || (anchors >= 0 && anchors <= values))
        {
            return LayoutMatch.No($"that has rows [batch, anchors, 5+classes+nm], here {shape}");
        }

        var classes = values - FirstClass - nm;
        if (signature.EndToEnd == true || classes < 1 || (signature.ClassCount is { } named && named != classes))
        {
            return LayoutMatch.No(
                signature.EndToEnd == true ? "the model says end2end"
                : classes < 1 ? $"{shape} leaves no room for classes beside 5 values and {nm} coefficients"
                : $"{shape} fits {classes} classes, the model has {signature.ClassCount} class names"
            );
        }

        if (classes == 1 && (signature.HasNms || (anchors <= PrototypeOutputs.MostEndToEndRows && signature.EndToEnd != false)))
        {
            return LayoutMatch.No($"{shape} are also final rows of a box, score, class and {nm} coefficients, which are more usual");
        }

        // Without names, the shape is also that of one class more without objectness; the number of anchors tells.
        if (signature is { ClassCount: null, Stated: null, InputSize: { } size } && (anchors == Cells(size) || values == Cells(size)))
        {
            return LayoutMatch.No($"that has {AnchorsPerCell} anchors a cell, {shape} has 1 for an input of {size}");
        }

        return LayoutMatch.Fits(
            new PrototypeLayout(
                HeadKind.Objectness,
                classes,
                nm,
                predictions,
                prototypes,
                Transposed: true,
                $"{shape}: 4 + objectness + {classes} classes + {nm} coefficients per anchor"
            )
        );
    }

    /// <summary>Rows of three anchors a cell: what tells this layout from the transposed anchor-free one where no names do.</summary>
    public static bool IsAnchorCount(int rows, FrameSize input) => rows == AnchorsPerCell * Cells(input);

    /// <summary>Cells of an input at all strides together.</summary>
    public static long Cells(FrameSize size) => s_strides.Sum(stride => (long)(size.Width / stride) * (size.Height / stride));

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var prototypes = PrototypeTensor.Of(outputs[layout.Prototypes], layout.Coefficients, batchIndex);
        var pitch = FirstClass + _classes + layout.Coefficients;
        var predictions = FinalObjects.Expect(
            outputs,
            layout.Predictions,
            $"predictions [batch, anchors, {pitch}]",
            shape => shape is [_, _, var values] && values == pitch
        );
        var rows = predictions.Of(batchIndex);
        var candidates = AnchorObjects.NoCandidates();
        for (var anchor = 0; anchor < predictions.Shape[1]; anchor++)
        {
            var row = rows.Slice(anchor * pitch, pitch);
            var objectness = row[Objectness];
            if (objectness > options.Conf)
            {
                Scan(row.Slice(FirstClass, _classes), anchor, objectness, candidates);
            }
        }

        _objects.Collect(candidates, new AnchorRows(rows, 1, pitch, FirstClass + _classes), prototypes, letterbox, detections);
    }

    private void Scan(ReadOnlySpan<float> classes, int anchor, float objectness, Candidates candidates)
    {
        var (best, classId) = (float.NegativeInfinity, 0);
        for (var id = 0; id < classes.Length; id++)
        {
            var score = objectness * classes[id];
            if (score > best)
            {
                (best, classId) = (score, id);
            }
        }

        if (best > options.Conf && (_objects.Wanted is null || _objects.Wanted[classId]))
        {
            candidates.Add(anchor, classId, best);
        }
    }
}
