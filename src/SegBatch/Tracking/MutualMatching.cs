namespace SegBatch.Tracking;

/// <summary>
/// Pairs tracklets with detections that are each other's nearest, round by round: those pairs are taken out, the limit falls by a step, and
/// the next round looks at what is left, until a round finds none (track-perspective association, Shim et al. 2025, see
/// <see cref="TrackTracker"/>). Ties go to the lower row or column. Buffers are kept: no allocation once warm.
/// </summary>
internal sealed class MutualMatching
{
    private const int None = -1;

    private int[] _columnOfRow = [];
    private int[] _rowOfColumn = [];
    private int[] _nearestRow = [];
    private int _rows;
    private int _columns;

    /// <summary>Column of each row of the last problem, -1 for a row left alone.</summary>
    public ReadOnlySpan<int> ColumnOfRow => _columnOfRow.AsSpan(0, _rows);

    /// <summary>Row of each column of the last problem, -1 for a column left alone.</summary>
    public ReadOnlySpan<int> RowOfColumn => _rowOfColumn.AsSpan(0, _columns);

    /// <param name="costs">rows × columns, row by row; infinite for a pair that must not be made.</param>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">0 or more.</param>
    /// <param name="limit">Largest cost of a pair in the first round.</param>
    /// <param name="step">By how much the limit falls from round to round.</param>
    public void Solve(ReadOnlySpan<double> costs, int rows, int columns, double limit, double step)
    {
        (_rows, _columns) = (rows, columns);
        if (_columnOfRow.Length < rows)
        {
            _columnOfRow = new int[2 * rows];
        }

        if (_rowOfColumn.Length < columns)
        {
            (_rowOfColumn, _nearestRow) = (new int[2 * columns], new int[2 * columns]);
        }

        _columnOfRow.AsSpan(0, rows).Fill(None);
        _rowOfColumn.AsSpan(0, columns).Fill(None);
        while (Round(costs, limit))
        {
            limit -= step;
        }
    }

    private bool Round(ReadOnlySpan<double> costs, double limit)
    {
        for (var column = 0; column < _columns; column++)
        {
            _nearestRow[column] = _rowOfColumn[column] == None ? NearestRow(costs, column) : None;
        }

        var found = false;
        for (var row = 0; row < _rows; row++)
        {
            // A pair made in this round must not change what is nearest for the others: the lists of the round's start decide.
            if (
                _columnOfRow[row] == None
                && NearestColumn(costs, row) is not None and var column
                && _nearestRow[column] == row
                && costs[row * _columns + column] <= limit
            )
            {
                (_columnOfRow[row], _rowOfColumn[column]) = (column, row);
                found = true;
            }
        }

        return found;
    }

    private int NearestRow(ReadOnlySpan<double> costs, int column)
    {
        var (nearest, least) = (None, double.PositiveInfinity);
        for (var row = 0; row < _rows; row++)
        {
            if (_columnOfRow[row] == None && costs[row * _columns + column] < least)
            {
                (nearest, least) = (row, costs[row * _columns + column]);
            }
        }

        return nearest;
    }

    private int NearestColumn(ReadOnlySpan<double> costs, int row)
    {
        var (nearest, least) = (None, double.PositiveInfinity);
        for (var column = 0; column < _columns; column++)
        {
            // Free when the round began: those taken since have a nearest row.
            if ((_rowOfColumn[column] == None || _nearestRow[column] != None) && costs[row * _columns + column] < least)
            {
                (nearest, least) = (column, costs[row * _columns + column]);
            }
        }

        return nearest;
    }
}
