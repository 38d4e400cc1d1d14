using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Masks of objects from prototypes and coefficients, straight to run lengths. A pixel is set where it lies in the box and its
/// bilinearly sampled logit is above 0. No mask is ever drawn: along an output column the logit is linear between grid cells, so each
/// change lies at a closed-form position between two cells of opposite sign; the pixels on both sides of it are evaluated,
/// so the result is that of evaluating every pixel. Safe for concurrent use.
/// </summary>
public sealed class PrototypeMasks(MaskMode mode)
{
    private const int Lanes = 8;

    // Tables per geometry: a few per job. Bounded because an archive of photos has as many sizes as it likes.
    private const int RememberedGeometries = 64;

    [ThreadStatic]
    private static Scratch? t_scratch;

    private readonly ConcurrentDictionary<(LetterboxTransform Letterbox, FrameSize Prototypes), PrototypeSampling> _samplings = new();

    /// <summary>Appends the mask of one object to <paramref name="runs"/>; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="coefficients">nm mask coefficients of the object.</param>
    /// <param name="prototypes">nm prototype maps, each row-major of <paramref name="prototypeSize"/>.</param>
    /// <param name="letterbox">How the frame lies in the network's input.</param>
    /// <param name="box">In frame pixels; pixel i is inside when X1 &lt;= i &lt; X2.</param>
    public bool TryAppend(
        ReadOnlySpan<float> coefficients,
        ReadOnlySpan<float> prototypes,
        FrameSize prototypeSize,
        in LetterboxTransform letterbox,
        in Box box,
        RunBuffer runs,
        out RleMask mask
    )
    {
        mask = default;
        if (PixelsOf(box, letterbox.Source) is not { } pixels)
        {
            return false;
        }

        var sampling = SamplingFor(letterbox, prototypeSize);
        var scratch = t_scratch ??= new Scratch();
        scratch.Patch.Compute(coefficients, prototypes, prototypeSize, sampling, CellsOf(pixels, sampling));
        return TryTrace(scratch, sampling, letterbox.Source, pixels, runs, out mask);
    }

    /// <summary>
    /// Appends the mask of one object whose logits were computed elsewhere; false, and nothing appended, when it has no pixel.
    /// </summary>
    /// <param name="logits">Coefficients times prototypes on the window of <see cref="TryWindow"/>, row-major.</param>
    internal bool TryAppend(
        ReadOnlySpan<float> logits,
        FrameSize prototypeSize,
        in LetterboxTransform letterbox,
        in Box box,
        RunBuffer runs,
        out RleMask mask
    )
    {
        mask = default;
        if (PixelsOf(box, letterbox.Source) is not { } pixels)
        {
            return false;
        }

        var sampling = SamplingFor(letterbox, prototypeSize);
        var scratch = t_scratch ??= new Scratch();
        scratch.Patch.Take(logits, prototypeSize, sampling, CellsOf(pixels, sampling));
        return TryTrace(scratch, sampling, letterbox.Source, pixels, runs, out mask);
    }

    /// <summary>The prototype cells that the mask of a box depends on; false for a box without a pixel.</summary>
    /// <param name="box">In frame pixels.</param>
    internal bool TryWindow(in LetterboxTransform letterbox, FrameSize prototypeSize, in Box box, out MapWindow window)
    {
        window = default;
        if (PixelsOf(box, letterbox.Source) is not { } pixels)
        {
            return false;
        }

        var sampling = SamplingFor(letterbox, prototypeSize);
        window = LogitPatch.Window(prototypeSize, sampling, CellsOf(pixels, sampling));
        return true;
    }

    /// <summary>The pixels [Left, Right) × [Top, Bottom) whose index lies in a box; null where there is none.</summary>
    private static (int Left, int Top, int Right, int Bottom)? PixelsOf(in Box box, FrameSize size)
    {
        var left = (int)Math.Max(0f, MathF.Ceiling(box.X1));
        var top = (int)Math.Max(0f, MathF.Ceiling(box.Y1));
        var right = (int)Math.Min(size.Width, MathF.Ceiling(box.X2));
        var bottom = (int)Math.Min(size.Height, MathF.Ceiling(box.Y2));
        return left < right && top < bottom && box.X1 < box.X2 && box.Y1 < box.Y2 ? (left, top, right, bottom) : null;
    }

