using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// How well each sample of a picture can be followed: the smaller eigenvalue of the gradients' second moments over 3 × 3 samples
/// (Shi and Tomasi, Good features to track, CVPR 1994, section 4), with Sobel's gradients. Sums are whole numbers until the eigenvalue.
/// </summary>
internal sealed class CornerResponse
{
    private const int Pad = 16;

    private readonly FrameSize _size;
    private readonly int _stride;
    private readonly float[] _values;
    private readonly short[] _smoothed;
    private readonly short[] _differences;

    /// <summary>Per row of the picture, three rings of rows: squares along x, products, squares along y; each summed over three columns.</summary>
    private readonly int[][] _sums = new int[9][];
    private readonly int[][] _products = new int[3][];

    public CornerResponse(FrameSize size)
    {
        _size = size;
        _stride = (size.Width + 2 * Pad + 31) & ~31;
        _values = new float[_stride * size.Height];
        _smoothed = new short[_stride + 32];
        _differences = new short[_stride + 32];
        for (var i = 0; i < 9; i++)
        {
            _sums[i] = new int[_stride];
        }

        for (var i = 0; i < 3; i++)
        {
            _products[i] = new int[_stride];
        }
    }

    /// <summary>Eigenvalues of a row.</summary>
    public ReadOnlySpan<float> Row(int y) => _values.AsSpan(y * _stride, _size.Width);

    /// <summary>Computes all rows. Sums beyond the edge mirror those inside.</summary>
    /// <returns>The largest eigenvalue.</returns>
    public float Fill(GrayPlane picture)
    {
        var largest = 0f;
        var height = _size.Height;
        SumRow(picture, 0);
        for (var y = 0; y < height; y++)
        {
            if (y + 1 < height)
            {
                SumRow(picture, y + 1);
            }

            largest = Math.Max(largest, FillRow(GrayPlane.Inside(y - 1, height), y, GrayPlane.Inside(y + 1, height)));
        }

        return largest;
    }

    private void SumRow(GrayPlane picture, int y)
    {
        ref var smoothed = ref MemoryMarshal.GetArrayDataReference(_smoothed);
        ref var differences = ref MemoryMarshal.GetArrayDataReference(_differences);
        ref var middle = ref picture.At(-Pad, y);
        var width = _size.Width;
        for (var x = 0; x < width + 1 + Pad; x += Vector256<short>.Count)
        {
            var above = GrayPyramid.Load(ref middle, x - picture.Stride);
            var below = GrayPyramid.Load(ref middle, x + picture.Stride);
            var own = GrayPyramid.Load(ref middle, x);
            (above + below + own + own).StoreUnsafe(ref smoothed, (nuint)x);
            (below - above).StoreUnsafe(ref differences, (nuint)x);
        }

        ref var xx = ref _products[0][Pad];
        ref var xy = ref _products[1][Pad];
        ref var yy = ref _products[2][Pad];
        for (var x = 0; x < width; x += 8)
        {
            var gradientX = Load(ref smoothed, Pad + x + 1) - Load(ref smoothed, Pad + x - 1);
            var own = Load(ref differences, Pad + x);
            var gradientY = Load(ref differences, Pad + x - 1) + Load(ref differences, Pad + x + 1) + own + own;
            (gradientX * gradientX).StoreUnsafe(ref xx, (nuint)x);
            (gradientX * gradientY).StoreUnsafe(ref xy, (nuint)x);
            (gradientY * gradientY).StoreUnsafe(ref yy, (nuint)x);
        }

        for (var i = 0; i < 3; i++)
        {
            var row = _products[i];
            row[Pad - 1] = row[Pad + GrayPlane.Inside(-1, width)];
            row[Pad + width] = row[Pad + GrayPlane.Inside(width, width)];
            ref var from = ref row[Pad];
            ref var to = ref _sums[3 * (y % 3) + i][0];
            for (var x = 0; x < width; x += 8)
            {
                var sum =
                    Vector256.LoadUnsafe(ref Unsafe.Add(ref from, x - 1))
                    + Vector256.LoadUnsafe(ref Unsafe.Add(ref from, x))
                    + Vector256.LoadUnsafe(ref Unsafe.Add(ref from, x + 1));
                sum.StoreUnsafe(ref to, (nuint)x);
            }
        }
    }

    private float FillRow(int above, int y, int below)
    {
        ref var to = ref _values[y * _stride];
        var xx = new ThreeRows(_sums, 0, above, y, below);
        var xy = new ThreeRows(_sums, 1, above, y, below);
        var yy = new ThreeRows(_sums, 2, above, y, below);
        var largest = Vector256<float>.Zero;
        var half = Vector256.Create(0.5f);
        for (var x = 0; x < _size.Width; x += 8)
        {
            var a = xx.Sum(x) * half;
            var b = xy.Sum(x);
            var c = yy.Sum(x) * half;
            var value = a + c - Vector256.Sqrt((a - c) * (a - c) + b * b);
            var inside = Vector256.LessThan(Vector256<int>.Indices + Vector256.Create(x), Vector256.Create(_size.Width)).AsSingle();
            largest = Vector256.Max(largest, value & inside);
            value.StoreUnsafe(ref to, (nuint)x);
        }

        var most = 0f;
        for (var i = 0; i < Vector256<float>.Count; i++)
        {
            most = Math.Max(most, largest[i]);
        }

        return most;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(ref short from, int offset) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref Unsafe.Add(ref from, offset)).ToVector256Unsafe());

    /// <summary>Sums of one kind in three rows.</summary>
    private readonly ref struct ThreeRows(int[][] rings, int kind, int above, int y, int below)
    {
        private readonly ref int _above = ref MemoryMarshal.GetArrayDataReference(rings[3 * (above % 3) + kind]);
        private readonly ref int _own = ref MemoryMarshal.GetArrayDataReference(rings[3 * (y % 3) + kind]);
        private readonly ref int _below = ref MemoryMarshal.GetArrayDataReference(rings[3 * (below % 3) + kind]);

        /// <summary>Of 8 samples.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Sum(int x) =>
            Vector256.ConvertToSingle(
                Vector256.LoadUnsafe(ref _above, (nuint)x)
                    + Vector256.LoadUnsafe(ref _own, (nuint)x)
                    + Vector256.LoadUnsafe(ref _below, (nuint)x)
            );
    }
}
