using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// The mask logits of one object on the grid cells under its box: coefficients times prototypes, nowhere else. Stored column by
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

    /// <summary>
    /// Computes the grid cells <paramref name="column"/> to <paramref name="column"/> + <paramref name="columns"/> - 1 (rows alike). A cell
    /// behind the last one repeats it.
    /// </summary>
    /// <param name="prototypes">nm maps of the given size, row-major.</param>
    public void Compute(
        ReadOnlySpan<float> coefficients,
        ReadOnlySpan<float> prototypes,
        FrameSize size,
        PrototypeSampling sampling,
        int column,
        int columns,
        int row,
        int rows
    )
    {
        // The part of the map under the patch, before any enlargement.
        var mapColumn = sampling.EnlargeX?.Index[column] ?? column;
        var mapRow = sampling.EnlargeY?.Index[row] ?? row;
        var lastColumn = Math.Min(column + columns - 1, sampling.X.Last);
        var lastRow = Math.Min(row + rows - 1, sampling.Y.Last);
        var mapColumns = Math.Min((sampling.EnlargeX?.Index[lastColumn] + 1) ?? lastColumn, size.Width - 1) - mapColumn + 1;
        var mapRows = Math.Min((sampling.EnlargeY?.Index[lastRow] + 1) ?? lastRow, size.Height - 1) - mapRow + 1;

        // Whole vectors where the map is wide enough: start on a multiple of the vector length.
        var aligned = mapColumn & -Lanes;
        var skipped = mapColumn - aligned;
        var width = Math.Min(RoundUp(skipped + mapColumns), size.Width - aligned);
        var pitch = RoundUp(width);
        Reserve(ref _rows, (mapRows * pitch) + Lanes);
        PrototypeProduct.Multiply(coefficients, prototypes, size, new MapWindow(aligned, mapRow, width, mapRows), _rows, pitch);

        var source = _rows;
        var sourceRows = mapRows;
        if (sampling.EnlargeY is { } enlargeY)
        {
            sourceRows = lastRow - row + 1;
            Reserve(ref _enlargedRows, (sourceRows * pitch) + Lanes);
            Lerp(_rows, pitch, mapRow, mapRows, enlargeY, row, sourceRows, pitch, _enlargedRows);
            source = _enlargedRows;
        }

        Rows = rows;
        Stride = RoundUp(rows);
        Reserve(ref _columns, Math.Max(columns, mapColumns) * Stride);
        Transpose(source, pitch, skipped, sourceRows, mapColumns, _columns);
        _values = _columns;
        var filled = mapColumns;
        if (sampling.EnlargeX is { } enlargeX)
        {
            filled = lastColumn - column + 1;
            Reserve(ref _enlargedColumns, columns * Stride);
            Lerp(_columns, Stride, mapColumn, mapColumns, enlargeX, column, filled, Stride, _enlargedColumns);
            _values = _enlargedColumns;
        }

        if (filled < columns)
        {
            _values.AsSpan((filled - 1) * Stride, Stride).CopyTo(_values.AsSpan(filled * Stride));
        }
    }

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
