using SegBatch.Geometry;
using SegBatch.Tables;

namespace SegBatch.Output;

/// <summary>A row of `instances` or of `candidates`.</summary>
/// <param name="Row">Without track in `candidates`.</param>
/// <param name="IsInstance">It belongs to `instances`. Whoever changes it moves the row: none is ever thrown away.</param>
public readonly record struct TableDetection(InstanceRow Row, bool IsInstance);

/// <summary>
/// One frame of a finished video as its tables hold it. Used over and over: its rows, and the text of their masks, are valid until the
/// next frame is read into it.
/// </summary>
public sealed class TableFrame
{
    /// <summary>Its count of instances is what was read; a writer counts anew.</summary>
    public FrameRow Frame { get; internal set; }

    /// <summary>
    /// The rows of `instances` and `candidates` by <see cref="InstanceRow.Instance"/>: the detector's whole list in its order, as a
    /// tracker saw it, and rows that are no detections (<see cref="InstanceRow.Source"/>) among them.
    /// </summary>
    public List<TableDetection> Detections { get; } = [];

    /// <summary>Where a point of the background seen in the frame before lies in this one, frame pixels; null where nobody looked.</summary>
    public AffineMotion? CameraMotion { get; internal set; }

    internal MaskText Text { get; } = new();
}