    /// <summary>The grid cells between which pixels lie.</summary>
    private static MapWindow CellsOf((int Left, int Top, int Right, int Bottom) pixels, PrototypeSampling sampling)
    {
        var column = sampling.X.Index[pixels.Left];
        var row = sampling.Y.Index[pixels.Top];
        return new(column, row, sampling.X.Index[pixels.Right - 1] + 2 - column, sampling.Y.Index[pixels.Bottom - 1] + 2 - row);
    }

    /// <summary>From the logits of the patch to run lengths.</summary>
    private static bool TryTrace(
        Scratch scratch,
        PrototypeSampling sampling,
        FrameSize size,
        (int Left, int Top, int Right, int Bottom) box,
        RunBuffer runs,
        out RleMask mask
    )
    {
        mask = default;
        var cells = CellsOf(box, sampling);
        scratch.Begin(scratch.Patch.Stride);
        for (var x = box.Left; x < box.Right; x++)
        {
            AppendColumn(scratch, sampling, x, cells.Column, cells.Row, box.Top, box.Bottom, size.Height);
        }

        if (scratch.ToggleCount == 0)
        {
            return false;
        }

        var previous = 0;
        foreach (var toggle in scratch.Toggles)
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
    private static void AppendColumn(
        Scratch scratch,
        PrototypeSampling sampling,
        int x,
        int firstColumn,
        int firstRow,
        int top,
        int bottom,
        int height
    )
    {
        var patch = scratch.Patch;
        var column = (sampling.X.Index[x] - firstColumn) * patch.Stride;
        ref var near = ref MemoryMarshal.GetReference(patch.Values.Slice(column, 2 * patch.Stride));
        var far = (nuint)patch.Stride;
        var farShare = Vector256.Create(sampling.X.Weight[x]);
        var nearShare = Vector256<float>.One - farShare;
        var logits = scratch.Column;
        ref var logit = ref MemoryMarshal.GetReference(logits);

        scratch.Reserve(patch.Rows + 2);
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
                    scratch.Toggle(start + top);
                }
            }

            var changes = (positive ^ ((positive << 1) | above)) & (ulong.MaxValue >> (64 - count));
            above = (positive >> (count - 1)) & 1;
            for (; changes != 0; changes &= changes - 1)
            {
                var row = word + BitOperations.TrailingZeroCount(changes);
                scratch.Toggle(start + Crossing(sampling.Y, firstRow + row - 1, logits[row - 1], logits[row], top, bottom));
            }
        }

        if (above != 0)
        {
            scratch.Toggle(start + bottom);
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

    private PrototypeSampling SamplingFor(in LetterboxTransform letterbox, FrameSize prototypes)
    {
        if (_samplings.TryGetValue((letterbox, prototypes), out var sampling))
        {
            return sampling;
        }

        if (_samplings.Count >= RememberedGeometries)
        {
            _samplings.Clear();
        }

        return _samplings.GetOrAdd((letterbox, prototypes), PrototypeSampling.Create(letterbox, prototypes, mode));
    }

    /// <summary>Memory of one thread, reused from object to object.</summary>
    private sealed class Scratch
    {
        private float[] _column = [];
        private int[] _toggles = new int[1024];

        public LogitPatch Patch { get; } = new();

        /// <summary>Logits of one output column, one per grid row.</summary>
        public Span<float> Column => _column;

        public int ToggleCount { get; private set; }

        public ReadOnlySpan<int> Toggles => _toggles.AsSpan(0, ToggleCount);

        public void Begin(int rows)
        {
            ToggleCount = 0;
            if (_column.Length < rows)
            {
                _column = new float[rows];
            }
        }

        public void Reserve(int more)
        {
            if (ToggleCount + more > _toggles.Length)
            {
                Array.Resize(ref _toggles, 2 * (ToggleCount + more));
            }
        }

        /// <summary>Two switches at one pixel cancel out: a run that goes on into the next column, or a cell without a pixel.</summary>
        public void Toggle(int position)
        {
            if (ToggleCount > 0 && _toggles[ToggleCount - 1] == position)
            {
                ToggleCount--;
            }
            else
            {
                _toggles[ToggleCount++] = position;
            }
        }
    }
}
