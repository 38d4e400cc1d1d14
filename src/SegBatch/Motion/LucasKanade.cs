using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Motion;

/// <summary>
/// Follows points from one picture to the next: at each level of the pyramids, from the coarsest, the window around a point is moved until it
/// looks as before, by Gauss–Newton steps with the gradients of the first picture (Lucas and Kanade, IJCAI 1981, in the form of Bouguet, Pyramidal
/// implementation of the affine Lucas Kanade feature tracker, Intel 2001, sections 2.3 and 2.4). Samples are 16-bit numbers in 1/32 of a level.
/// </summary>
/// <param name="window">Side of the window, pixels: odd, at most <see cref="WidestWindow"/>.</param>
/// <param name="steps">Steps per level at most.</param>
/// <param name="precision">A shorter step is the last one, pixels of level 0.</param>
/// <param name="coarsePrecision">The same on the other levels, in their pixels.</param>
internal sealed class LucasKanade(int window, int steps, float precision, float coarsePrecision)
{
    public const int WidestWindow = 21;

    private const int ExtraBits = 5;
    private const int Lanes = 16;

    /// <summary>The smaller eigenvalue per sample of the window that still counts as a corner; the same scale as the gradients'.</summary>
    private const float LeastEigenvalue = 1e-4f;

    /// <summary>Single precision next to 1.</summary>
    private const float LeastDeterminant = 1.1920929e-7f;

    /// <summary>Gradients are 32 times too large, samples as well; with 1/1024 numbers stay small.</summary>
    private const float Scale = 1f / (1 << 20);

    private readonly int _chunks = (window + Lanes - 1) / Lanes;
    private readonly short[] _samples = new short[WidestWindow * 2 * Lanes];
    private readonly short[] _gradientsX = new short[WidestWindow * 2 * Lanes];
    private readonly short[] _gradientsY = new short[WidestWindow * 2 * Lanes];
    private readonly float _half = (window - 1) * 0.5f;

    /// <summary>Second moments of the gradients in the window.</summary>
    private readonly record struct Moments(float Xx, float Xy, float Yy)
    {
        public float Determinant => Xx * Yy - Xy * Xy;
    }

    /// <summary>Follows one point.</summary>
    /// <param name="from">The first picture.</param>
    /// <param name="to">The second one, of the same size.</param>
    /// <param name="point">Position in the first one, pixels of level 0; a sample's centre is a whole number.</param>
    /// <param name="found">Where it is in the second one.</param>
    /// <returns>Whether it was found: the window has enough texture, and the point is still in the picture.</returns>
    public bool Follow(GrayPyramid from, GrayPyramid to, Vector2 point, out Vector2 found)
    {
        var isFound = true;
        found = point / (1 << (from.Count - 1));
        for (var level = from.Count - 1; level >= 0; level--)
        {
            if (level < from.Count - 1)
            {
                found *= 2;
            }

            if (!FollowAt(level, from, to, point / (1 << level), ref found) && level == 0)
            {
                isFound = false;
            }
        }

        return isFound;
    }

    private bool FollowAt(int level, GrayPyramid from, GrayPyramid to, Vector2 point, ref Vector2 found)
    {
        var corner = point - new Vector2(_half);
        var (x, y) = ((int)MathF.Floor(corner.X), (int)MathF.Floor(corner.Y));
        if (IsOutside(x, y, from[level]))
        {
            return false;
        }

        var moments = TakeWindow(from[level], from.Gradients(level), x, y, new BilinearWindow(corner.X - x, corner.Y - y));
        var (sum, difference) = (moments.Yy + moments.Xx, moments.Xx - moments.Yy);
        var least = (sum - MathF.Sqrt(difference * difference + 4 * moments.Xy * moments.Xy)) / (2 * window * window);
        if (least < LeastEigenvalue || moments.Determinant < LeastDeterminant)
        {
            return false;
        }

        return Move(to[level], moments, level == 0 ? precision : coarsePrecision, ref found);
    }

    private bool Move(GrayPlane to, Moments moments, float last, ref Vector2 found)
    {
        var inverse = 1 / moments.Determinant;
        var position = found - new Vector2(_half);
        var before = Vector2.Zero;
        for (var step = 0; step < steps; step++)
        {
            var (x, y) = ((int)MathF.Floor(position.X), (int)MathF.Floor(position.Y));
            if (IsOutside(x, y, to))
            {
                return false;
            }

            var (pullX, pullY) = Compare(to, x, y, new BilinearWindow(position.X - x, position.Y - y));
            var move = new Vector2(
                (moments.Xy * pullY - moments.Yy * pullX) * inverse,
                (moments.Xy * pullX - moments.Xx * pullY) * inverse
            );
            position += move;
            found = position + new Vector2(_half);
            if (move.LengthSquared() <= last * last)
            {
                break;
            }

            // Going to and fro: the middle is the best there is.
            if (step > 0 && MathF.Abs(move.X + before.X) < 0.01f && MathF.Abs(move.Y + before.Y) < 0.01f)
            {
                found -= move * 0.5f;
                break;
            }

            before = move;
        }

        var end = found - new Vector2(_half);
        return !IsOutside((int)MathF.Floor(end.X), (int)MathF.Floor(end.Y), to);
    }

