using System.Numerics;
using SegBatch.Letterboxing;

namespace SegBatch.Detection;

/// <summary>
/// Every layout of outputs that can be read. A new one is a file with its head and a row here; which row is for a network is decided
/// by names and shapes of its outputs, and exactly one must fit.
/// </summary>
internal static class LayoutTable
{
    /// <summary>Means and deviations of ImageNet's pictures, R, G, B; times 255 of 0.485, 0.456, 0.406 and 0.229, 0.224, 0.225.</summary>
    private static readonly InputConvention s_imageNet = new()
    {
        Mean = new Vector3(123.675f, 116.28f, 103.53f),
        Deviation = new Vector3(58.395f, 57.12f, 57.375f),
    };

    /// <summary>What two-stage networks were trained at: the short side 800 pixels, the long side at most 1333.</summary>
    private static readonly InputConvention s_anySize = new()
    {
        Fit = InputFit.KeepAspect,
        Padding = PadSide.BottomRight,
        PadLevel = null,
        ShortSide = 800,
        LongSide = 1333,
        IsSinglePicture = true,
    };

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
        LayoutRow.Of<PrototypeLayout>(
            "yolov5",
            "YOLOv5-seg or YOLOv7-seg: boxes with objectness to be suppressed, masks from prototypes",
            "predictions [batch, anchors, 5+classes+nm] and prototypes [batch, nm, height, width]",
            InputConvention.Yolo,
            ObjectnessPrototypes.Match,
            (layout, options) => new ObjectnessPrototypes(layout, options)
        ),
        LayoutRow.Of<PriorLayout>(
            "yolact",
            "YOLACT: offsets to priors to be suppressed, masks from prototypes",
            "loc [batch, priors, 4], conf [batch, priors, 1+classes], mask [batch, priors, nm], priors [priors, 4] and "
                + "proto [batch, height, width, nm]",
            new()
            {
                Fit = InputFit.Stretch,
                Mean = new Vector3(123.68f, 116.78f, 103.94f),
                Deviation = new Vector3(58.4f, 57.12f, 57.38f),
            },
            PriorPrototypes.Match,
            (layout, options) => new PriorPrototypes(layout, options)
        ),
        LayoutRow.Of<RegionLayout>(
            "mask-rcnn",
            "Mask R-CNN of torchvision: final boxes, masks over the box or the input",
            "boxes [N, 4], labels [N], scores [N] and masks [N, 1, height, width]",
            s_anySize with
            {
                ShortSide = null,
                LongSide = null,
                PadLevel = 0,
            }, // it scales in its graph
            signature => RegionObjects.Match(signature, RegionSource.Torchvision),
            (layout, options) => new RegionObjects(layout, options)
        ),
        LayoutRow.Of<RegionLayout>(
            "mask-rcnn-zoo",
            "Mask R-CNN of the ONNX model zoo (maskrcnn-benchmark): final boxes, masks over the box",
            "boxes [N, 4], labels [N], scores [N] and masks [N, 1, 28, 28] without names, for an input [3, height, width]",
            s_anySize with
            {
                Channels = ChannelOrder.Bgr,
                Mean = new Vector3(102.9801f, 115.9465f, 122.7717f),
                Deviation = Vector3.One,
                SideMultiple = 32,
            },
            signature => RegionObjects.Match(signature, RegionSource.ModelZoo),
            (layout, options) => new RegionObjects(layout, options)
        ),
        LayoutRow.Of<RegionLayout>(
            "detectron2",
            "Detectron2 (Mask R-CNN, Cascade, PointRend): final boxes, masks over the box",
            "pred_boxes [N, 4], pred_classes [N], pred_masks [N, 1, height, width] and scores [N]",
            s_anySize with
            {
                Channels = ChannelOrder.Bgr,
                Deviation = Vector3.One,
            },
            signature => RegionObjects.Match(signature, RegionSource.Detectron2),
            (layout, options) => new RegionObjects(layout, options)
        ),
        LayoutRow.Of<FullMaskLayout>(
            "mmdeploy",
            "MMDeploy (RTMDet-ins, SOLOv2, CondInst): final boxes, a mask over the input each",
            "dets [batch, N, 5], labels [batch, N] and masks [batch, N, height, width]",
            new()
            {
                Padding = PadSide.BottomRight,
                Channels = ChannelOrder.Bgr,
                Mean = new Vector3(103.53f, 116.28f, 123.675f),
                Deviation = new Vector3(57.375f, 57.12f, 58.395f),
            },
            FullMaskObjects.Match,
            (layout, options) => new FullMaskObjects(layout, options)
        ),
        LayoutRow.Of<QueryLayout>(
            "query",
            "queries (RF-DETR-seg): final boxes in no order, mask logits over the input each",
            "dets [batch, queries, 4], labels [batch, queries, classes+1] and masks [batch, queries, height, width]",
            s_imageNet with
            {
                Fit = InputFit.Stretch,
            },
            QueryObjects.Match,
            (layout, options) => new QueryObjects(layout, options)
        ),
        LayoutRow.Of<MaskQueryLayout>(
            "mask-queries",
            "mask queries (MaskFormer, Mask2Former): masks over the input with classes, boxes around the masks",
            "class_queries_logits [batch, queries, classes+1] and masks_queries_logits [batch, queries, height, width]",
            s_imageNet with
            {
                Fit = InputFit.Stretch,
            },
            MaskQueries.Match,
            (layout, options) => new MaskQueries(layout, options)
        ),
        LayoutRow.Of<ClassMapLayout>(
            "semantic",
            "semantic: a class for every pixel",
            "one output (or several alike without names), scores [batch, channels, height, width] or classes [batch, height, width]",
            s_imageNet with
            {
                Fit = InputFit.Stretch,
            },
            ClassMapLayout.Match,
            (layout, options) => new ClassMaps(layout, options)
        ),
        LayoutRow.Of<BoxLayout>(
            "boxes",
            "boxes without masks (YOLO detectors), to be refined",
            "where the job refines them, boxes [batch, 4+classes, anchors] or [batch, rows, 6]",
            InputConvention.Yolo,
            BoxLayout.Match,
            (layout, options) => new BoxesOnly(layout, options)
        ),
    ];
}
