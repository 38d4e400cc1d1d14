namespace SegBatch.Detection;

/// <summary>
/// Greedy suppression: best score first (ties: lower anchor first), a box falls when its IoU with a kept one is above the threshold.
/// Classes are told apart exactly, not by an offset on the coordinates: the offset rounds boxes of high classes to 1/16 pixel.
/// </summary>
internal static class NonMaxSuppression
{
    /// <summary>More candidates than this are not looked at, the worst ones first.</summary>
    public const int MaxCandidates = 30_000;

    /// <param name="candidates">After score threshold and class filter.</param>
    /// <param name="anchors">Where the candidates' boxes are read from, only as long as boxes are wanted.</param>
    /// <param name="kept">Receives the boxes in input pixels, best first; cleared first.</param>
    public static void Run<TAnchors>(Candidates candidates, in TAnchors anchors, DetectionOptions options, KeptBoxes kept)
        where TAnchors : IAnchors, allows ref struct
    {
        kept.Clear();
        foreach (var key in candidates.Order(MaxCandidates))
        {
            if (kept.Count >= options.MaxDet)
            {
                return;
            }

            var index = (int)(uint)key;
            var (anchor, classId, _) = candidates[index];
            var box = anchors.BoxInTensor(anchor);
            var group = options.AgnosticNms ? 0 : classId;

            // A network that overflows yields infinite boxes: no place, no mask.
            if (float.IsFinite(box.X1 + box.Y1 + box.X2 + box.Y2) && !kept.Suppress(box, group, options.Iou))
            {
                kept.Add(index, box, group);
            }
        }
    }
}
