using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// How the pixels of a frame sample the prototype map, along both axes. Where the map is enlarged first, the frame samples the
/// enlarged grid and <see cref="EnlargeX"/>, <see cref="EnlargeY"/> say how that grid samples the map.
/// </summary>
internal sealed class PrototypeSampling
{
    public PrototypeSampling(AxisSampling x, AxisSampling y)
    {
        X = x;
        Y = y;
    }

    public AxisSampling X { get; }

    public AxisSampling Y { get; }

    public AxisSampling? EnlargeX { get; private init; }

    public AxisSampling? EnlargeY { get; private init; }

    public static PrototypeSampling Create(in LetterboxTransform letterbox, FrameSize prototypes, MaskMode mode) =>
        mode == MaskMode.Reference && letterbox.IsCentred
            ? Reference(letterbox.Source, letterbox.Input, prototypes)
            : Exact(letterbox, prototypes);

    private static PrototypeSampling Exact(in LetterboxTransform letterbox, FrameSize prototypes) =>
        new(
            AxisSampling.Letterbox(letterbox.Source.Width, letterbox.GainX, letterbox.PadLeft, letterbox.Input.Width, prototypes.Width),
            AxisSampling.Letterbox(letterbox.Source.Height, letterbox.GainY, letterbox.PadTop, letterbox.Input.Height, prototypes.Height)
        );

    /// <summary>
    /// The reference's native masks: the map is enlarged by 1, 2 or 4 until the letterbox's padding is a whole number of cells,
    /// the padding is cut off, the rest is resized straight to the frame.
    /// </summary>
    private static PrototypeSampling Reference(FrameSize source, FrameSize input, FrameSize prototypes)
    {
        var (padX, padY) = Padding(source, input);
        var factor = 1;
        while (
            factor < 4
            && !(IsWhole(padX, prototypes.Width * factor, input.Width) && IsWhole(padY, prototypes.Height * factor, input.Height))
        )
        {
            factor *= 2;
        }

        var grid = new FrameSize(prototypes.Width * factor, prototypes.Height * factor);
        (padX, padY) = Padding(source, grid);
        return new PrototypeSampling(
            AxisSampling.Resize(Before(padX), grid.Width - After(padX), source.Width),
            AxisSampling.Resize(Before(padY), grid.Height - After(padY), source.Height)
        )
        {
            EnlargeX = factor > 1 ? AxisSampling.Resize(0, prototypes.Width, grid.Width) : null,
            EnlargeY = factor > 1 ? AxisSampling.Resize(0, prototypes.Height, grid.Height) : null,
        };
    }

    private static (int X, int Y) Padding(FrameSize source, FrameSize padded)
    {
        var gain = Math.Min((double)padded.Height / source.Height, (double)padded.Width / source.Width);
        return (padded.Width - Scaled(source.Width, gain, padded.Width), padded.Height - Scaled(source.Height, gain, padded.Height));

        // At least one cell, else a very long and thin frame would have no content to sample.
        static int Scaled(int side, double gain, int limit) => Math.Clamp((int)Math.Round(side * gain, MidpointRounding.ToEven), 1, limit);
    }

    private static bool IsWhole(int pad, int cells, int inputPixels) =>
        (long)(pad / 2) * cells % inputPixels == 0 && (long)(pad - (pad / 2)) * cells % inputPixels == 0;

    private static int Before(int pad) => (int)Math.Round((pad / 2.0) - 0.1, MidpointRounding.ToEven);

    private static int After(int pad) => (int)Math.Round((pad / 2.0) + 0.1, MidpointRounding.ToEven);
}
