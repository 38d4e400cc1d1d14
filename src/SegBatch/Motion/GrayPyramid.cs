using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;
using SegBatch.Letterboxing;

namespace SegBatch.Motion;

/// <summary>
/// A grey picture and its halvings: each level is the one below it, smoothed by 1 4 6 4 1 along both axes and every second sample taken
/// (Burt and Adelson, The Laplacian pyramid as a compact image code, IEEE Trans. Communications 31(4), 1983), with the gradients of every level.
/// </summary>
internal sealed class GrayPyramid
{
    private readonly GrayPlane[] _levels;
    private readonly GradientPlane[] _gradients;
    private readonly short[] _sums;

    /// <param name="size">Of level 0, pixels.</param>
    /// <param name="levels">At most so many.</param>
    /// <param name="smallest">No level has a side of so many pixels or fewer, but the first.</param>
    public GrayPyramid(FrameSize size, int levels, int smallest)
    {
        var sizes = new List<FrameSize> { size };
        while (sizes.Count < levels)
        {
            var half = new FrameSize((sizes[^1].Width + 1) / 2, (sizes[^1].Height + 1) / 2);
            if (half.Width <= smallest || half.Height <= smallest)
            {
                break;
            }

            sizes.Add(half);
        }

        _levels = [.. sizes.Select(level => new GrayPlane(level))];
        _gradients = [.. sizes.Select(level => new GradientPlane(level))];
        _sums = new short[size.Width + 2 * GrayPlane.Sides];
    }

    /// <summary>Levels, 1 or more.</summary>
    public int Count => _levels.Length;

    public GrayPlane this[int level] => _levels[level];

    public GradientPlane Gradients(int level) => _gradients[level];

    /// <summary>Makes the levels and gradients of what was written to the rows of level 0.</summary>
    public void Build()
    {
        _levels[0].FillBorder();
        for (var level = 1; level < Count; level++)
        {
            Halve(_levels[level - 1], _levels[level]);
            _levels[level].FillBorder();
        }

        for (var level = 0; level < Count; level++)
        {
            _gradients[level].Fill(_levels[level]);
        }
    }

    private void Halve(GrayPlane from, GrayPlane to)
    {
        // Sums of a column first: 16 · 255 at most. Two samples more on either side are needed, whole vectors are made.
        const int left = 16;
        var length = from.Size.Width + 2 + left;
        var sums = _sums.AsSpan();
        for (var y = 0; y < to.Size.Height; y++)
        {
            ref var middle = ref from.At(-left, 2 * y);
            ref var sum = ref MemoryMarshal.GetReference(sums);
            for (var x = 0; x < length; x += Vector256<short>.Count)
            {
                var edge = Load(ref middle, x - 2 * from.Stride) + Load(ref middle, x + 2 * from.Stride);
                var near = Load(ref middle, x - from.Stride) + Load(ref middle, x + from.Stride);
                var own = Load(ref middle, x);
                (edge + (near << 2) + (own << 2) + own + own).StoreUnsafe(ref sum, (nuint)x);
            }

            SumRow(sums[(left - 2)..], to.Row(y));
        }
    }

    /// <summary>Every second sum of 1 4 6 4 1 neighbours, the first from index 0 on.</summary>
    private static void SumRow(ReadOnlySpan<short> sums, Span<byte> row)
    {
        var first = Vector256.Create(1 | 4 << 16).AsInt16();
        var second = Vector256.Create(6 | 4 << 16).AsInt16();
        var third = Vector256.Create(1).AsInt16();
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var x = 0;
        for (; x + 8 <= row.Length; x += 8)
        {
            var total =
                FixedPointLanes.MultiplyAddPairs(Vector256.LoadUnsafe(ref sum, (nuint)(2 * x)), first)
                + FixedPointLanes.MultiplyAddPairs(Vector256.LoadUnsafe(ref sum, (nuint)(2 * x + 2)), second)
                + FixedPointLanes.MultiplyAddPairs(Vector256.LoadUnsafe(ref sum, (nuint)(2 * x + 4)), third);
            var bytes = GrayReduction.ToBytes((total + Vector256.Create(128)) >> 8);
            Unsafe.WriteUnaligned(ref row[x], bytes);
        }

        for (; x < row.Length; x++)
        {
            var at = sums[(2 * x)..];
            row[x] = (byte)((at[0] + at[4] + 4 * (at[1] + at[3]) + 6 * at[2] + 128) >> 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<short> Load(ref byte from, int offset)
    {
        var bytes = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, offset));
        return Vector256.WidenLower(bytes.ToVector256Unsafe()).AsInt16();
    }
}
