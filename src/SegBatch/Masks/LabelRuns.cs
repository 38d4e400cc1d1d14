using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>Rows [Top, Bottom) of one column that carry one label.</summary>
internal readonly record struct LabelRun(int Column, int Top, int Bottom, int Label)
{
    public int Length => Bottom - Top;
}

/// <summary>
/// A picture of labels as runs, column by column from the left, each column from the top: the order of COCO's run lengths, so that masks
/// are made of it without a bitmap. Reused from picture to picture.
/// </summary>
internal sealed class LabelRuns
{
    /// <summary>The label of pixels that belong to nothing: they make no runs.</summary>
    public const ushort Nothing = ushort.MaxValue;

    private readonly List<LabelRun> _runs = [];
    private int[] _firstOfColumn = [];
    private int _columns;

    /// <summary>Size of the picture in pixels.</summary>
    public FrameSize Size { get; private set; }

    /// <summary>Every run, by column, then from the top.</summary>
    public ReadOnlySpan<LabelRun> Runs => CollectionsMarshal.AsSpan(_runs);

    /// <summary>The numbers of a column's runs: from the first value up to the second.</summary>
    public (int First, int End) Column(int column) => (_firstOfColumn[column], _firstOfColumn[column + 1]);

    /// <summary>Starts a picture.</summary>
    public void Begin(FrameSize size)
    {
        (Size, _columns) = (size, 0);
        _runs.Clear();
        if (_firstOfColumn.Length <= size.Width)
        {
            _firstOfColumn = new int[size.Width + 1];
        }

        _firstOfColumn[0] = 0;
    }

    /// <summary>Adds the next column.</summary>
    /// <param name="labels">One label for each row.</param>
    /// <exception cref="ArgumentException">The column has another length than the picture, or there is no column left.</exception>
    public void AddColumn(ReadOnlySpan<ushort> labels)
    {
        if (labels.Length != Size.Height || _columns >= Size.Width)
        {
            throw new ArgumentException($"a column of {labels.Length} rows after {_columns} columns does not fit {Size}", nameof(labels));
        }

        ref var first = ref MemoryMarshal.GetReference(labels);
        var (top, y) = (0, 1);
        for (; y <= labels.Length - Vector256<ushort>.Count; y += Vector256<ushort>.Count)
        {
            var same = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)y), Vector256.LoadUnsafe(ref first, (nuint)(y - 1)));
            for (var changes = ~same.ExtractMostSignificantBits() & 0xffff; changes != 0; changes &= changes - 1)
            {
                var end = y + BitOperations.TrailingZeroCount(changes);
                Add(top, end, labels[top]);
                top = end;
            }
        }

        for (; y < labels.Length; y++)
        {
            if (labels[y] != labels[y - 1])
            {
                Add(top, y, labels[top]);
                top = y;
            }
        }

        Add(top, labels.Length, labels[top]);
        _firstOfColumn[++_columns] = _runs.Count;
    }

    /// <summary>Adds a column that is the same as the last one.</summary>
    public void RepeatColumn()
    {
        var (first, end) = Column(_columns - 1);
        for (var i = first; i < end; i++)
        {
            _runs.Add(_runs[i] with { Column = _columns });
        }

        _firstOfColumn[++_columns] = _runs.Count;
    }

    private void Add(int top, int bottom, ushort label)
    {
        if (label != Nothing)
        {
            _runs.Add(new(_columns, top, bottom, label));
        }
    }
}
