using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// From final rows (box, score, label: no suppression is owed) to the best ones of wanted classes. Shared by the heads whose masks are
/// maps of their own.
/// </summary>
/// <param name="options">Threshold, classes and the most objects of a frame.</param>
/// <param name="labels">What the labels mean.</param>
/// <param name="classes">Number of classes; null where it is not known.</param>
internal sealed class FinalObjects(DetectionOptions options, LabelMap labels, int? classes)
{
    [ThreadStatic]
    private static Candidates? t_candidates;

    private readonly HashSet<int>? _wanted = options.Classes?.ToHashSet();

    /// <summary>This thread's list of rows, empty.</summary>
    public static Candidates NoRows()
    {
        var rows = t_candidates ??= new Candidates();
        rows.Clear();
        return rows;
    }

    /// <summary>Takes a row if its score and class are wanted. Rows of the background, or whose label is no number, are nobody's.</summary>
    /// <exception cref="HeadLayoutException">The label is beyond the classes, or the score beyond 1.</exception>
    public void Offer(Candidates rows, int row, float label, float score)
    {
        if (!(score > options.Conf) || float.IsNaN(label))
        {
            return;
        }

        var classId = labels.ClassOf((int)label);
        if (classId >= classes)
        {
            throw new HeadLayoutException(
                $"expected classes 0 to {classes - 1} ({labels}), got label {(int)label}: "
                    + "the class names are not those of this model, or its labels count otherwise (model: {path: …, labels: …})"
            );
        }

        if (classId >= 0 && (_wanted is null || _wanted.Contains(classId)))
        {
            rows.Add(row, classId, ScoreRange.Checked(score));
        }
    }

    /// <summary>The rows that become objects, best first: the low half of each key is a number in <paramref name="rows"/>.</summary>
    public ReadOnlySpan<ulong> Best(Candidates rows) => rows.Order(options.MaxDet);

    /// <summary>A box that a network did not overflow at.</summary>
    public static bool IsFinite(in Box box) => float.IsFinite(box.X1 + box.Y1 + box.X2 + box.Y2);

    /// <summary>
    /// The object's box in the frame where masks lie over the input: the network's, or that of the mask where the network's has no part of
    /// the frame.
    /// </summary>
    public static Box BoxOf(in Box boxInTensor, in LetterboxTransform letterbox, in RleMask mask) =>
        letterbox.ToFrame(boxInTensor) is { Area: > 0 } box ? box : mask.Bounds;

    /// <summary>An output of the shape that the head expects.</summary>
    /// <exception cref="HeadLayoutException">It has another one.</exception>
    public static OutputTensor Expect(IReadOnlyList<OutputTensor> outputs, int output, string what, Func<int[], bool> fits) =>
        fits(outputs[output].Shape)
            ? outputs[output]
            : throw new HeadLayoutException(
                $"expected {what}, got [{string.Join(", ", outputs[output].Shape)}]: the model's outputs changed"
            );

    /// <summary>An output of three axes with so many values in the last one.</summary>
    /// <param name="what">What it is and its first two axes, in words.</param>
    /// <inheritdoc cref="Expect" path="/exception"/>
    public static OutputTensor ExpectColumns(IReadOnlyList<OutputTensor> outputs, int output, string what, int columns) =>
        Expect(outputs, output, $"{what}, {columns}]", shape => shape is [_, _, var last] && last == columns);

    /// <summary>Insertion sort: rows come in order from the exports known, and equal scores keep their order.</summary>
    public static void SortByScore(List<DetectedObject> items)
    {
        for (var i = 1; i < items.Count; i++)
        {
            var item = items[i];
            var place = i;
            for (; place > 0 && items[place - 1].Score < item.Score; place--)
            {
                items[place] = items[place - 1];
            }

            items[place] = item;
        }
    }
}
