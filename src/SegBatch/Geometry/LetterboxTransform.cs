namespace SegBatch.Geometry;

/// <summary>
/// How a source frame lies inside the network's input: scaled by one ratio, rounded to whole pixels, centred, padded.
/// An odd padding pixel goes right or bottom. All roundings are half to even.
/// </summary>
/// <param name="Source">Frame size, upright pixels.</param>
/// <param name="Input">Size of the network's input after padding.</param>
/// <param name="Resized">Size of the scaled picture inside the input.</param>
/// <param name="PadLeft">Columns of padding left of the picture.</param>
/// <param name="PadTop">Rows of padding above the picture.</param>
public readonly record struct LetterboxTransform(FrameSize Source, FrameSize Input, FrameSize Resized, int PadLeft, int PadTop)
{
    public int PadRight => Input.Width - Resized.Width - PadLeft;

    public int PadBottom => Input.Height - Resized.Height - PadTop;

    /// <summary>Resized width over source width. Differs a little from <see cref="GainY"/> because sizes are whole pixels.</summary>
    public double GainX => (double)Resized.Width / Source.Width;

    public double GainY => (double)Resized.Height / Source.Height;

    /// <summary>Letterboxes into exactly <paramref name="input"/> pixels.</summary>
    public static LetterboxTransform Square(FrameSize source, FrameSize input) => Create(source, input, minimumRectangle: false, stride: 1);

    /// <summary>Letterboxes into the smallest rectangle with sides that are multiples of <paramref name="stride"/> (on the padding: modulo).</summary>
    public static LetterboxTransform MinimumRectangle(FrameSize source, FrameSize input, int stride = 32) =>
        Create(source, input, minimumRectangle: true, stride);

    private static LetterboxTransform Create(FrameSize source, FrameSize input, bool minimumRectangle, int stride)
    {
        var ratio = Math.Min((double)input.Height / source.Height, (double)input.Width / source.Width);
        var resized = new FrameSize(
            Math.Max(1, (int)Math.Round(source.Width * ratio, MidpointRounding.ToEven)),
            Math.Max(1, (int)Math.Round(source.Height * ratio, MidpointRounding.ToEven))
        );
        var padX = input.Width - resized.Width;
        var padY = input.Height - resized.Height;
        if (minimumRectangle)
        {
            padX %= stride;
            padY %= stride;
        }

        return new(source, new FrameSize(resized.Width + padX, resized.Height + padY), resized, padX / 2, padY / 2);
    }

    /// <summary>
    /// A box in input pixels as a box in frame pixels, clipped to the frame. One gain per axis, arithmetic in single
    /// precision: what the reference's recordings show.
    /// </summary>
    public Box ToFrame(in Box boxInTensor)
    {
        var gainX = (float)GainX;
        var gainY = (float)GainY;
        return new Box(
            (boxInTensor.X1 - PadLeft) / gainX,
            (boxInTensor.Y1 - PadTop) / gainY,
            (boxInTensor.X2 - PadLeft) / gainX,
            (boxInTensor.Y2 - PadTop) / gainY
        ).ClipTo(Source);
    }
}
