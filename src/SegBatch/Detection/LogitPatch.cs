using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// The mask logits of one object on the grid cells under its box: coefficients times prototypes, or part of a map. Stored column by
/// column so that the resampling of an output column reads neighbouring memory. Reused from object to object.
/// </summary>
internal sealed class LogitPatch
{
    private const int Lanes = 8;

    private float[] _rows = [];
    private float[] _enlargedRows = [];
    private float[] _columns = [];
    private float[] _enlargedColumns = [];
    private float[] _values = [];

    /// <summary>Logits, column c at [c * <see cref="Stride"/>, + <see cref="Rows"/>); readable to a multiple of 8 rows.</summary>
    public ReadOnlySpan<float> Values => _values;

    public int Rows { get; private set; }

    public int Stride { get; private set; }

    /// <summary>Computes the logits of grid cells. A cell behind the last one repeats it.</summary>
    /// <param name="prototypes">nm maps of the given size, row-major.</param>
    /// <param name="cells">On the grid, which is the map or its enlargement.</param>
    public void Compute(
        ReadOnlySpan<float> coefficients,
        ReadOnlySpan<float> prototypes,
        FrameSize size,
        PrototypeSampling sampling,
        MapWindow cells
    )
    {
        var map = Window(size, sampling, cells);

        // Whole vectors where the map is wide enough: start on a multiple of the vector length.
        var aligned = map.Column & -Lanes;
        var skipped = map.Column - aligned;
        var width = Math.Min(RoundUp(skipped + map.Width), size.Width - aligned);
        var pitch = RoundUp(width);
        Reserve(ref _rows, (map.Height * pitch) + Lanes);
        PrototypeProduct.Multiply(coefficients, prototypes, size, map with { Column = aligned, Width = width }, _rows, pitch);
        Resample(map, skipped, pitch, sampling, cells);
    }

    /// <summary>Takes logits that were computed elsewhere.</summary>
    /// <param name="logits">Row-major, on the <see cref="Window"/> of the same cells.</param>
    /// <inheritdoc cref="Compute" path="/param"/>
    public void Take(ReadOnlySpan<float> logits, FrameSize size, PrototypeSampling sampling, MapWindow cells)
    {
        var map = Window(size, sampling, cells);
        var pitch = RoundUp(map.Width);
        Reserve(ref _rows, (map.Height * pitch) + Lanes);
        for (var row = 0; row < map.Height; row++)
        {
            logits.Slice(row * map.Width, map.Width).CopyTo(_rows.AsSpan(row * pitch));
        }

        Resample(map, 0, pitch, sampling, cells);
    }

    /// <summary>Takes the part under some cells of a whole map, less a threshold: above 0 is then what is above the threshold.</summary>
    /// <param name="map">Row-major of <paramref name="size"/>.</param>
    /// <inheritdoc cref="Compute" path="/param"/>
    public void TakeFrom(ReadOnlySpan<float> map, FrameSize size, float threshold, PrototypeSampling sampling, MapWindow cells)
    {
        var window = Window(size, sampling, cells);
        var pitch = RoundUp(window.Width);
        Reserve(ref _rows, (window.Height * pitch) + Lanes);
        var lanes = Vector256.Create(threshold);
        for (var row = 0; row < window.Height; row++)
        {
            var from = map.Slice(((window.Row + row) * size.Width) + window.Column, window.Width);
            var to = _rows.AsSpan(row * pitch, window.Width);
            var x = 0;
            for (; x <= from.Length - Lanes; x += Lanes)
            {
                (Vector256.Create(from[x..]) - lanes).CopyTo(to[x..]);
            }

            for (; x < from.Length; x++)
            {
                to[x] = from[x] - threshold;
            }
        }

        Resample(window, 0, pitch, sampling, cells);
    }

