namespace SegBatch.Tracking;

/// <summary>A pair that may be made, and what it costs; less than nothing is allowed.</summary>
internal readonly record struct AssignmentPair(int Row, int Column, double Cost);

/// <summary>
/// Assigns rows to columns so that the sum of cost over the pairs, with <c>limit</c> counted for every row left alone, is least. This
/// is what lapjv answers with <c>extend_cost</c> and <c>cost_limit</c>, which extends n × m costs to a square of n + m with limit / 2
/// in the off-diagonal blocks and 0 in the lower right; it is not the unlimited optimum with dear pairs dropped.
/// Pairs above the limit never help, so only the others are looked at. Rows are added one by one along shortest augmenting paths
/// (Jonker and Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 38, 1987).
/// Ties go to the lower row, then to the lower column, and a pair at the limit itself is made. Buffers are kept: no allocation once warm.
/// </summary>
internal sealed class LinearAssignment
{
    private const int None = -1;

    private readonly AssignmentCosts _costs = new();
    private readonly ColumnFrontier _frontier = new();
    private int[] _columnOfRow = [];
    private int[] _rowOfColumn = [];

    // Prices of the dual problem.
    private double[] _rowPrice = [];
    private double[] _columnPrice = [];

    private int _rows;
    private int _columns;
    private double _limit;

    /// <summary>Column of each row of the last problem, -1 for a row left alone.</summary>
    public ReadOnlySpan<int> ColumnOfRow => _columnOfRow.AsSpan(0, _rows);

    /// <summary>Row of each column of the last problem, -1 for a column left alone.</summary>
    public ReadOnlySpan<int> RowOfColumn => _rowOfColumn.AsSpan(0, _columns);

    /// <param name="cost">rows × columns, row by row; infinite or not a number for a pair that must not be made.</param>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">0 or more.</param>
    /// <param name="limit">What leaving a row and a column alone costs, together.</param>
    public void Solve(ReadOnlySpan<float> cost, int rows, int columns, double limit)
    {
        _costs.Take(cost, rows, columns, limit);
        Solve(rows, columns, limit);
    }

    /// <summary>As above, where only a few of many pairs may be made at all.</summary>
    /// <param name="pairs">By row, then column; those above the limit are left out.</param>
    /// <exception cref="ArgumentException">They are not by row.</exception>
    public void SolveSparse(ReadOnlySpan<AssignmentPair> pairs, int rows, int columns, double limit)
    {
        _costs.Take(pairs, rows, limit);
        Solve(rows, columns, limit);
    }

    private void Solve(int rows, int columns, double limit)
    {
        (_rows, _columns, _limit) = (rows, columns, limit);
        if (_columnOfRow.Length < rows)
        {
            var size = Math.Max(64, 2 * rows);
            (_columnOfRow, _rowPrice) = (new int[size], new double[size]);
        }

        if (_rowOfColumn.Length < columns)
        {
            var size = Math.Max(64, 2 * columns);
            (_rowOfColumn, _columnPrice) = (new int[size], new double[size]);
        }

        _frontier.Reserve(columns);
        _columnOfRow.AsSpan(0, rows).Fill(None);
        _rowOfColumn.AsSpan(0, columns).Fill(None);
        _rowPrice.AsSpan(0, rows).Clear();
        _columnPrice.AsSpan(0, columns).Clear();
        for (var row = 0; row < rows; row++)
        {
            AddRow(row);
        }
    }

    /// <summary>Finds the cheapest way to serve one more row: a free column, or leaving one of the rows on the way alone.</summary>
    private void AddRow(int newRow)
    {
        var (row, walked) = (newRow, 0d);
        var (aloneRow, aloneDistance) = (newRow, double.PositiveInfinity);
        int endColumn;
        double endDistance;
        while (true)
        {
            if (walked + (_limit - _rowPrice[row]) is var alone && alone < aloneDistance)
            {
                (aloneRow, aloneDistance) = (row, alone);
            }

            Relax(row, walked);
            var column = _frontier.Nearest(_rowOfColumn);
            if (column == None || aloneDistance < _frontier.DistanceTo(column))
            {
                (endColumn, endDistance) = (None, aloneDistance);
                break;
            }

            if (_rowOfColumn[column] == None)
            {
                (endColumn, endDistance) = (column, _frontier.DistanceTo(column));
                break;
            }

            _frontier.Settle(column);
            (row, walked) = (_rowOfColumn[column], _frontier.DistanceTo(column));
        }

        Reprice(newRow, endDistance);
        Augment(newRow, endColumn, aloneRow);
        _frontier.Clear();
    }

    private void Relax(int row, double walked)
    {
        var costs = _costs.Costs(row);
        var columns = _costs.Columns(row);
        for (var pair = 0; pair < columns.Length; pair++)
        {
            var column = columns[pair];
            _frontier.Reach(column, row, walked + (costs[pair] - _rowPrice[row] - _columnPrice[column]));
        }
    }

    /// <summary>Keeps every reduced cost at 0 or above, and those of pairs made at 0.</summary>
    private void Reprice(int newRow, double endDistance)
    {
        _rowPrice[newRow] += endDistance;
        foreach (var column in _frontier.Reached)
        {
            if (_frontier.IsFinal(column))
            {
                var gain = endDistance - _frontier.DistanceTo(column);
                _rowPrice[_rowOfColumn[column]] += gain;
                _columnPrice[column] -= gain;
            }
        }
    }

    private void Augment(int newRow, int endColumn, int aloneRow)
    {
        var column = endColumn;
        if (column == None)
        {
            // The row left alone gives its column to the row that reached it.
            column = _columnOfRow[aloneRow];
            _columnOfRow[aloneRow] = None;
            if (aloneRow == newRow)
            {
                return;
            }
        }

        for (var row = None; row != newRow; )
        {
            row = _frontier.RowBefore(column);
            _rowOfColumn[column] = row;
            (column, _columnOfRow[row]) = (_columnOfRow[row], column);
        }
    }
}
