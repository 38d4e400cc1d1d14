namespace SegBatch.Letterboxing;

public enum LetterboxShape
{
    /// <summary>Pad to the full input size. The only choice for exports with a fixed input.</summary>
    Square,

    /// <summary>Pad only to the next multiple of the stride ("minimum rectangle"): fewer pixels to compute.</summary>
    Rect,
}

/// <summary>How frames become the network's input.</summary>
public sealed record LetterboxOptions
{
    /// <summary>[height, width] in pixels, rounded up to the model's stride; null takes the model's own.</summary>
    public (int Height, int Width)? ImgSz { get; init; }

    /// <summary>Null: <see cref="LetterboxShape.Rect"/> where the export's height and width are dynamic, else square.</summary>
    public LetterboxShape? Letterbox { get; init; }

    /// <summary>
    /// Letterbox RGB that libswscale made as for OpenCV, every matrix taken for BT.601, instead of YUV in one pass by its own matrix.
    /// Both resize alike.
    /// </summary>
    public bool Reference { get; init; }
}
