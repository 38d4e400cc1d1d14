using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Letterboxing;

/// <summary>From levels divided by 255 to the values of a convention, a row of one channel at a time.</summary>
/// <param name="Factor">255 / deviation.</param>
/// <param name="Offset">-mean / deviation.</param>
internal readonly record struct ChannelScale(float Factor, float Offset)
{
    /// <summary>One for each channel of the input; null where values stay as they are.</summary>
    public static ChannelScale[]? Of(InputConvention convention) =>
        convention is { Mean: var mean, Deviation: var deviation } && (mean != default || deviation != new System.Numerics.Vector3(255))
            ? [.. Enumerable.Range(0, 3).Select(i => new ChannelScale(255f / deviation[i], -mean[i] / deviation[i]))]
            : null;

    public void Apply(Span<float> row)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        var (factor, offset) = (Vector256.Create(Factor), Vector256.Create(Offset));
        var x = 0;
        for (; x <= row.Length - Vector256<float>.Count; x += Vector256<float>.Count)
        {
            Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref first, (nuint)x), factor, offset).StoreUnsafe(ref first, (nuint)x);
        }

        for (; x < row.Length; x++)
        {
            row[x] = (row[x] * Factor) + Offset;
        }
    }
}
