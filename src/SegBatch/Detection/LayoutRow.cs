using SegBatch.Letterboxing;

namespace SegBatch.Detection;

/// <summary>What a layout says to a network: it fits, or why not.</summary>
/// <param name="Layout">What was recognised; null: not this layout.</param>
/// <param name="WhyNot">What was expected and what was found.</param>
/// <param name="IsNear">It is this layout but for a detail that is named: nothing else should be guessed from the outputs.</param>
internal readonly record struct LayoutMatch(HeadLayout? Layout, string WhyNot, bool IsNear)
{
    public static LayoutMatch Fits(HeadLayout layout) => new(layout, "", false);

    public static LayoutMatch No(string whyNot) => new(null, whyNot, false);

    public static LayoutMatch Near(string whyNot) => new(null, whyNot, true);
}

/// <summary>One layout of outputs: a row of <see cref="LayoutTable"/>.</summary>
/// <param name="Name">As manifests write it.</param>
/// <param name="Title">What it is and what comes out, in words.</param>
/// <param name="Outputs">The outputs it is recognised by, in words.</param>
/// <param name="Input">How networks of this layout are fed; the export does not say it.</param>
/// <param name="Match">Whether a network has this layout.</param>
/// <param name="Head">Makes the head for what <paramref name="Match"/> gave.</param>
internal sealed record LayoutRow(
    string Name,
    string Title,
    string Outputs,
    InputConvention Input,
    Func<ModelSignature, LayoutMatch> Match,
    Func<HeadLayout, DetectionOptions, IDetectionHead> Head
)
{
    /// <summary>The same with the layout's own type.</summary>
    public static LayoutRow Of<TLayout>(
        string name,
        string title,
        string outputs,
        InputConvention input,
        Func<ModelSignature, LayoutMatch> match,
        Func<TLayout, DetectionOptions, IDetectionHead> head
    )
        where TLayout : HeadLayout => new(name, title, outputs, input, match, (layout, options) => head((TLayout)layout, options));
}
