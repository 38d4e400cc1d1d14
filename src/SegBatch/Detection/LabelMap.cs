using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>A layout whose objects carry a label each.</summary>
internal interface ILabelled
{
    LabelMap Labels { get; }
}

/// <summary>From a network's labels to class ids.</summary>
/// <param name="Numbers">What the labels count.</param>
public readonly record struct LabelMap(LabelNumbers Numbers)
{
    /// <summary>The class id; -1 for the background and for numbers that name no class.</summary>
    public int ClassOf(int label) =>
        Numbers switch
        {
            LabelNumbers.FromOne => label < 1 ? -1 : label - 1,
            LabelNumbers.Coco91 => CocoClasses.OfCategory(label),
            _ => label < 0 ? -1 : label,
        };

    /// <summary>The number of classes; null where names do not tell.</summary>
    public int? Classes(int? names) => Numbers == LabelNumbers.Coco91 ? CocoClasses.Names.Count : names;

    /// <summary>What label is what class, in words.</summary>
    public override string ToString() =>
        Numbers switch
        {
            LabelNumbers.FromOne => "labels from 1",
            LabelNumbers.Coco91 => "labels are COCO's 1 to 90",
            _ => "labels from 0",
        };
}
