using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// 1 - IoU between boxes of two lists, eight pairs at a time, in single precision with the arithmetic of <see cref="Box.IoU"/>.
/// Buffers are kept: no allocation once warm.
/// </summary>
internal sealed class BoxDistances
{
    private readonly List<Box> _rows = [];
    private float[] _left = [];
    private float[] _top = [];
    private float[] _right = [];
    private float[] _bottom = [];
    private float[] _area = [];
    private float[] _score = [];
    private float[] _distances = [];

    public int Rows => _rows.Count;

    public int Columns { get; private set; }

    public void Clear()
    {
        _rows.Clear();
        Columns = 0;
    }

    public void AddRow(Box box) => _rows.Add(box);

    public void AddColumn(Box box, float score = 1)
    {
        if (Columns + Vector256<float>.Count >= _left.Length)
        {
            var size = Math.Max(64, 2 * _left.Length);
            Array.Resize(ref _left, size);
            Array.Resize(ref _top, size);
            Array.Resize(ref _right, size);
            Array.Resize(ref _bottom, size);
            Array.Resize(ref _area, size);
            Array.Resize(ref _score, size);
        }

        (_left[Columns], _top[Columns], _right[Columns], _bottom[Columns]) = (box.X1, box.Y1, box.X2, box.Y2);
        (_area[Columns], _score[Columns]) = (box.Area, score);
        Columns++;
    }

    /// <summary>Rows × columns distances, row by row, the caller's to change until the next call.</summary>
    /// <param name="fuseScores">Multiply the IoU by the column's score.</param>
    public Span<float> Compute(bool fuseScores)
    {
        // The last vector of a row may run into the next one, which is written later.
        if (_distances.Length < Rows * Columns + Vector256<float>.Count)
        {
            _distances = new float[2 * (Rows * Columns + Vector256<float>.Count)];
        }

        for (var row = 0; row < Rows; row++)
        {
            ComputeRow(_rows[row], _distances.AsSpan(row * Columns), fuseScores);
        }

        return _distances.AsSpan(0, Rows * Columns);
    }

    private void ComputeRow(Box row, Span<float> distances, bool fuseScores)
    {
        var left = Vector256.Create(row.X1);
        var top = Vector256.Create(row.Y1);
        var right = Vector256.Create(row.X2);
        var bottom = Vector256.Create(row.Y2);
        var area = Vector256.Create(row.Area);
        var one = Vector256<float>.One;
        for (var column = 0; column < Columns; column += Vector256<float>.Count)
        {
            var width = Vector256.Min(right, At(_right, column)) - Vector256.Max(left, At(_left, column));
            var height = Vector256.Min(bottom, At(_bottom, column)) - Vector256.Max(top, At(_top, column));
            var intersection = Vector256.Max(Vector256<float>.Zero, width) * Vector256.Max(Vector256<float>.Zero, height);
            var union = area + At(_area, column) - intersection;
            var iou = Vector256.ConditionalSelect(
                Vector256.GreaterThan(union, Vector256<float>.Zero),
                intersection / union,
                Vector256<float>.Zero
            );
            var distance = one - iou;
            if (fuseScores)
            {
                // Back through 1 - distance: the reference rounds there too.
                distance = one - (one - distance) * At(_score, column);
            }

            distance.StoreUnsafe(ref MemoryMarshal.GetReference(distances), (nuint)column);
        }
    }

    private static Vector256<float> At(float[] values, int index) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)index);
}
