namespace SegBatch.Geometry;

/// <summary>
/// How a source frame lies inside the network's input: scaled (by one ratio, or to the whole input), rounded to whole pixels, padded
/// (around it, or right and below). An odd padding pixel goes right or bottom. All roundings are half to even.
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

    /// <summary>Scaled by one ratio, up to whole pixels, with the same padding on both sides, up to an odd pixel: what the reference knows.</summary>
    public bool IsCentred
    {
        get
        {
            var ratio = Source.Width > Source.Height ? GainX : GainY; // of the long side, which rounding moves less
            return PadRight - PadLeft is 0 or 1
                && PadBottom - PadTop is 0 or 1
                && Math.Abs(Resized.Width - (ratio * Source.Width)) <= 1
                && Math.Abs(Resized.Height - (ratio * Source.Height)) <= 1;
        }
    }

    /// <summary>Letterboxes into exactly <paramref name="input"/> pixels.</summary>
    public static LetterboxTransform Square(FrameSize source, FrameSize input) => Create(source, input, minimumRectangle: false, stride: 1);

    /// <summary>Letterboxes into the smallest rectangle with sides that are multiples of <paramref name="stride"/> (on the padding: modulo).</summary>
    public static LetterboxTransform MinimumRectangle(FrameSize source, FrameSize input, int stride = 32) =>
        Create(source, input, minimumRectangle: true, stride);

    /// <summary>Scales each axis on its own, so that the frame fills the input.</summary>
    public static LetterboxTransform Stretch(FrameSize source, FrameSize input) => new(source, input, input, 0, 0);

    /// <summary>
    /// Scales by the largest ratio with which the short side is at most <paramref name="shortSide"/> and the long side at most
    /// <paramref name="longSide"/> pixels, and pads right and below to a multiple: the input has whatever size comes of it.
    /// </summary>
    /// <param name="enlarge">False: frames that are smaller keep their size.</param>
    /// <param name="multiple">Sides of the input are multiples of this.</param>
    public static LetterboxTransform KeepAspect(FrameSize source, int shortSide, int longSide, bool enlarge, int multiple)
    {
        var (least, most) = (Math.Min(source.Width, source.Height), Math.Max(source.Width, source.Height));
        var ratio = Math.Min((double)shortSide / least, (double)longSide / most);
        ratio = enlarge ? ratio : Math.Min(1, ratio);
        var resized = new FrameSize(
            Math.Max(1, (int)Math.Round(source.Width * ratio, MidpointRounding.ToEven)),
            Math.Max(1, (int)Math.Round(source.Height * ratio, MidpointRounding.ToEven))
        );
        return new(source, new FrameSize(Up(resized.Width), Up(resized.Height)), resized, 0, 0);

        int Up(int side) => (side + multiple - 1) / multiple * multiple;
    }

    /// <summary>The same with all padding right of and below the picture.</summary>
    public LetterboxTransform AtTopLeft() => this with { PadLeft = 0, PadTop = 0 };

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
    public Box ToFrame(in Box boxInTensor) => ToFrameUnclipped(boxInTensor).ClipTo(Source);

    /// <summary>The same where it leaves the frame: masks over a box lie over all of it.</summary>
    public Box ToFrameUnclipped(in Box boxInTensor)
    {
        var gainX = (float)GainX;
        var gainY = (float)GainY;
        return new Box(
            (boxInTensor.X1 - PadLeft) / gainX,
            (boxInTensor.Y1 - PadTop) / gainY,
            (boxInTensor.X2 - PadLeft) / gainX,
            (boxInTensor.Y2 - PadTop) / gainY
        );
    }
}
