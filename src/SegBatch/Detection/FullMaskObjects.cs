using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Where the parts of MMDeploy's instance segmentation are.</summary>
/// <param name="Rows">[B, N, 5]: x1, y1, x2, y2 in input pixels, score.</param>
/// <param name="LabelOutput">[B, N], whole numbers.</param>
/// <param name="Masks">[B, N, h, w]: probabilities over the input, or over the box where they are that small.</param>
internal sealed record FullMaskLayout(int? Classes, int Rows, int LabelOutput, int Masks, LabelMap Labels, string Reason)
    : HeadLayout(Classes, Reason),
        ILabelled;

/// <summary>
/// Head of what MMDeploy exports: SOLOv2, RTMDet-ins, CondInst, Mask R-CNN. Rows are final; the last one may be all zero, and there may be
/// one mask fewer than rows. A pixel is set above 0.5; masks over the input are not cut to the box.
/// </summary>
internal sealed class FullMaskObjects(FullMaskLayout layout, DetectionOptions options) : IDetectionHead
{
    private const float Half = 0.5f;
    private const int RowValues = 5;

    /// <summary>No network gives masks over its input that are this much smaller; masks over boxes are 28×28.</summary>
    private const int MostReduction = 8;

    private readonly FinalObjects _objects = new(options, layout.Labels, layout.Classes);
    private readonly RegionMasks _overBox = new(Half);
    private readonly GridMasks _overInput = new(Half);

    public static LayoutMatch Match(ModelSignature signature)
    {
        var rows = signature.Only(output => output.Shape is [_, _, RowValues]);
        var masks = signature.Only(output => output.Shape.Length == 4);
        var labels = signature.Only(output => output.Shape.Length == 2);
        if (rows < 0 || masks < 0 || labels < 0 || signature.Outputs.Count != 3)
        {
            return LayoutMatch.No("that has dets [batch, N, 5], labels [batch, N] and masks [batch, N, height, width]");
        }

        var map = new LabelMap(signature.Labels ?? LabelNumbers.FromZero);
        return LayoutMatch.Fits(
            new FullMaskLayout(
                map.Classes(signature.ClassCount),
                rows,
                labels,
                masks,
                map,
                $"rows of a box and a score, {map}, a mask each {ModelSignature.Text(signature.Outputs[masks].Shape)}"
            )
        );
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var dets = FinalObjects.Expect(outputs, layout.Rows, "dets [batch, N, 5]", shape => shape is [_, _, RowValues]);
        var count = dets.Shape[1];
        var labels = FinalObjects.Expect(
            outputs,
            layout.LabelOutput,
            $"labels [batch, {count}]",
            shape => shape is [_, var n] && n == count
        );
        var masks = FinalObjects.Expect(
            outputs,
            layout.Masks,
            $"masks [batch, {count} or one fewer, height, width]",
            shape => shape is [_, var n, _, _] && (n == count || n == count - 1)
        );
        var values = dets.Of(batchIndex);
        var rows = FinalObjects.NoRows();
        for (var row = 0; row < Math.Min(count, masks.Shape[1]); row++)
        {
            _objects.Offer(rows, row, labels.Of(batchIndex)[row], values[(row * RowValues) + 4]);
        }

        var size = new FrameSize(masks.Shape[3], masks.Shape[2]);
        var isOverBox = size.Width * MostReduction <= letterbox.Input.Width || size.Height * MostReduction <= letterbox.Input.Height;
        var maps = masks.Of(batchIndex);
        foreach (var key in _objects.Best(rows))
        {
            var (row, classId, score) = rows[(int)(uint)key];
            var corners = values.Slice(RowValues * row, 4);
            var boxInTensor = new Box(corners[0], corners[1], corners[2], corners[3]);
            if (!FinalObjects.IsFinite(boxInTensor))
            {
                continue;
            }

            var map = maps.Slice(row * (int)size.Area, (int)size.Area);
            var found = isOverBox
                ? _overBox.TryAppend(map, size, letterbox.ToFrameUnclipped(boxInTensor), letterbox.Source, detections.Runs, out var mask)
                : _overInput.TryAppend(map, size, letterbox, detections.Runs, out mask);
            if (found)
            {
                var box = IsWhole(boxInTensor, letterbox.Input) ? mask.Bounds : FinalObjects.BoxOf(boxInTensor, letterbox, mask);
                detections.Items.Add(new DetectedObject(box, score, classId, mask));
            }
        }
    }

    /// <summary>
    /// SOLO and SOLOv2 find no boxes: MMDeploy fills their places with zeros, or with the whole input
    /// (mmdeploy/codebase/mmdet/models/dense_heads/solov2_head.py of https://github.com/open-mmlab/mmdeploy).
    /// </summary>
    private static bool IsWhole(in Box boxInTensor, FrameSize input) => boxInTensor == new Box(0, 0, input.Width, input.Height);
}
