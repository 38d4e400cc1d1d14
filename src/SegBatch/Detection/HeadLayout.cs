namespace SegBatch.Detection;

/// <summary>How a segmentation network lays out its outputs.</summary>
public enum HeadKind
{
    /// <summary>[B, 4+nc+nm, A] (or transposed): every anchor with its box, class scores and mask coefficients; suppression is owed.</summary>
    AnchorFree,

    /// <summary>[B, N, 6+nm]: final rows x1, y1, x2, y2, score, class, mask coefficients.</summary>
    EndToEnd,
}

/// <summary>What was recognised in a network's output shapes.</summary>
/// <param name="Classes">Number of classes; null where neither shapes nor names tell.</param>
/// <param name="Coefficients">Mask coefficients per object = number of prototypes (nm).</param>
/// <param name="Predictions">Which output holds the objects.</param>
/// <param name="Prototypes">Which output holds the prototypes [B, nm, mh, mw].</param>
/// <param name="Transposed">Anchor by anchor: [B, A, 4+nc+nm].</param>
/// <param name="Reason">Why this layout, in words for the log.</param>
public sealed record HeadLayout(
    HeadKind Kind,
    int? Classes,
    int Coefficients,
    int Predictions,
    int Prototypes,
    bool Transposed,
    string Reason
);
