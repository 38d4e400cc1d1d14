using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Where YOLACT's parts are.</summary>
/// <param name="Coefficients">Mask coefficients per prior = number of prototypes (nm).</param>
internal sealed record PriorLayout(
    int? Classes,
    int Coefficients,
    int Offsets,
    int Scores,
    int Masks,
    int Priors,
    int Prototypes,
    string Reason
) : HeadLayout(Classes, Reason);

/// <summary>
/// Head of YOLACT (https://arxiv.org/abs/1904.02689): loc [B, A, 4] offsets to priors [A, 4] (cx, cy, w, h, 0 to 1 of the input), conf
/// [B, A, 1+nc] softmax with the background first, mask [B, A, nm] coefficients, proto [B, mh, mw, nm] with the maps last. Boxes as in SSD:
/// centre = prior centre + 0.1 offset × prior size, size = prior size × exp(0.2 offset). Suppression is owed.
/// </summary>
internal sealed class PriorPrototypes(PriorLayout layout, DetectionOptions options) : IDetectionHead
{
    [ThreadStatic]
    private static float[]? t_maps;

    // The reference's native masks are those of letterboxed inputs; here inputs are stretched.
    private readonly AnchorObjects _objects = new(options with { Masks = MaskMode.Exact }, layout.Classes!.Value, layout.Coefficients);

    public static LayoutMatch Match(ModelSignature signature)
    {
        var priors = signature.Only(output => output.Shape is [_, 4]);
        var prototypes = signature.Only(output => output.Shape.Length == 4);
        var offsets = signature.Only(output => output.Shape is [_, _, 4] && output.Name is not ("conf" or "mask"));
        if (priors < 0 || prototypes < 0 || offsets < 0 || signature.Outputs.Count != 5)
        {
            return LayoutMatch.No("that has loc [batch, priors, 4], conf, mask, priors [priors, 4] and proto [batch, height, width, nm]");
        }

        var nm = signature.Outputs[prototypes].Shape[3];
        var named = (Scores: signature.Named("conf"), Masks: signature.Named("mask"));
        var masks = named.Masks >= 0 ? named.Masks : signature.Only(output => output.Shape is [_, _, var last] && last == nm);
        var scores = named.Scores >= 0 ? named.Scores : Rest(signature, priors, prototypes, offsets, masks);
        if (
            masks < 0
            || scores < 0
            || signature.Outputs[masks].Shape is not [_, _, var coefficients]
            || coefficients != nm
            || signature.Outputs[scores].Shape is not [_, _, > 1 and var columns]
        )
        {
            return LayoutMatch.Near(
                $"expected coefficients 'mask' [batch, priors, {nm}] and scores 'conf' [batch, priors, 1+classes], got {signature.Words()}"
            );
        }

        return signature.ClassCount is { } count && count != columns - 1
            ? LayoutMatch.Near(
                $"expected 1+{count} scores a prior ({count} class names), got {columns}, which are {columns - 1} classes: correct the names"
            )
            : LayoutMatch.Fits(
                new PriorLayout(
                    columns - 1,
                    nm,
                    offsets,
                    scores,
                    masks,
                    priors,
                    prototypes,
                    $"priors, background and {columns - 1} classes, {nm} coefficients, prototypes with the maps last"
                )
            );
    }

    private static int Rest(ModelSignature signature, params int[] others) =>
        others.Contains(-1)
            ? -1
            : Enumerable
                .Range(0, signature.Outputs.Count)
                .Where(i => !others.Contains(i) && signature.Outputs[i].Shape.Length == 3)
                .DefaultIfEmpty(-1)
                .First();

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var columns = layout.Classes!.Value + 1;
        var scores = FinalObjects.ExpectColumns(outputs, layout.Scores, "scores [batch, priors", columns);
        var count = scores.Shape[1];
        var candidates = AnchorObjects.NoCandidates();
        CandidateScan.ByAnchor(
            scores.Of(batchIndex)[1..], // behind the background
            columns - 1,
            count,
            columns,
            options.Conf,
            _objects.Wanted,
            candidates
        );
        if (candidates.Count == 0)
        {
            return;
        }

        var priors = FinalObjects.Expect(outputs, layout.Priors, $"priors [{count}, 4]", shape => shape is [var n, 4] && n == count);
        var prototypes = FinalObjects.Expect(
            outputs,
            layout.Prototypes,
            $"prototypes [batch, height, width, {layout.Coefficients}]",
            shape => shape is [_, > 0, > 0, var last] && last == layout.Coefficients
        );
        var offsets = FinalObjects.Expect(
            outputs,
            layout.Offsets,
            $"loc [batch, {count}, 4]",
            shape => shape is [_, var n, 4] && n == count
        );
        var coefficients = FinalObjects.Expect(
            outputs,
            layout.Masks,
            $"mask [batch, {count}, {layout.Coefficients}]",
            shape => shape is [_, var n, var last] && n == count && last == layout.Coefficients
        );
        var size = new FrameSize(prototypes.Shape[2], prototypes.Shape[1]);
        var maps = Planes(prototypes.Of(batchIndex), (int)size.Area, layout.Coefficients);
        var rows = new PriorRows(
            priors.Values.Span,
            offsets.Of(batchIndex),
            coefficients.Of(batchIndex),
            layout.Coefficients,
            letterbox.Input
        );
        _objects.Collect(candidates, rows, new PrototypeTensor(maps, size), letterbox, detections);
    }

    /// <summary>Maps one after the other, from maps that lie value by value; in memory of the thread.</summary>
    private static ReadOnlySpan<float> Planes(ReadOnlySpan<float> values, int cells, int maps)
    {
        if (t_maps is null || t_maps.Length < values.Length)
        {
            t_maps = new float[values.Length];
        }

        var planes = t_maps.AsSpan(0, values.Length);
        for (var map = 0; map < maps; map++)
        {
            var plane = planes.Slice(map * cells, cells);
            for (var cell = 0; cell < cells; cell++)
            {
                plane[cell] = values[(cell * maps) + map];
            }
        }

        return planes;
    }
}
