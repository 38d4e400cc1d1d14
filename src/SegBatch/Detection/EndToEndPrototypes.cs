using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>
/// Head of networks that give final rows x1, y1, x2, y2 (input pixels), score, class, nm coefficients: YOLO26-seg and exports with
/// built-in suppression, whose unused rows are zero. Only score, number and class are filtered. Predictions [B, N, 6+nm],
/// prototypes [B, nm, mh, mw].
/// </summary>
public sealed class EndToEndPrototypes : IDetectionHead
{
    private const int Score = 4;
    private const int ClassId = 5;
    private const int RowValues = 6;

    private readonly PrototypeLayout _layout;
    private readonly DetectionOptions _options;
    private readonly PrototypeMasks _masks;
    private readonly HashSet<int>? _wanted;

    internal EndToEndPrototypes(PrototypeLayout layout, DetectionOptions options)
    {
        _layout = layout;
        _options = options;
        _masks = new PrototypeMasks(options.Masks);
        _wanted = options.Classes?.ToHashSet();
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var prototypes = PrototypeTensor.Of(outputs[_layout.Prototypes], _layout.Coefficients, batchIndex);
        var predictions = outputs[_layout.Predictions];
        var pitch = RowValues + _layout.Coefficients;
        if (predictions.Shape is not [_, var rows, var got] || got != pitch)
        {
            throw new HeadLayoutException(
                $"expected {pitch} values per row, got predictions [{string.Join(", ", predictions.Shape)}]: the model's outputs changed"
            );
        }

        var values = predictions.Of(batchIndex);
        var passed = 0;
        for (var row = 0; row < rows && passed < _options.MaxDet; row++)
        {
            var value = values.Slice(row * pitch, pitch);
            if (!(value[Score] > _options.Conf) || float.IsNaN(value[ClassId]))
            {
                continue;
            }

            var classId = (int)value[ClassId];
            var boxInTensor = new Box(value[0], value[1], value[2], value[3]);
            if (!IsWanted(classId))
            {
                continue;
            }

            // Counted after the class filter and before masks are looked at, as the recordings show.
            passed++;
            if (!float.IsFinite(boxInTensor.X1 + boxInTensor.Y1 + boxInTensor.X2 + boxInTensor.Y2))
            {
                continue;
            }

            var box = letterbox.ToFrame(boxInTensor);
            var coefficients = value[RowValues..];
            if (_masks.TryAppend(coefficients, prototypes.Values, prototypes.Size, letterbox, box, detections.Runs, out var mask))
            {
                detections.Items.Add(new DetectedObject(box, ScoreRange.Checked(value[Score]), classId, mask));
            }
        }

        FinalObjects.SortByScore(detections.Items);
    }

    private bool IsWanted(int classId)
    {
        if (classId < 0 || classId >= _layout.Classes)
        {
            throw new HeadLayoutException(
                $"expected {(_layout.Classes is { } classes ? $"classes 0 to {classes - 1}" : "a class of 0 or more")}, got class {classId}: "
                    + "the class names are not those of this model"
            );
        }

        return _wanted is null || _wanted.Contains(classId);
    }
}
