using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// The motion most pairs of points agree on, as shift, rotation and uniform scale: random pairs give candidates, the one with the most pairs within reach
/// wins (RANSAC: Fischler and Bolles, Random sample consensus, Communications of the ACM 24(6), 1981), and least squares over those refine it. The
/// drawing begins anew with the same seed in every call: equal points give an equal motion.
/// </summary>
/// <param name="reach">Distance at which a pair still agrees, pixels.</param>
/// <param name="refits">Least squares over what agrees with the last motion, so many times.</param>
internal sealed class SimilarityFit(float reach, int refits)
{
    private const int MostRounds = 2000;
    private const double Confidence = 0.99;

    // Coordinates apart, so that eight pairs are compared at once; rounded up with pairs that agree with nothing.
    private float[] _fromX = [];
    private float[] _fromY = [];
    private float[] _toX = [];
    private float[] _toY = [];
    private int _count;
    private ulong _random;

    /// <summary>Finds the motion.</summary>
    /// <param name="from">Points before, 2 or more.</param>
    /// <param name="to">The same points after.</param>
    /// <returns>Null where no two points are apart.</returns>
    public AffineMotion? Find(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to)
    {
        Take(from, to);
        _random = ulong.MaxValue;
        AffineMotion? best = null;
        var (agreed, rounds) = (1, MostRounds);
        for (var round = 0; round < rounds; round++)
        {
            var first = Draw();
            var second = Draw();
            while (second == first)
            {
                second = Draw();
            }

            var motion = Through(from[first], from[second], to[first], to[second]);
            var count = CountAgreeing(motion);
            if (count > agreed)
            {
                (best, agreed) = (motion, count);
                rounds = RoundsFor((double)(_count - count) / _count, rounds);
            }
        }

        for (var i = 0; i < refits && best is { } last; i++)
        {
            best = LeastSquares(last) ?? last;
        }

        return best;
    }

    /// <summary>Whether each pair agrees with a motion, in order.</summary>
    public bool Agrees(int pair, AffineMotion motion)
    {
        var x = (float)motion.A * _fromX[pair] + (float)motion.B * _fromY[pair] + (float)motion.Tx - _toX[pair];
        var y = (float)motion.C * _fromX[pair] + (float)motion.D * _fromY[pair] + (float)motion.Ty - _toY[pair];
        return x * x + y * y <= reach * reach;
    }

    /// <summary>The similarity that takes two points to two others.</summary>
    private static AffineMotion Through(Vector2 from1, Vector2 from2, Vector2 to1, Vector2 to2)
    {
        var (x, y) = ((double)from1.X - from2.X, (double)from1.Y - from2.Y);
        var (toX, toY) = ((double)to1.X - to2.X, (double)to1.Y - to2.Y);
        var length = x * x + y * y;
        var (a, c) = ((toX * x + toY * y) / length, (toY * x - toX * y) / length);
        return Shifted(a, c, from1.X, from1.Y, to1.X, to1.Y);
    }

    /// <summary>The similarity nearest to the pairs that agree with another one, by the sum of squared distances.</summary>
    private AffineMotion? LeastSquares(AffineMotion last)
    {
        var (n, fromX, fromY, toX, toY) = (0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < _count; i++)
        {
            if (Agrees(i, last))
            {
                (n, fromX, fromY, toX, toY) = (n + 1, fromX + _fromX[i], fromY + _fromY[i], toX + _toX[i], toY + _toY[i]);
            }
        }

        (fromX, fromY, toX, toY) = (fromX / n, fromY / n, toX / n, toY / n);
        var (along, across, spread) = (0.0, 0.0, 0.0);
        for (var i = 0; i < _count; i++)
        {
            if (Agrees(i, last))
            {
                var (x, y, u, v) = (_fromX[i] - fromX, _fromY[i] - fromY, _toX[i] - toX, _toY[i] - toY);
                along += x * u + y * v;
                across += x * v - y * u;
                spread += x * x + y * y;
            }
        }

        return spread > 0 ? Shifted(along / spread, across / spread, fromX, fromY, toX, toY) : null;
    }

    private static AffineMotion Shifted(double a, double c, double fromX, double fromY, double toX, double toY) =>
        new(a, -c, toX - (a * fromX - c * fromY), c, a, toY - (c * fromX + a * fromY));

    private int CountAgreeing(AffineMotion motion)
    {
        var (a, b, tx) = (Vector256.Create((float)motion.A), Vector256.Create((float)motion.B), Vector256.Create((float)motion.Tx));
        var (c, d, ty) = (Vector256.Create((float)motion.C), Vector256.Create((float)motion.D), Vector256.Create((float)motion.Ty));
        var limit = Vector256.Create(reach * reach);
        ref var fromX = ref MemoryMarshal.GetArrayDataReference(_fromX);
        ref var fromY = ref MemoryMarshal.GetArrayDataReference(_fromY);
        ref var toX = ref MemoryMarshal.GetArrayDataReference(_toX);
        ref var toY = ref MemoryMarshal.GetArrayDataReference(_toY);
        var agreeing = Vector256<int>.Zero;
        for (var i = 0; i < _count; i += Vector256<float>.Count)
        {
            var (x, y) = (Vector256.LoadUnsafe(ref fromX, (nuint)i), Vector256.LoadUnsafe(ref fromY, (nuint)i));
            var awayX = a * x + b * y + tx - Vector256.LoadUnsafe(ref toX, (nuint)i);
            var awayY = c * x + d * y + ty - Vector256.LoadUnsafe(ref toY, (nuint)i);
            agreeing -= Vector256.LessThanOrEqual(awayX * awayX + awayY * awayY, limit).AsInt32();
        }

        return Vector256.Sum(agreeing);
    }

    /// <summary>Rounds after which one drew two good pairs with <see cref="Confidence"/>, if so large a share is bad.</summary>
    private static int RoundsFor(double badShare, int most)
    {
        var miss = 1 - Math.Pow(1 - badShare, 2);
        if (miss < double.Epsilon)
        {
            return 0;
        }

        var (wanted, each) = (Math.Log(1 - Confidence), Math.Log(miss));
        return each >= 0 || -wanted >= most * -each ? most : (int)Math.Round(wanted / each);
    }

    private void Take(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to)
    {
        _count = from.Length;
        var room = (_count + 7) & ~7;
        if (_fromX.Length < room)
        {
            (_fromX, _fromY, _toX, _toY) = (new float[2 * room], new float[2 * room], new float[2 * room], new float[2 * room]);
        }

        for (var i = 0; i < _count; i++)
        {
            (_fromX[i], _fromY[i], _toX[i], _toY[i]) = (from[i].X, from[i].Y, to[i].X, to[i].Y);
        }

        _toX.AsSpan(_count, room - _count).Fill(float.PositiveInfinity);
    }

    /// <summary>An index. Marsaglia's multiply-with-carry generator, with the factor and the start that make OpenCV's draws.</summary>
    private int Draw()
    {
        _random = (uint)_random * 4164903690UL + (_random >> 32);
        return (int)((uint)_random % (uint)_count);
    }
}