    /// <summary>The part of the map, before any enlargement, that grid cells depend on.</summary>
    public static MapWindow Window(FrameSize size, PrototypeSampling sampling, MapWindow cells)
    {
        var column = sampling.EnlargeX?.Index[cells.Column] ?? cells.Column;
        var row = sampling.EnlargeY?.Index[cells.Row] ?? cells.Row;
        var lastColumn = LastColumn(sampling, cells);
        var lastRow = LastRow(sampling, cells);
        return new(
            column,
            row,
            Math.Min((sampling.EnlargeX?.Index[lastColumn] + 1) ?? lastColumn, size.Width - 1) - column + 1,
            Math.Min((sampling.EnlargeY?.Index[lastRow] + 1) ?? lastRow, size.Height - 1) - row + 1
        );
    }

    /// <summary>From the rows of the map to the columns of the grid.</summary>
    private void Resample(MapWindow map, int skipped, int pitch, PrototypeSampling sampling, MapWindow cells)
    {
        var source = _rows;
        var sourceRows = map.Height;
        if (sampling.EnlargeY is { } enlargeY)
        {
            sourceRows = LastRow(sampling, cells) - cells.Row + 1;
            Reserve(ref _enlargedRows, (sourceRows * pitch) + Lanes);
            Lerp(_rows, pitch, map.Row, map.Height, enlargeY, cells.Row, sourceRows, pitch, _enlargedRows);
            source = _enlargedRows;
        }

        Rows = cells.Height;
        Stride = RoundUp(cells.Height);
        Reserve(ref _columns, Math.Max(cells.Width, map.Width) * Stride);
        Transpose(source, pitch, skipped, sourceRows, map.Width, _columns);
        _values = _columns;
        var filled = map.Width;
        if (sampling.EnlargeX is { } enlargeX)
        {
            filled = LastColumn(sampling, cells) - cells.Column + 1;
            Reserve(ref _enlargedColumns, cells.Width * Stride);
            Lerp(_columns, Stride, map.Column, map.Width, enlargeX, cells.Column, filled, Stride, _enlargedColumns);
            _values = _enlargedColumns;
        }

        if (filled < cells.Width)
        {
            _values.AsSpan((filled - 1) * Stride, Stride).CopyTo(_values.AsSpan(filled * Stride));
        }
    }

    private static int LastColumn(PrototypeSampling sampling, MapWindow cells) => Math.Min(cells.Column + cells.Width - 1, sampling.X.Last);

    private static int LastRow(PrototypeSampling sampling, MapWindow cells) => Math.Min(cells.Row + cells.Height - 1, sampling.Y.Last);

    /// <summary>Lines of the enlarged grid as blends of two lines of the map.</summary>
    private static void Lerp(
        float[] lines,
        int pitch,
        int firstLine,
        int lineCount,
        AxisSampling enlarge,
        int first,
        int count,
        int length,
        float[] result
    )
    {
        for (var i = 0; i < count; i++)
        {
            var near = enlarge.Index[first + i] - firstLine;
            var far = Math.Min(near + 1, lineCount - 1);
            var weight = enlarge.Weight[first + i];
            ref var a = ref lines[near * pitch];
            ref var b = ref lines[far * pitch];
            ref var target = ref result[i * pitch];
            var nearShare = Vector256.Create(1f - weight);
            var farShare = Vector256.Create(weight);
            for (nuint j = 0; j < (nuint)length; j += Lanes)
            {
                var blend = (nearShare * Vector256.LoadUnsafe(ref a, j)) + (farShare * Vector256.LoadUnsafe(ref b, j));
                blend.StoreUnsafe(ref target, j);
            }
        }
    }

    private void Transpose(float[] source, int pitch, int skipped, int sourceRows, int columns, float[] target)
    {
        for (var column = 0; column < columns; column++)
        {
            var to = target.AsSpan(column * Stride, Stride);
            ref var from = ref source[skipped + column];
            var row = 0;
            for (; row < sourceRows; row++)
            {
                to[row] = Unsafe.Add(ref from, row * pitch);
            }

            // The repeated last row, and rows that only fill the last vector.
            to[row..].Fill(to[row - 1]);
        }
    }

    private static int RoundUp(int length) => (length + Lanes - 1) & -Lanes;

    private static void Reserve(ref float[] array, int length)
    {
        if (array.Length < length)
        {
            array = new float[Math.Max(length, 2 * array.Length)];
        }
    }
}
