using System.Numerics;
using SegBatch.Letterboxing;

namespace SegBatch.Inference;

/// <summary>How a network's labels number its classes.</summary>
public enum LabelNumbers
{
    /// <summary>Label 0 is class 0.</summary>
    FromZero,

    /// <summary>Label 1 is class 0; label 0 is the background.</summary>
    FromOne,

    /// <summary>The ids of COCO, 1 to 90 with gaps, of its 80 classes.</summary>
    Coco91,
}

/// <summary>What a job states about a model against, or in place of, the file's metadata. Null leaves the file's word.</summary>
public sealed record ModelOverrides
{
    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Input sides are multiples of this.</summary>
    public int? Stride { get; init; }

    /// <summary>Input size (height, width) in pixels.</summary>
    public (int Height, int Width)? ImgSz { get; init; }

    public string? Task { get; init; }

    /// <summary>The graph ends with final boxes; no suppression is owed.</summary>
    public bool? EndToEnd { get; init; }

    /// <summary>The job gives masks to boxes that have none.</summary>
    public bool BoxesSuffice { get; init; }

    /// <summary>Name of the layout of the outputs; null leaves it to the file's words and shapes.</summary>
    public string? Layout { get; init; }

    /// <summary>What the labels mean; null: as the layout has it.</summary>
    public LabelNumbers? Labels { get; init; }

    public InputFit? Fit { get; init; }

    public PadSide? Padding { get; init; }

    /// <summary>Level of the padding, 0 to 255.</summary>
    public float? PadLevel { get; init; }

    public ChannelOrder? Channels { get; init; }

    /// <summary>In the order of the channels, of levels of 0 to 255.</summary>
    public Vector3? Mean { get; init; }

    /// <inheritdoc cref="Mean"/>
    public Vector3? Deviation { get; init; }

    /// <summary>A layout's convention with what is stated here over it.</summary>
    public InputConvention Over(InputConvention convention) =>
        convention with
        {
            Fit = Fit ?? convention.Fit,
            Padding = Padding ?? convention.Padding,
            PadLevel = PadLevel ?? convention.PadLevel,
            Channels = Channels ?? convention.Channels,
            Mean = Mean ?? convention.Mean,
            Deviation = Deviation ?? convention.Deviation,
        };
}