    private bool IsOutside(int x, int y, GrayPlane plane) => x < -window || x >= plane.Size.Width || y < -window || y >= plane.Size.Height;

    /// <summary>Takes samples and gradients of the window whose top left corner lies between the samples at x, y and the next.</summary>
    private Moments TakeWindow(GrayPlane plane, GradientPlane gradients, int x, int y, BilinearWindow between)
    {
        var (xx, xy, yy) = (0L, 0L, 0L);
        for (var chunk = 0; chunk < _chunks; chunk++)
        {
            var left = x + chunk * Lanes;
            var inside = Vector256.LessThan(Vector256<short>.Indices, Vector256.Create((short)(window - chunk * Lanes)));
            var (sumXx, sumXy, sumYy) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
            ref var row = ref plane.At(left, y);
            ref var rowX = ref gradients.X(left, y);
            ref var rowY = ref gradients.Y(left, y);
            var (above, aboveX, aboveY) = (Neighbours.Of(ref row, 0), Neighbours.Of(ref rowX, 0), Neighbours.Of(ref rowY, 0));
            for (var i = 0; i < window; i++)
            {
                row = ref Unsafe.Add(ref row, plane.Stride);
                rowX = ref Unsafe.Add(ref rowX, gradients.Stride);
                rowY = ref Unsafe.Add(ref rowY, gradients.Stride);
                var (below, belowX, belowY) = (Neighbours.Of(ref row, 0), Neighbours.Of(ref rowX, 0), Neighbours.Of(ref rowY, 0));
                var gradientX = between.Between(aboveX, belowX, 0) & inside;
                var gradientY = between.Between(aboveY, belowY, 0) & inside;
                var place = (i * _chunks + chunk) * Lanes;
                between.Between(above, below, ExtraBits).StoreUnsafe(ref _samples[place]);
                gradientX.StoreUnsafe(ref _gradientsX[place]);
                gradientY.StoreUnsafe(ref _gradientsY[place]);
                sumXx += BilinearWindow.Product(gradientX, gradientX);
                sumXy += BilinearWindow.Product(gradientX, gradientY);
                sumYy += BilinearWindow.Product(gradientY, gradientY);
                (above, aboveX, aboveY) = (below, belowX, belowY);
            }

            (xx, xy, yy) = (xx + Total(sumXx), xy + Total(sumXy), yy + Total(sumYy));
        }

        return new Moments(xx * Scale, xy * Scale, yy * Scale);
    }

    /// <summary>What is different in the second picture, times the gradients.</summary>
    private (float X, float Y) Compare(GrayPlane plane, int x, int y, BilinearWindow between)
    {
        var (pullX, pullY) = (0L, 0L);
        for (var chunk = 0; chunk < _chunks; chunk++)
        {
            var (sumX, sumY) = (Vector256<int>.Zero, Vector256<int>.Zero);
            ref var row = ref plane.At(x + chunk * Lanes, y);
            ref var samples = ref _samples[chunk * Lanes];
            ref var gradientsX = ref _gradientsX[chunk * Lanes];
            ref var gradientsY = ref _gradientsY[chunk * Lanes];
            var above = Neighbours.Of(ref row, 0);
            var place = (nuint)0;
            for (var i = 0; i < window; i++)
            {
                row = ref Unsafe.Add(ref row, plane.Stride);
                var below = Neighbours.Of(ref row, 0);
                var difference = between.Between(above, below, ExtraBits) - Vector256.LoadUnsafe(ref samples, place);
                sumX += BilinearWindow.Product(difference, Vector256.LoadUnsafe(ref gradientsX, place));
                sumY += BilinearWindow.Product(difference, Vector256.LoadUnsafe(ref gradientsY, place));
                above = below;
                place += (nuint)(_chunks * Lanes);
            }

            (pullX, pullY) = (pullX + Total(sumX), pullY + Total(sumY));
        }

        return (pullX * Scale, pullY * Scale);
    }

    /// <summary>Sum of the parts, which together may need more than 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Total(Vector256<int> parts)
    {
        var (lower, upper) = Vector256.Widen(parts);
        return Vector256.Sum(lower + upper);
    }
}
