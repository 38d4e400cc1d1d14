using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// From the sampled values of one object to run lengths: where they are above 0. No mask is ever drawn: along an output column the value
/// is linear between grid cells, so each change lies at a closed-form position between two cells of opposite sign; the pixels on both
/// sides of it are evaluated, so the result is that of evaluating every pixel. Memory of one thread, reused from object to object.
/// </summary>
internal sealed class MaskTracer
{
    private const int Lanes = 8;

    [ThreadStatic]
    private static MaskTracer? t_tracer;

    private float[] _column = [];
    private int[] _toggles = new int[1024];
    private int _toggleCount;

    public static MaskTracer OfThread => t_tracer ??= new MaskTracer();

    /// <summary>The values on the grid cells that the pixels depend on.</summary>
    public LogitPatch Patch { get; } = new();

    /// <summary>The grid cells between which pixels lie.</summary>
    public static MapWindow CellsOf((int Left, int Top, int Right, int Bottom) pixels, PrototypeSampling sampling)
    {
        var column = sampling.X.Index[pixels.Left];
        var row = sampling.Y.Index[pixels.Top];
        return new(column, row, sampling.X.Index[pixels.Right - 1] + 2 - column, sampling.Y.Index[pixels.Bottom - 1] + 2 - row);
    }

    /// <summary>Appends the mask of the patch to <paramref name="runs"/>; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="size">Of the frame.</param>
    /// <param name="box">The pixels [Left, Right) x [Top, Bottom) that may be set.</param>
    public bool TryTrace(
        PrototypeSampling sampling,
        FrameSize size,
        (int Left, int Top, int Right, int Bottom) box,
        RunBuffer runs,
        out RleMask mask
    )
    {
        mask = default;
        var cells = CellsOf(box, sampling);
        Begin(Patch.Stride);
        for (var x = box.Left; x < box.Right; x++)
        {
            AppendColumn(sampling, x, cells.Column, cells.Row, box.Top, box.Bottom, size.Height);
        }

        if (_toggleCount == 0)
        {
            return false;
        }

        var previous = 0;
        foreach (var toggle in _toggles.AsSpan(0, _toggleCount))
        {
            runs.Add(toggle - previous);
            previous = toggle;
        }

        var pixels = checked((int)size.Area);
        if (previous < pixels)
        {
            runs.Add(pixels - previous);
        }

        mask = new RleMask(size, runs.Take());
        return true;
    }

    /// <summary>Adds the positions (column-major pixel numbers) at which the mask switches on or off in one column.</summary>
    private void AppendColumn(PrototypeSampling sampling, int x, int firstColumn, int firstRow, int top, int bottom, int height)
    {
        var patch = Patch;
        var column = (sampling.X.Index[x] - firstColumn) * patch.Stride;
        ref var near = ref MemoryMarshal.GetReference(patch.Values.Slice(column, 2 * patch.Stride));
        var far = (nuint)patch.Stride;
        var farShare = Vector256.Create(sampling.X.Weight[x]);
        var nearShare = Vector256<float>.One - farShare;
        var logits = _column;
        ref var logit = ref MemoryMarshal.GetArrayDataReference(logits);

        Reserve(patch.Rows + 2);
        var start = x * height;
        var above = 0UL;
        for (var word = 0; word < patch.Rows; word += 64)
        {
            var count = Math.Min(64, patch.Rows - word);
            var positive = 0UL;
            for (var i = 0; i < count; i += Lanes)
            {
                var at = (nuint)(word + i);
                var blend = Vector256.MultiplyAddEstimate(
                    farShare,
                    Vector256.LoadUnsafe(ref near, at + far),
                    nearShare * Vector256.LoadUnsafe(ref near, at)
                );
                blend.StoreUnsafe(ref logit, at);
                positive |= (ulong)Vector256.GreaterThan(blend, Vector256<float>.Zero).ExtractMostSignificantBits() << i;
            }

            if (word == 0)
            {
                above = positive & 1;
                if (above != 0)
                {
                    Toggle(start + top);
                }
            }

            var changes = (positive ^ ((positive << 1) | above)) & (ulong.MaxValue >> (64 - count));
            above = (positive >> (count - 1)) & 1;
            for (; changes != 0; changes &= changes - 1)
            {
                var row = word + BitOperations.TrailingZeroCount(changes);
                Toggle(start + Crossing(sampling.Y, firstRow + row - 1, logits[row - 1], logits[row], top, bottom));
            }
        }

        if (above != 0)
        {
            Toggle(start + bottom);
        }
    }

    /// <summary>
    /// The first pixel of a cell, within [top, bottom], that has the sign of the cell's end; the cell's end where none has. The blend is
    /// monotonic in the weight also in floating point, so there is one change.
    /// </summary>
    private static int Crossing(AxisSampling axis, int cell, float begin, float end, int top, int bottom)
    {
        var low = Math.Max(axis.FirstPixel[cell], top);
        var high = Math.Min(axis.FirstPixel[cell + 1], bottom);
        var pixel = Math.Clamp(axis.PixelAt(cell + (begin / (begin - end))), low, high);
        var positiveAfter = end > 0f;
        while (pixel > low && IsPositive(axis.Weight[pixel - 1], begin, end) == positiveAfter)
        {
            pixel--;
        }

        while (pixel < high && IsPositive(axis.Weight[pixel], begin, end) != positiveAfter)
        {
            pixel++;
        }

        return pixel;
    }

    private static bool IsPositive(float weight, float begin, float end) => ((1f - weight) * begin) + (weight * end) > 0f;

    private void Begin(int rows)
    {
        _toggleCount = 0;
        if (_column.Length < rows)
        {
            _column = new float[rows];
        }
    }

    private void Reserve(int more)
    {
        if (_toggleCount + more > _toggles.Length)
        {
            Array.Resize(ref _toggles, 2 * (_toggleCount + more));
        }
    }

    /// <summary>Two switches at one pixel cancel out: a run that goes on into the next column, or a cell without a pixel.</summary>
    private void Toggle(int position)
    {
        if (_toggleCount > 0 && _toggles[_toggleCount - 1] == position)
        {
            _toggleCount--;
        }
        else
        {
            _toggles[_toggleCount++] = position;
        }
    }
}
