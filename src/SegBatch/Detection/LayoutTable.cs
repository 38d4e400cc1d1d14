using SegBatch.Letterboxing;

namespace SegBatch.Detection;

/// <summary>
/// Every layout of outputs that can be read. A new one is a file with its head and a row here; which row is for a network is decided
/// by names and shapes of its outputs, and exactly one must fit.
/// </summary>
internal static class LayoutTable
{
    public static IReadOnlyList<LayoutRow> Rows { get; } =
    [
        LayoutRow.Of<PrototypeLayout>(
            "anchor-free",
            "anchor-free (YOLOv8, 11, 12, YOLOE, FastSAM): boxes to be suppressed, masks from prototypes",
            "predictions [batch, 4+classes+nm, anchors] and prototypes [batch, nm, height, width]",
            InputConvention.Yolo,
            signature => PrototypeOutputs.Match(signature, HeadKind.AnchorFree),
            (layout, options) => new AnchorFreePrototypes(layout, options)
        ),
        LayoutRow.Of<PrototypeLayout>(
            "end-to-end",
            "end-to-end (YOLO26, exports with NMS): final boxes, masks from prototypes",
            "predictions [batch, rows, 6+nm] and prototypes [batch, nm, height, width]",
            InputConvention.Yolo,
            signature => PrototypeOutputs.Match(signature, HeadKind.EndToEnd),
            (layout, options) => new EndToEndPrototypes(layout, options)
        ),
    ];
}
