using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;

namespace SegBatch.Motion;

/// <summary>
/// A frame's luma, smaller: each sample the mean of a square of 2^n × 2^n, rounded. Rows and columns left over at the right and bottom edge are left out.
/// </summary>
internal sealed class GrayReduction
{
    /// <summary>Half of the sum over a square of 16 × 16 still fits 16 bits.</summary>
    private const int LargestShift = 4;

    private readonly int _shift;
    private readonly short[] _sums;

    /// <param name="frame">Size of the frames, pixels.</param>
    /// <param name="longestSide">The reduced picture has no longer one, where 1/16 is small enough for that.</param>
    public GrayReduction(FrameSize frame, int longestSide)
    {
        while (
            Math.Max(frame.Width, frame.Height) >> _shift > longestSide
            && Math.Min(frame.Width, frame.Height) >> _shift > 1
            && _shift < LargestShift
        )
        {
            _shift++;
        }

        Size = new FrameSize(frame.Width >> _shift, frame.Height >> _shift);
        _sums = new short[frame.Width + Vector256<short>.Count];
    }

    /// <summary>Size of the reduced picture.</summary>
    public FrameSize Size { get; }

    /// <summary>Frame pixels to one of the reduced picture.</summary>
    public int Factor => 1 << _shift;

    /// <summary>Writes the rows of <paramref name="target"/>.</summary>
    public void Reduce(YuvPicture picture, GrayPlane target)
    {
        var width = Size.Width << _shift;
        for (var y = 0; y < Size.Height; y++)
        {
            var rows = picture.Y[((y << _shift) * picture.StrideY)..];
            if (_shift == 0)
            {
                rows[..width].CopyTo(target.Row(y));
                continue;
            }

            SumRows(rows, picture.StrideY, width);
            for (var step = 1; step < _shift; step++)
            {
                HalveSums(width >> step);
            }

            Finish(target.Row(y));
        }
    }

    /// <summary>
    /// From the reduced picture, a sample's centre at a whole number, to frame pixels as boxes count: sample i covers i … i + 1 of its picture.
    /// </summary>
    public AffineMotion InFrame(AffineMotion motion) =>
        motion with
        {
            Tx = (motion.Tx + 0.5 * (1 - motion.A - motion.B)) * Factor,
            Ty = (motion.Ty + 0.5 * (1 - motion.C - motion.D)) * Factor,
        };

    /// <summary>8 numbers of 0 … 255 as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBytes(Vector256<int> values)
    {
        var narrow = Vector256.Narrow(values, values).AsUInt16();
        return Vector256.Narrow(narrow, narrow).AsUInt64().ToScalar();
    }

    /// <summary>Sums of the 2^n samples of a column.</summary>
    private void SumRows(ReadOnlySpan<byte> rows, int stride, int width)
    {
        ref var from = ref MemoryMarshal.GetReference(rows);
        ref var to = ref MemoryMarshal.GetArrayDataReference(_sums);
        var x = 0;
        // The last rows of a plane end with the plane: no vector may reach over them.
        for (; x + Vector256<short>.Count <= width; x += Vector256<short>.Count)
        {
            var sum = GrayPyramid.Load(ref from, x);
            for (var row = 1; row < Factor; row++)
            {
                sum += GrayPyramid.Load(ref from, x + row * stride);
            }

            sum.StoreUnsafe(ref to, (nuint)x);
        }

        for (; x < width; x++)
        {
            var sum = 0;
            for (var row = 0; row < Factor; row++)
            {
                sum += rows[x + row * stride];
            }

            _sums[x] = (short)sum;
        }
    }

    /// <summary>Sums of two neighbours each, in place.</summary>
    private void HalveSums(int length)
    {
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        var ones = Vector256<short>.One;
        var x = 0;
        for (; x + Vector256<short>.Count <= length; x += Vector256<short>.Count)
        {
            var lower = FixedPointLanes.MultiplyAddPairs(Vector256.LoadUnsafe(ref sums, (nuint)(2 * x)), ones);
            var upper = FixedPointLanes.MultiplyAddPairs(Vector256.LoadUnsafe(ref sums, (nuint)(2 * x + 16)), ones);
            Vector256.Narrow(lower, upper).StoreUnsafe(ref sums, (nuint)x);
        }

        for (; x < length; x++)
        {
            _sums[x] = (short)(_sums[2 * x] + _sums[2 * x + 1]);
        }
    }

    /// <summary>The last halving, divided by the number of samples.</summary>
    private void Finish(Span<byte> row)
    {
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        var (ones, half) = (Vector256<short>.One, 1 << (2 * _shift - 1));
        var x = 0;
        for (; x + 8 <= row.Length; x += 8)
        {
            var sum = FixedPointLanes.MultiplyAddPairs(Vector256.LoadUnsafe(ref sums, (nuint)(2 * x)), ones);
            Unsafe.WriteUnaligned(ref row[x], ToBytes((sum + Vector256.Create(half)) >> (2 * _shift)));
        }

        for (; x < row.Length; x++)
        {
            row[x] = (byte)((_sums[2 * x] + _sums[2 * x + 1] + half) >> (2 * _shift));
        }
    }
}
