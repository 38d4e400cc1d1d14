namespace SegBatch.Detection;

/// <summary>
/// Bilinear sampling along one axis: which two neighbouring grid cells a pixel lies between, and how far. Linear between
/// grid cells, so a sign change of the sampled values lies at a closed-form pixel (<see cref="PixelAt"/>).
/// </summary>
internal sealed class AxisSampling
{
    private float _pixelsPerCell;
    private float _firstPixelCenter;

    /// <summary>One that <see cref="Place"/> fills.</summary>
    public AxisSampling() => (Index, Weight, FirstPixel) = ([], [], []);

    /// <param name="last">Last cell of the grid; the cell after it repeats it.</param>
    /// <param name="cellsPerPixel">Distance of two pixels on the grid.</param>
    /// <param name="origin">Where the centre of pixel 0 lies on the grid, before clamping.</param>
    private AxisSampling(int[] index, float[] weight, int last, double cellsPerPixel, double origin)
    {
        Index = index;
        Weight = weight;
        Last = last;
        FirstPixel = new int[last + 2];
        var pixel = 0;
        for (var cell = 0; cell < FirstPixel.Length; cell++)
        {
            while (pixel < index.Length && index[pixel] < cell)
            {
                pixel++;
            }

            FirstPixel[cell] = pixel;
        }

        _pixelsPerCell = (float)(1 / cellsPerPixel);
        _firstPixelCenter = (float)(-origin / cellsPerPixel);
    }

    /// <summary>Per pixel: the cell at or before it.</summary>
    public int[] Index { get; private set; }

    /// <summary>Per pixel: share of the next cell, 0 to below 1.</summary>
    public float[] Weight { get; private set; }

    /// <summary>Per cell: first pixel whose <see cref="Index"/> is not before it; the number of pixels where there is none.</summary>
    public int[] FirstPixel { get; private set; }

    public int Last { get; private set; }

    /// <summary>
    /// Resize of the cells [first, end) to a number of pixels, half-pixel centres, edges repeated. Single precision in the
    /// order of operations of the reference's resize: source = scale * (pixel + 0.5) - 0.5.
    /// </summary>
    public static AxisSampling Resize(int first, int end, int pixels)
    {
        var cells = end - first;
        var scale = (float)cells / pixels;
        var index = new int[pixels];
        var weight = new float[pixels];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var position = Math.Max(0f, (scale * (pixel + 0.5f)) - 0.5f);
            var cell = Math.Min((int)position, cells - 1);
            index[pixel] = first + cell;
            weight[pixel] = cell == cells - 1 ? 0f : position - cell;
        }

        return new AxisSampling(index, weight, end - 1, scale, first + (scale * 0.5) - 0.5);
    }

    /// <summary>
    /// The true map of the letterbox: frame pixel, scaled picture, padded input, prototype cell. Centres on centres, edges repeated.
    /// </summary>
    /// <param name="pixels">Frame pixels along the axis.</param>
    /// <param name="gain">Input pixels per frame pixel.</param>
    /// <param name="pad">Input pixels before the picture.</param>
    /// <param name="inputPixels">Input pixels along the axis.</param>
    /// <param name="cells">Prototype cells along the axis.</param>
    public static AxisSampling Letterbox(int pixels, double gain, int pad, int inputPixels, int cells)
    {
        var cellsPerInputPixel = (double)cells / inputPixels;
        var index = new int[pixels];
        var weight = new float[pixels];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var position = Math.Clamp(((((pixel + 0.5) * gain) + pad) * cellsPerInputPixel) - 0.5, 0, cells - 1);
            var cell = (int)position;
            index[pixel] = cell;
            weight[pixel] = (float)(position - cell);
        }

        return new AxisSampling(index, weight, cells - 1, gain * cellsPerInputPixel, (((0.5 * gain) + pad) * cellsPerInputPixel) - 0.5);
    }

    /// <summary>
    /// Lays a grid of cells over a stretch of the axis, with one more cell before and behind it that only count as the neighbours of the
    /// outermost pixels. Reuses the memory; only the pixels of the range are filled.
    /// </summary>
    /// <param name="begin">Where the first of the cells begins, in pixels.</param>
    /// <param name="length">Pixels of all cells together.</param>
    /// <param name="cells">Cells, without the two more.</param>
    /// <param name="first">First pixel of the range.</param>
    /// <param name="end">Behind the last pixel of the range.</param>
    public void Place(double begin, double length, int cells, int first, int end)
    {
        if (Index.Length < end)
        {
            (Index, Weight) = (new int[Math.Max(end, 2 * Index.Length)], new float[Math.Max(end, 2 * Index.Length)]);
        }

        Last = cells + 1;
        if (FirstPixel.Length < Last + 2)
        {
            FirstPixel = new int[Last + 2];
        }

        var cellsPerPixel = cells / length;
        var filled = 0;
        for (var pixel = first; pixel < end; pixel++)
        {
            // Centres on centres; 1 for the cell before the first.
            var position = Math.Clamp(((pixel + 0.5 - begin) * cellsPerPixel) + 0.5, 0, Last);
            var cell = (int)position;
            Index[pixel] = cell;
            Weight[pixel] = (float)(position - cell);
            for (; filled <= cell; filled++)
            {
                FirstPixel[filled] = pixel;
            }
        }

        FirstPixel.AsSpan(filled, Last + 2 - filled).Fill(end);
        _pixelsPerCell = (float)(1 / cellsPerPixel);
        _firstPixelCenter = (float)(-(((0.5 - begin) * cellsPerPixel) + 0.5) / cellsPerPixel);
    }

    /// <summary>About the first pixel at or after a position on the grid; may be off by one, or outside the axis.</summary>
    public int PixelAt(float position) => (int)MathF.Ceiling((position * _pixelsPerCell) + _firstPixelCenter);
}
