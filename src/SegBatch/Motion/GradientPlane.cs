using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// Gradients of a grey picture along x and y by Scharr's 3 × 3 kernels (3 10 3 across −1 0 1: 32 times the gradient), as 16-bit numbers. They are 0
/// beyond the edge: what is not in the picture pulls no window.
/// </summary>
internal sealed class GradientPlane
{
    private readonly FrameSize _size;
    private readonly short[] _x;
    private readonly short[] _y;
    private readonly short[] _smoothed;
    private readonly short[] _differences;

    public GradientPlane(FrameSize size)
    {
        _size = size;
        Stride = (size.Width + 2 * GrayPlane.Sides + 31) & ~31;
        _x = new short[Stride * (size.Height + 2 * GrayPlane.Mirrored)];
        _y = new short[_x.Length];
        _smoothed = new short[Stride];
        _differences = new short[Stride];
    }

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride { get; }

    public ref short X(int x, int y) => ref _x[Offset(x, y)];

    public ref short Y(int x, int y) => ref _y[Offset(x, y)];

    /// <summary>Takes the gradients of a picture of this size, whose border is filled.</summary>
    public void Fill(GrayPlane picture)
    {
        const int left = 16;
        var length = _size.Width + 1 + left;
        ref var smoothed = ref MemoryMarshal.GetArrayDataReference(_smoothed);
        ref var differences = ref MemoryMarshal.GetArrayDataReference(_differences);
        for (var y = 0; y < _size.Height; y++)
        {
            ref var middle = ref picture.At(-left, y);
            for (var x = 0; x < length; x += Vector256<short>.Count)
            {
                var above = GrayPyramid.Load(ref middle, x - picture.Stride);
                var below = GrayPyramid.Load(ref middle, x + picture.Stride);
                var own = GrayPyramid.Load(ref middle, x);
                var near = above + below;
                ((near << 1) + near + (own << 3) + own + own).StoreUnsafe(ref smoothed, (nuint)x);
                (below - above).StoreUnsafe(ref differences, (nuint)x);
            }

            FillRow(ref Unsafe.Add(ref smoothed, left), ref Unsafe.Add(ref differences, left), y);
        }
    }

    private void FillRow(ref short smoothed, ref short differences, int y)
    {
        ref var toX = ref X(0, y);
        ref var toY = ref Y(0, y);
        var x = 0;
        for (; x + Vector256<short>.Count <= _size.Width; x += Vector256<short>.Count)
        {
            (Load(ref smoothed, x + 1) - Load(ref smoothed, x - 1)).StoreUnsafe(ref toX, (nuint)x);
            var near = Load(ref differences, x - 1) + Load(ref differences, x + 1);
            var own = Load(ref differences, x);
            ((near << 1) + near + (own << 3) + own + own).StoreUnsafe(ref toY, (nuint)x);
        }

        for (; x < _size.Width; x++)
        {
            Unsafe.Add(ref toX, x) = (short)(Unsafe.Add(ref smoothed, x + 1) - Unsafe.Add(ref smoothed, x - 1));
            var near = Unsafe.Add(ref differences, x - 1) + Unsafe.Add(ref differences, x + 1);
            Unsafe.Add(ref toY, x) = (short)(3 * near + 10 * Unsafe.Add(ref differences, x));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Load(ref short from, int offset) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, offset));

    private int Offset(int x, int y) => (y + GrayPlane.Mirrored) * Stride + GrayPlane.Sides + x;
}
