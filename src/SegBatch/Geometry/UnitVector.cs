using System.Numerics;
using System.Runtime.InteropServices;

namespace SegBatch.Geometry;

/// <summary>Vectors of length 1, whose product is the cosine of the angle between them.</summary>
internal static class UnitVector
{
    /// <summary>Sum of products of two vectors of the same dimensions.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i++)
        {
            sums += left[i] * right[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Brings a vector to length 1; one without a direction (of zeros, or not finite) becomes zeros.</summary>
    public static void Normalize(Span<float> vector)
    {
        var norm = MathF.Sqrt(Dot(vector, vector));
        if (!(norm > 0 && float.IsFinite(norm)))
        {
            vector.Clear();
            return;
        }

        foreach (ref var value in vector)
        {
            value /= norm;
        }
    }
}
