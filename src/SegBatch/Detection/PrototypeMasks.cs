using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Masks of objects from prototypes and coefficients, straight to run lengths. A pixel is set where it lies in the box and its
/// bilinearly sampled logit is above 0. No mask is ever drawn: along an output column the logit is linear between grid cells, so each
/// change lies at a closed-form position between two cells of opposite sign; the pixels on both sides of it are evaluated,
/// so the result is that of evaluating every pixel. Safe for concurrent use.
/// </summary>
public sealed class PrototypeMasks(MaskMode mode)
{
    private readonly SamplingTables _samplings = new(mode);

    /// <summary>Appends the mask of one object to <paramref name="runs"/>; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="coefficients">nm mask coefficients of the object.</param>
    /// <param name="prototypes">nm prototype maps, each row-major of <paramref name="prototypeSize"/>.</param>
    /// <param name="letterbox">How the frame lies in the network's input.</param>
    /// <param name="box">In frame pixels; pixel i is inside when X1 &lt;= i &lt; X2.</param>
    public bool TryAppend(
        ReadOnlySpan<float> coefficients,
        ReadOnlySpan<float> prototypes,
        FrameSize prototypeSize,
        in LetterboxTransform letterbox,
        in Box box,
        RunBuffer runs,
        out RleMask mask
    )
    {
        mask = default;
        if (!TryPlace(letterbox, prototypeSize, box, out var pixels, out var sampling))
        {
            return false;
        }

        var tracer = MaskTracer.OfThread;
        tracer.Patch.Compute(coefficients, prototypes, prototypeSize, sampling, MaskTracer.CellsOf(pixels, sampling));
        return tracer.TryTrace(sampling, letterbox.Source, pixels, runs, out mask);
    }

    /// <summary>
    /// Appends the mask of one object whose logits were computed elsewhere; false, and nothing appended, when it has no pixel.
    /// </summary>
    /// <param name="logits">Coefficients times prototypes on the window of <see cref="TryWindow"/>, row-major.</param>
    internal bool TryAppend(
        ReadOnlySpan<float> logits,
        FrameSize prototypeSize,
        in LetterboxTransform letterbox,
        in Box box,
        RunBuffer runs,
        out RleMask mask
    )
    {
        mask = default;
        if (!TryPlace(letterbox, prototypeSize, box, out var pixels, out var sampling))
        {
            return false;
        }

        var tracer = MaskTracer.OfThread;
        tracer.Patch.Take(logits, prototypeSize, sampling, MaskTracer.CellsOf(pixels, sampling));
        return tracer.TryTrace(sampling, letterbox.Source, pixels, runs, out mask);
    }

    /// <summary>The prototype cells that the mask of a box depends on; false for a box without a pixel.</summary>
    /// <param name="box">In frame pixels.</param>
    internal bool TryWindow(in LetterboxTransform letterbox, FrameSize prototypeSize, in Box box, out MapWindow window)
    {
        window = default;
        if (!TryPlace(letterbox, prototypeSize, box, out var pixels, out var sampling))
        {
            return false;
        }

        window = LogitPatch.Window(prototypeSize, sampling, MaskTracer.CellsOf(pixels, sampling));
        return true;
    }

    /// <summary>The pixels [Left, Right) × [Top, Bottom) whose index lies in a box, and how they sample the map; false where there is none.</summary>
    private bool TryPlace(
        in LetterboxTransform letterbox,
        FrameSize prototypeSize,
        in Box box,
        out (int Left, int Top, int Right, int Bottom) pixels,
        out PrototypeSampling sampling
    )
    {
        var frame = letterbox.Source;
        pixels = (
            (int)Math.Max(0f, MathF.Ceiling(box.X1)),
            (int)Math.Max(0f, MathF.Ceiling(box.Y1)),
            (int)Math.Min(frame.Width, MathF.Ceiling(box.X2)),
            (int)Math.Min(frame.Height, MathF.Ceiling(box.Y2))
        );
        sampling = _samplings.For(letterbox, prototypeSize);
        return pixels.Left < pixels.Right && pixels.Top < pixels.Bottom && box.X1 < box.X2 && box.Y1 < box.Y2;
    }
}
