using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Letterboxing;

/// <summary>
/// OpenCV's INTER_LINEAR on 8-bit RGB, reproduced bit for bit (checked against recorded pictures): positions in single precision,
/// weights in 1/2048, exact horizontal sums, and a vertical step that drops 4 bits of each row's sum and 16 of its product
/// before the two are added and rounded. Only source rows that count are asked for, each once while it is needed.
/// </summary>
internal sealed class PixelResizer
{
    /// <summary>Bytes that are read at once from a pair of pixels on.</summary>
    public const int PairBytes = 16;

    private readonly FrameSize _resized;
    private readonly int _bytesPerPixel;

    /// <summary>Byte offset of each column's left pixel in its row, and both weights: left in the low, right in the high 16 bits.</summary>
    private readonly int[] _columnOffset;
    private readonly int[] _columnWeights;

    /// <summary>Columns, from the left, for which <see cref="PairBytes"/> may be read at the offset.</summary>
    private readonly int _wideColumns;
    private readonly BilinearTaps _rows;

    /// <param name="source">Size of the pictures in pixels.</param>
    /// <param name="resized">Size to give them.</param>
    /// <param name="bytesPerPixel">3, or 4 where a byte follows that does not count.</param>
    /// <param name="rowBytes">Bytes that may be read from the start of a row.</param>
    public PixelResizer(FrameSize source, FrameSize resized, int bytesPerPixel, int rowBytes)
    {
        (_resized, _bytesPerPixel) = (resized, bytesPerPixel);
        _rows = BilinearTaps.Rows(source.Height, resized.Height);
        var columns = BilinearTaps.Columns(source.Width, resized.Width);
        _columnOffset = new int[resized.Width];
        _columnWeights = new int[resized.Width];
        for (var x = 0; x < resized.Width; x++)
        {
            var (left, right) = columns.Weights[x];
            _columnOffset[x] = bytesPerPixel * columns.First[x];
            _columnWeights[x] = (ushort)left | right << 16;
            _wideColumns = _columnOffset[x] + PairBytes <= rowBytes ? x + 1 : _wideColumns;
        }

        _wideColumns &= ~1; // columns are done in pairs
    }

    public void Fill<TRows>(TRows source, PlanarTarget target)
        where TRows : IPixelRows, allows ref struct
    {
        // Four 16-bit sums a pixel (the fourth is 0), rounded up to whole vectors of 8 pixels.
        var rowLength = (_resized.Width + 7 & ~7) * 4;
        var scratch = ArrayPool<short>.Shared.Rent(2 * rowLength);
        try
        {
            var upper = scratch.AsSpan(0, rowLength);
            var lower = scratch.AsSpan(rowLength, rowLength);
            var (upperRow, lowerRow) = (-1, -1);
            for (var y = 0; y < _resized.Height; y++)
            {
                var (first, second) = (_rows.First[y], _rows.Second[y]);
                if (first == lowerRow)
                {
                    var swap = upper;
                    upper = lower;
                    lower = swap;
                    (upperRow, lowerRow) = (lowerRow, upperRow);
                }

                if (first != upperRow)
                {
                    SumColumns(source.Row(first), upper);
                    upperRow = first;
                }

                if (second != first && second != lowerRow)
                {
                    SumColumns(source.Row(second), lower);
                    lowerRow = second;
                }

                var width = _resized.Width;
                SumRows(
                    upper,
                    second == first ? upper : lower,
                    _rows.Weights[y],
                    target.Row(0, y, width),
                    target.Row(1, y, width),
                    target.Row(2, y, width)
                );
            }
        }
        finally
        {
            ArrayPool<short>.Shared.Return(scratch);
        }
    }

