using System.Buffers;
using System.Runtime.CompilerServices;
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
    public const int PairBytes = 8;

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

        _wideColumns &= ~3; // columns are done in fours
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
                RowBlend.Write(
                    upper,
                    second == first ? upper : lower,
                    _rows.Weights[y],
                    target.Row(target.Red, y, width),
                    target.Row(1, y, width),
                    target.Row(2 - target.Red, y, width)
                );
                target.Finish(y, width);
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
        // R0 G0 B0 R1 G1 B1 … of the first and the second 8 bytes to the 16-bit pairs R0 R1, G0 G1, B0 B1, 0 0 (255 gives 0).
        var next = (byte)_bytesPerPixel;
        var pairs = Vector128.Create(0, 255, next, 255, 1, 255, (byte)(next + 1), 255, 2, 255, (byte)(next + 2), 255, 255, 255, 255, 255);
        var firstPairs = Vector256.Create(pairs, pairs);
        var secondPairs = firstPairs | Vector256.Create((byte)8);
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(sums);
        var x = 0;
        for (; x < _wideColumns; x += 4)
        {
            ref var offsets = ref _columnOffset[x];
            var pixels = Vector256
                .Create(
                    Pair(ref from, offsets),
                    Pair(ref from, Unsafe.Add(ref offsets, 2)),
                    Pair(ref from, Unsafe.Add(ref offsets, 1)),
                    Pair(ref from, Unsafe.Add(ref offsets, 3))
                )
                .AsByte();
            var weights = Vector128.LoadUnsafe(ref _columnWeights[x]).ToVector256Unsafe();
            var left = FixedPointLanes.MultiplyAddPairs(
                FixedPointLanes.ShuffleHalves(pixels, firstPairs).AsInt16(),
                Vector256.Shuffle(weights, Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1)).AsInt16()
            );
            var right = FixedPointLanes.MultiplyAddPairs(
                FixedPointLanes.ShuffleHalves(pixels, secondPairs).AsInt16(),
                Vector256.Shuffle(weights, Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3)).AsInt16()
            );
            Vector256.NarrowWithSaturation(left >>> 4, right >>> 4).StoreUnsafe(ref to, (nuint)x * 4);
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

    /// <summary>The bytes of two neighbouring pixels. Spans would check bounds at every pixel; the tables never point outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Pair(ref byte row, int offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref row, offset));
}
