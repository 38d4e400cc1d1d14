using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Letterboxing;

/// <summary>
/// 8-bit YUV 4:2:0 to planar RGB of another size in one pass. Bilinear interpolation and the colour matrix are both linear, so luma and
/// chroma are resized straight to the target and only then converted; no RGB picture at source size ever exists. Each target row
/// blends two source rows of each plane (contiguous, 16 samples at a time) into a small scratch row, then picks its
/// columns' pairs from it. Only source rows that count are read.
/// </summary>
internal sealed class YuvResizer
{
    /// <summary>Blended samples are levels times 2⁷, column weights shares times 2¹⁴.</summary>
    private const int SampleBits = 7;
    private const int WeightBits = 14;

    private readonly FrameSize _source;
    private readonly FrameSize _resized;
    private readonly Columns _lumaColumns;
    private readonly Columns _chromaColumns;
    private readonly BilinearTaps _lumaRows;
    private readonly BilinearTaps _chromaRows;

    public YuvResizer(FrameSize source, FrameSize resized)
    {
        (_source, _resized) = (source, resized);
        _lumaColumns = new Columns(BilinearTaps.Luma(source.Width, resized.Width));
        _chromaColumns = new Columns(BilinearTaps.Chroma(source.Width, resized.Width));
        _lumaRows = BilinearTaps.Luma(source.Height, resized.Height);
        _chromaRows = BilinearTaps.Chroma(source.Height, resized.Height);
    }

    /// <summary>Samples of a chroma plane of a frame of this size.</summary>
    public static FrameSize ChromaSize(FrameSize frame) => new((frame.Width + 1) / 2, (frame.Height + 1) / 2);

    public void Fill(in YuvPicture source, PlanarTarget target)
    {
        var chromaWidth = ChromaSize(_source).Width;
        // One sample more than a row: the pair of the last column reads it, with weight 0.
        var (lumaLength, chromaLength) = (_source.Width + 1, chromaWidth + 1);
        var scratch = ArrayPool<short>.Shared.Rent(lumaLength + 2 * chromaLength);
        try
        {
            var y = scratch.AsSpan(0, lumaLength);
            var u = scratch.AsSpan(lumaLength, chromaLength);
            var v = scratch.AsSpan(lumaLength + chromaLength, chromaLength);
            var matrix = YuvToRgb.From(source.Color);
            for (var row = 0; row < _resized.Height; row++)
            {
                BlendRows(source.Y, source.StrideY, _source.Width, _lumaRows, row, y);
                BlendRows(source.U, source.StrideUv, chromaWidth, _chromaRows, row, u);
                BlendRows(source.V, source.StrideUv, chromaWidth, _chromaRows, row, v);
                var width = _resized.Width;
                Convert(y, u, v, matrix, target.Row(0, row, width), target.Row(1, row, width), target.Row(2, row, width));
            }
        }
        finally
        {
            ArrayPool<short>.Shared.Return(scratch);
        }
    }

    /// <summary>Vertical step: one row of levels times 2⁷.</summary>
    private static void BlendRows(ReadOnlySpan<byte> plane, int stride, int width, BilinearTaps rows, int row, Span<short> blended)
    {
        var upper = plane.Slice(rows.First[row] * stride, width);
        var share = (short)Math.Min(Math.Round(rows.Fraction[row] * (1 << 15)), short.MaxValue);
        var lower = share == 0 ? upper : plane.Slice((rows.First[row] + 1) * stride, width);
        ref var a = ref MemoryMarshal.GetReference(upper);
        ref var b = ref MemoryMarshal.GetReference(lower);
        ref var to = ref MemoryMarshal.GetReference(blended);
        var x = 0;
        if (width >= Vector256<byte>.Count)
        {
            var shares = Vector256.Create(share);
            while (true)
            {
                var (a0, a1) = Vector256.Widen(Vector256.LoadUnsafe(ref a, (nuint)x));
                var (scaled0, scaled1) = ((a0 << SampleBits).AsInt16(), (a1 << SampleBits).AsInt16());
                if (share != 0)
                {
                    var (b0, b1) = Vector256.Widen(Vector256.LoadUnsafe(ref b, (nuint)x));
                    scaled0 += FixedPointLanes.MultiplyFraction((b0 << SampleBits).AsInt16() - scaled0, shares);
                    scaled1 += FixedPointLanes.MultiplyFraction((b1 << SampleBits).AsInt16() - scaled1, shares);
                }

                scaled0.StoreUnsafe(ref to, (nuint)x);
                scaled1.StoreUnsafe(ref to, (nuint)x + 16);
                x += Vector256<byte>.Count;
                if (x == width)
                {
                    break;
                }

                x = Math.Min(x, width - Vector256<byte>.Count); // the last vector overlaps the one before
            }
        }

        for (; x < width; x++)
        {
            blended[x] = (short)((upper[x] << SampleBits) + (((lower[x] - upper[x] << SampleBits) * share + (1 << 14)) >> 15));
        }

        blended[width] = blended[width - 1];
    }

