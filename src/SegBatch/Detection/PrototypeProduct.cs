using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>A rectangle of prototype cells.</summary>
internal readonly record struct MapWindow(int Column, int Row, int Width, int Height);

/// <summary>Mask coefficients times prototypes, on a window of the map only.</summary>
internal static class PrototypeProduct
{
    private const int Lanes = 8;

    /// <summary>Writes the window row by row, <paramref name="pitch"/> values apart.</summary>
    /// <param name="coefficients">nm values.</param>
    /// <param name="prototypes">nm maps, each row-major of <paramref name="size"/>.</param>
    public static void Multiply(
        ReadOnlySpan<float> coefficients,
        ReadOnlySpan<float> prototypes,
        FrameSize size,
        MapWindow window,
        Span<float> result,
        int pitch
    )
    {
        var plane = size.Width * size.Height;
        prototypes = prototypes[..(coefficients.Length * plane)];
        ref var maps = ref MemoryMarshal.GetReference(prototypes);
        ref var target = ref MemoryMarshal.GetReference(result[..(window.Height * pitch)]);
        for (var row = 0; row < window.Height; row++)
        {
            var from = (nuint)(((window.Row + row) * size.Width) + window.Column);
            var to = (nuint)(row * pitch);
            var left = window.Width;
            for (; left >= 4 * Lanes; left -= 4 * Lanes, from += 4 * Lanes, to += 4 * Lanes)
            {
                Four(coefficients, ref maps, from, (nuint)plane, ref target, to);
            }

            for (; left >= 2 * Lanes; left -= 2 * Lanes, from += 2 * Lanes, to += 2 * Lanes)
            {
                Two(coefficients, ref maps, from, (nuint)plane, ref target, to);
            }

            for (; left >= Lanes; left -= Lanes, from += Lanes, to += Lanes)
            {
                One(coefficients, ref maps, from, (nuint)plane, ref target, to);
            }

            for (; left > 0; left--, from++, to++)
            {
                var sum = 0f;
                for (var k = 0; k < coefficients.Length; k++)
                {
                    sum = float.MultiplyAddEstimate(coefficients[k], prototypes[(int)from + (k * plane)], sum);
                }

                result[(int)to] = sum;
            }
        }
    }

    private static void Four(ReadOnlySpan<float> coefficients, ref float maps, nuint from, nuint plane, ref float target, nuint to)
    {
        var a = Vector256<float>.Zero;
        var b = Vector256<float>.Zero;
        var c = Vector256<float>.Zero;
        var d = Vector256<float>.Zero;
        foreach (var coefficient in coefficients)
        {
            var factor = Vector256.Create(coefficient);
            a = Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref maps, from), a);
            b = Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref maps, from + Lanes), b);
            c = Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref maps, from + (2 * Lanes)), c);
            d = Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref maps, from + (3 * Lanes)), d);
            from += plane;
        }

        a.StoreUnsafe(ref target, to);
        b.StoreUnsafe(ref target, to + Lanes);
        c.StoreUnsafe(ref target, to + (2 * Lanes));
        d.StoreUnsafe(ref target, to + (3 * Lanes));
    }

    private static void Two(ReadOnlySpan<float> coefficients, ref float maps, nuint from, nuint plane, ref float target, nuint to)
    {
        var a = Vector256<float>.Zero;
        var b = Vector256<float>.Zero;
        foreach (var coefficient in coefficients)
        {
            var factor = Vector256.Create(coefficient);
            a = Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref maps, from), a);
            b = Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref maps, from + Lanes), b);
            from += plane;
        }

        a.StoreUnsafe(ref target, to);
        b.StoreUnsafe(ref target, to + Lanes);
    }

    private static void One(ReadOnlySpan<float> coefficients, ref float maps, nuint from, nuint plane, ref float target, nuint to)
    {
        var a = Vector256<float>.Zero;
        foreach (var coefficient in coefficients)
        {
            a = Vector256.MultiplyAddEstimate(Vector256.Create(coefficient), Vector256.LoadUnsafe(ref maps, from), a);
            from += plane;
        }

        a.StoreUnsafe(ref target, to);
    }
}
