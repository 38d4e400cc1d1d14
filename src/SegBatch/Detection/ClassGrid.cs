using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// The best channel at each grid point of a semantic network's scores, and which cells between four points need no further look: where
/// one channel is best at all four, it is best everywhere between them, because bilinear values are means of the corners' with the same
/// weights for every channel. Stored column by column. Reused from picture to picture.
/// </summary>
internal sealed class ClassGrid
{
    /// <summary>A cell whose corners disagree.</summary>
    public const ushort Mixed = ushort.MaxValue;

    private ushort[] _best = [];
    private ushort[] _cells = [];
    private int _height;

    /// <summary>The cells of a column from the top: the channel of all four corners, or <see cref="Mixed"/>. The last cell repeats the last point.</summary>
    public ReadOnlySpan<ushort> Column(int column) => _cells.AsSpan(column * _height, _height);

    /// <param name="scores">Logits or probabilities, [channels, height, width].</param>
    /// <param name="channels">Below <see cref="Mixed"/>.</param>
    public void Compute(ReadOnlySpan<float> scores, int channels, FrameSize size)
    {
        var points = (int)size.Area;
        _height = size.Height;
        if (_best.Length < points)
        {
            _best = new ushort[points];
            _cells = new ushort[points];
        }

        FindBest(scores[..(channels * points)], channels, points, _best);
        for (var row = 0; row < size.Height; row++)
        {
            var here = _best.AsSpan(row * size.Width, size.Width);
            var below = row + 1 < size.Height ? _best.AsSpan((row + 1) * size.Width, size.Width) : here;
            for (var column = 0; column < size.Width; column++)
            {
                var right = Math.Min(column + 1, size.Width - 1);
                var channel = here[column];
                var agree = channel == here[right] && channel == below[column] && channel == below[right];
                _cells[(column * size.Height) + row] = agree ? channel : Mixed;
            }
        }
    }

    /// <summary>The channel with the largest value at each point; the first of equal ones. What is no number is larger than nothing.</summary>
    private static void FindBest(ReadOnlySpan<float> scores, int channels, int points, Span<ushort> best)
    {
        ref var first = ref MemoryMarshal.GetReference(scores);
        ref var target = ref MemoryMarshal.GetReference(best);
        var point = 0;
        for (; point <= points - 16; point += 16)
        {
            var at = (nuint)point;
            var (low, high) = (Vector256.Create(float.NegativeInfinity), Vector256.Create(float.NegativeInfinity));
            var (lowChannel, highChannel) = (Vector256<int>.Zero, Vector256<int>.Zero);
            for (var channel = 0; channel < channels; channel++, at += (nuint)points)
            {
                var (a, b) = (Vector256.LoadUnsafe(ref first, at), Vector256.LoadUnsafe(ref first, at + 8));
                var (better, otherBetter) = (Vector256.GreaterThan(a, low), Vector256.GreaterThan(b, high));
                low = Vector256.ConditionalSelect(better, a, low);
                high = Vector256.ConditionalSelect(otherBetter, b, high);
                lowChannel = Vector256.ConditionalSelect(better.AsInt32(), Vector256.Create(channel), lowChannel);
                highChannel = Vector256.ConditionalSelect(otherBetter.AsInt32(), Vector256.Create(channel), highChannel);
            }

            Vector256.Narrow(lowChannel.AsUInt32(), highChannel.AsUInt32()).StoreUnsafe(ref target, (nuint)point);
        }

        for (; point < points; point++)
        {
            var (value, winner) = (float.NegativeInfinity, 0);
            for (var channel = 0; channel < channels; channel++)
            {
                var other = scores[(channel * points) + point];
                (value, winner) = other > value ? (other, channel) : (value, winner);
            }

            best[point] = (ushort)winner;
        }
    }
}