    /// <summary>Horizontal step and colour matrix, eight columns at a time; the last eight overlap those before.</summary>
    private void Convert(
        ReadOnlySpan<short> y,
        ReadOnlySpan<short> u,
        ReadOnlySpan<short> v,
        in YuvToRgb matrix,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        // The fixed point's scale is folded into the matrix, the offsets of luma and chroma into one constant per channel.
        const float scale = 1f / (1 << (SampleBits + WeightBits));
        var luma = Vector256.Create(matrix.Luma * scale);
        var (redV, greenU) = (Vector256.Create(matrix.RedV * scale), Vector256.Create(matrix.GreenU * scale));
        var (greenV, blueU) = (Vector256.Create(matrix.GreenV * scale), Vector256.Create(matrix.BlueU * scale));
        var black = -matrix.Luma * matrix.Black - matrix.LumaBias;
        var bias = Vector256.Create(matrix.ChromaBias);
        var neutral = Vector256.Create(128f / scale);
        var redOffset = Vector256.Create(black - 128 * matrix.RedV);
        var greenOffset = Vector256.Create(black - 128 * (matrix.GreenU + matrix.GreenV));
        var blueOffset = Vector256.Create(black - 128 * matrix.BlueU);
        ref var lumaRow = ref MemoryMarshal.GetReference(y);
        ref var uRow = ref MemoryMarshal.GetReference(u);
        ref var vRow = ref MemoryMarshal.GetReference(v);
        var width = red.Length;
        for (var x = 0; ; )
        {
            var yValues = Vector256.ConvertToSingle(_lumaColumns.Sum(ref lumaRow, x));
            var uValues = Vector256.ConvertToSingle(_chromaColumns.Sum(ref uRow, x));
            var vValues = Vector256.ConvertToSingle(_chromaColumns.Sum(ref vRow, x));
            // Grey has no chroma product to cut off.
            var uBias = Vector256.AndNot(bias, Vector256.Equals(uValues, neutral));
            var vBias = Vector256.AndNot(bias, Vector256.Equals(vValues, neutral));
            var r = Vector256.MultiplyAddEstimate(yValues, luma, Vector256.MultiplyAddEstimate(vValues, redV, redOffset - vBias));
            var g = Vector256.MultiplyAddEstimate(
                yValues,
                luma,
                Vector256.MultiplyAddEstimate(uValues, greenU, Vector256.MultiplyAddEstimate(vValues, greenV, greenOffset - uBias - vBias))
            );
            var b = Vector256.MultiplyAddEstimate(yValues, luma, Vector256.MultiplyAddEstimate(uValues, blueU, blueOffset - uBias));
            Store(r, red, x);
            Store(g, green, x);
            Store(b, blue, x);
            x += 8;
            if (x >= width)
            {
                return;
            }

            x = Math.Max(0, Math.Min(x, width - 8));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> values, Span<float> row, int x)
    {
        var clamped = Vector256.MinNative(Vector256.MaxNative(values, Vector256<float>.Zero), Vector256<float>.One);
        if (row.Length >= 8)
        {
            clamped.StoreUnsafe(ref MemoryMarshal.GetReference(row), (nuint)x);
            return;
        }

        for (var i = 0; i < row.Length; i++)
        {
            row[i] = clamped[i];
        }
    }

    /// <summary>Index and weights (first in the low, second in the high 16 bits) of each column's pair; filled up to eight columns.</summary>
    private sealed class Columns
    {
        private readonly int[] _first;
        private readonly int[] _weights;

        public Columns(BilinearTaps taps)
        {
            _first = new int[Math.Max(8, taps.First.Length)];
            _weights = new int[_first.Length];
            for (var x = 0; x < taps.First.Length; x++)
            {
                var second = (int)Math.Round(taps.Fraction[x] * (1 << WeightBits));
                _first[x] = taps.First[x];
                _weights[x] = (1 << WeightBits) - second | second << 16;
            }
        }

        /// <summary>Weighted sums of eight columns from x on: levels times 2²¹.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<int> Sum(ref short row, int x)
        {
            ref var first = ref _first[x];
            var pairs = Vector256.Create(
                Pair(ref row, first),
                Pair(ref row, Unsafe.Add(ref first, 1)),
                Pair(ref row, Unsafe.Add(ref first, 2)),
                Pair(ref row, Unsafe.Add(ref first, 3)),
                Pair(ref row, Unsafe.Add(ref first, 4)),
                Pair(ref row, Unsafe.Add(ref first, 5)),
                Pair(ref row, Unsafe.Add(ref first, 6)),
                Pair(ref row, Unsafe.Add(ref first, 7))
            );
            return FixedPointLanes.MultiplyAddPairs(pairs.AsInt16(), Vector256.LoadUnsafe(ref _weights[x]).AsInt16());
        }

        /// <summary>Two neighbouring samples as one number. Spans would check bounds three times a pixel; the tables never point outside.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Pair(ref short row, int index) =>
            Unsafe.ReadUnaligned<int>(ref Unsafe.As<short, byte>(ref Unsafe.Add(ref row, index)));
    }
}