    /// <summary>Horizontal step: four times 16 bits a pixel, R, G, B and 0, each sum already without its lowest 4 bits.</summary>
    private void SumColumns(ReadOnlySpan<byte> row, Span<short> sums)
    {
        // R0 G0 B0 R1 G1 B1 … to the 16-bit pairs R0 R1, G0 G1, B0 B1, 0 0 (255 gives 0 on x86 and Arm alike).
        var next = (byte)_bytesPerPixel;
        var pairs = Vector128.Create(0, 255, next, 255, 1, 255, (byte)(next + 1), 255, 2, 255, (byte)(next + 2), 255, 255, 255, 255, 255);
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(sums);
        var x = 0;
        for (; x < _wideColumns; x += 2)
        {
            var left = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref from, (nuint)_columnOffset[x]), pairs).AsInt16();
            var right = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref from, (nuint)_columnOffset[x + 1]), pairs).AsInt16();
            var leftSums = FixedPointLanes.MultiplyAddPairs(left, Vector128.Create(_columnWeights[x]).AsInt16()) >>> 4;
            var rightSums = FixedPointLanes.MultiplyAddPairs(right, Vector128.Create(_columnWeights[x + 1]).AsInt16()) >>> 4;
            Vector128.NarrowWithSaturation(leftSums, rightSums).StoreUnsafe(ref to, (nuint)x * 4);
        }

        for (; x < _columnOffset.Length; x++)
        {
            var (offset, weights) = (_columnOffset[x], _columnWeights[x]);
            var right = weights >> 16 == 0 ? offset : offset + _bytesPerPixel; // beyond the last pixel the weight is 0
            for (var channel = 0; channel < 3; channel++)
            {
                var sum = row[offset + channel] * (short)weights + row[right + channel] * (weights >> 16);
                sums[4 * x + channel] = (short)(sum >> 4);
            }
        }
    }

    /// <summary>Vertical step, rounding to 8 bits, and division by 255 into the planes.</summary>
    private static void SumRows(
        ReadOnlySpan<short> upper,
        ReadOnlySpan<short> lower,
        (short Upper, short Lower) weights,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        var upperWeight = Vector256.Create(weights.Upper);
        var lowerWeight = Vector256.Create(weights.Lower);
        ref var a = ref MemoryMarshal.GetReference(upper);
        ref var b = ref MemoryMarshal.GetReference(lower);
        for (var x = 0; x < red.Length; x += 8)
        {
            var offset = (nuint)x * 4;
            var first = Blend(Vector256.LoadUnsafe(ref a, offset), Vector256.LoadUnsafe(ref b, offset), upperWeight, lowerWeight);
            var second = Blend(
                Vector256.LoadUnsafe(ref a, offset + 16),
                Vector256.LoadUnsafe(ref b, offset + 16),
                upperWeight,
                lowerWeight
            );
            var pixels = Vector256.Narrow(first.AsUInt16(), second.AsUInt16()).AsInt32(); // 8 × R, G, B, 0
            Store(pixels & Vector256.Create(0xff), red, x);
            Store(pixels >>> 8 & Vector256.Create(0xff), green, x);
            Store(pixels >>> 16 & Vector256.Create(0xff), blue, x);
        }
    }

    private static Vector256<short> Blend(
        Vector256<short> upper,
        Vector256<short> lower,
        Vector256<short> upperWeight,
        Vector256<short> lowerWeight
    ) =>
        FixedPointLanes.MultiplyHigh(upper, upperWeight) + FixedPointLanes.MultiplyHigh(lower, lowerWeight) + Vector256.Create((short)2)
        >> 2;

    private static void Store(Vector256<int> levels, Span<float> row, int x)
    {
        // 1/255 in two parts: the same numbers as the division, checked for all 256 levels, in a fraction of its time.
        const float reciprocal = 1 / 255f;
        const float remainder = (float)(1 / 255.0 - reciprocal);
        var singles = Vector256.ConvertToSingle(levels);
        var values = Vector256.FusedMultiplyAdd(singles, Vector256.Create(reciprocal), singles * remainder);
        if (row.Length - x >= 8)
        {
            values.CopyTo(row[x..]);
            return;
        }

        for (var i = 0; x + i < row.Length; i++)
        {
            row[x + i] = values[i];
        }
    }
}
