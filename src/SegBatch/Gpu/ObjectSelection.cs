using SegBatch.Detection;
using SegBatch.Geometry;

namespace SegBatch.Gpu;

/// <summary>One object of a batch, and where its mask logits lie.</summary>
/// <param name="Picture">Index in the batch.</param>
/// <param name="Box">In frame pixels.</param>
/// <param name="FirstLogit">Index of the first of its logits, which are row-major.</param>
/// <param name="Logits">How many there are; 0 where the box has no pixel.</param>
internal readonly record struct SelectedObject(int Picture, Box Box, float Score, int ClassId, int FirstLogit, int Logits);

/// <summary>
/// From the rows of <see cref="SelectionGraph"/> to objects, and to the list of prototype cells whose logits their masks need.
/// Reused from batch to batch by one run at a time.
/// </summary>
internal sealed class ObjectSelection
{
    private const int Score = 4;
    private const int ClassId = 5;
    private const int Anchor = 6;

    private readonly Candidates _candidates = new();
    private readonly KeptBoxes _kept = new();
    private (int Anchor, int Row)[] _byAnchor = [];
    private int[] _objects = new int[4096];
    private int[] _cells = new int[4096];
    private int _count;

    /// <summary>The objects of the batch so far: picture by picture, best first.</summary>
    public List<SelectedObject> Items { get; } = [];

    /// <summary>Per cell: row of the coefficients.</summary>
    public ReadOnlySpan<int> Objects => _objects.AsSpan(0, _count);

    /// <summary>Per cell: its index over the prototypes of all pictures.</summary>
    public ReadOnlySpan<int> Cells => _cells.AsSpan(0, _count);

    /// <summary>Pictures whose every row passed: more candidates may have been there, worse than all that were looked at.</summary>
    public int FullPictures { get; private set; }

    public void Clear()
    {
        Items.Clear();
        _count = 0;
        FullPictures = 0;
    }

    /// <summary>
    /// Adds the objects of one picture: those that the host's head finds in the same predictions, in its order, as long as the rows
    /// hold all candidates. Where they do not, only objects are missing that score less than the last row: suppression goes by score.
    /// </summary>
    /// <param name="rows">[K, 7], of one picture.</param>
    /// <param name="masks">Tells the cells that a mask depends on.</param>
    public void Add(
        int picture,
        ReadOnlySpan<float> rows,
        in LetterboxTransform letterbox,
        DetectionOptions options,
        PrototypeMasks masks,
        FrameSize prototypes
    )
    {
        var best = rows.Length / SelectionGraph.RowValues;
        var passed = 0;
        Reserve(ref _byAnchor, best);
        for (var row = 0; row < best; row++)
        {
            if (rows[(row * SelectionGraph.RowValues) + Score] > options.Conf)
            {
                _byAnchor[passed++] = ((int)rows[(row * SelectionGraph.RowValues) + Anchor], row);
            }
        }

        FullPictures += passed == best ? 1 : 0;

        // In the order of anchors, so that equal scores are taken in that order, whatever order the device gave them.
        _byAnchor.AsSpan(0, passed).Sort();
        _candidates.Clear();
        foreach (var (_, row) in _byAnchor.AsSpan(0, passed))
        {
            var at = row * SelectionGraph.RowValues;
            _candidates.Add(row, (int)rows[at + ClassId], rows[at + Score]);
        }

        NonMaxSuppression.Run(_candidates, new AnchorRows(rows, 1, SelectionGraph.RowValues), options, _kept);
        for (var i = 0; i < _kept.Count; i++)
        {
            var (candidate, boxInTensor) = _kept[i];
            var (row, classId, score) = _candidates[candidate];
            var box = letterbox.ToFrame(boxInTensor);
            var first = _count;
            if (masks.TryWindow(letterbox, prototypes, box, out var window))
            {
                AddCells((picture * best) + row, picture, window, prototypes);
            }

            Items.Add(new SelectedObject(picture, box, score, classId, first, _count - first));
        }
    }

    private void AddCells(int coefficients, int picture, MapWindow window, FrameSize prototypes)
    {
        var more = window.Width * window.Height;
        Reserve(ref _objects, _count + more);
        Reserve(ref _cells, _count + more);
        _objects.AsSpan(_count, more).Fill(coefficients);
        var map = checked(picture * (int)prototypes.Area);
        for (var row = 0; row < window.Height; row++)
        {
            var cell = map + ((window.Row + row) * prototypes.Width) + window.Column;
            for (var column = 0; column < window.Width; column++)
            {
                _cells[_count++] = cell + column;
            }
        }
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, Math.Max(length, 2 * array.Length));
        }
    }
}
