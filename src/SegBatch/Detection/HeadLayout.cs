namespace SegBatch.Detection;

/// <summary>What was recognised in a network's outputs; each layout adds where it finds its parts.</summary>
/// <param name="Classes">Number of classes; null where neither shapes nor names tell.</param>
/// <param name="Reason">Why this layout, in words for the log.</param>
public abstract record HeadLayout(int? Classes, string Reason)
{
    /// <summary>Name in the table of layouts, as manifests write it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the layout is and what comes out, in words.</summary>
    public string Title { get; init; } = "";
}

/// <summary>How a network of the YOLO family lays out its objects.</summary>
public enum HeadKind
{
    /// <summary>[B, 4+nc+nm, A] (or transposed): every anchor with its box, class scores and mask coefficients; suppression is owed.</summary>
    AnchorFree,

    /// <summary>[B, N, 6+nm]: final rows x1, y1, x2, y2, score, class, mask coefficients.</summary>
    EndToEnd,

    /// <summary>[B, A, 5+nc+nm]: every anchor with its box, objectness, class scores and mask coefficients; suppression is owed.</summary>
    Objectness,
}

/// <summary>Objects and prototypes in two outputs.</summary>
/// <param name="Coefficients">Mask coefficients per object = number of prototypes (nm).</param>
/// <param name="Predictions">Which output holds the objects.</param>
/// <param name="Prototypes">Which output holds the prototypes [B, nm, mh, mw].</param>
/// <param name="Transposed">Anchor by anchor: [B, A, 4+nc+nm].</param>
public sealed record PrototypeLayout(
    HeadKind Kind,
    int? Classes,
    int Coefficients,
    int Predictions,
    int Prototypes,
    bool Transposed,
    string Reason
) : HeadLayout(Classes, Reason);
