namespace SegBatch.Tracking;

/// <summary>
/// The columns that a shortest path of <see cref="LinearAssignment"/> has reached: how far each lies, from which row it was reached, and
/// whether that is final. Buffers are kept: no allocation once warm.
/// </summary>
internal sealed class ColumnFrontier
{
    private readonly List<int> _reached = [];
    private double[] _distance = [];
    private int[] _reachedFrom = [];
    private bool[] _isFinal = [];

    /// <summary>Columns reached, in the order in which they were.</summary>
    public List<int> Reached => _reached;

    /// <summary>Infinite for a column not reached.</summary>
    public double DistanceTo(int column) => _distance[column];

    /// <summary>The row that a column was reached from.</summary>
    public int RowBefore(int column) => _reachedFrom[column];

    public bool IsFinal(int column) => _isFinal[column];

    /// <summary>Makes room, when nothing is reached.</summary>
    public void Reserve(int columns)
    {
        if (_distance.Length < columns)
        {
            var size = Math.Max(64, 2 * columns);
            (_distance, _reachedFrom, _isFinal) = (new double[size], new int[size], new bool[size]);
            _distance.AsSpan().Fill(double.PositiveInfinity);
        }
    }

    /// <summary>A row leads to a column; only a shorter way than the known one counts.</summary>
    public void Reach(int column, int row, double distance)
    {
        if (_isFinal[column] || distance >= _distance[column])
        {
            return;
        }

        if (double.IsPositiveInfinity(_distance[column]))
        {
            _reached.Add(column);
        }

        (_distance[column], _reachedFrom[column]) = (distance, row);
    }

    /// <summary>No way to this column can be shorter.</summary>
    public void Settle(int column) => _isFinal[column] = true;

    /// <summary>The column reached at the least distance, not final: among equals a free one, then the lowest; -1 for none.</summary>
    /// <param name="rowOfColumn">Below 0 for a free one.</param>
    public int Nearest(ReadOnlySpan<int> rowOfColumn)
    {
        var (nearest, least, isTaken) = (-1, double.PositiveInfinity, true);
        foreach (var column in _reached)
        {
            if (_isFinal[column] || _distance[column] > least)
            {
                continue;
            }

            var taken = rowOfColumn[column] >= 0;
            if (_distance[column] < least || (isTaken && !taken) || (isTaken == taken && column < nearest))
            {
                (nearest, least, isTaken) = (column, _distance[column], taken);
            }
        }

        return nearest;
    }

    /// <summary>Nothing is reached.</summary>
    public void Clear()
    {
        foreach (var column in _reached)
        {
            (_distance[column], _isFinal[column]) = (double.PositiveInfinity, false);
        }

        _reached.Clear();
    }
}
