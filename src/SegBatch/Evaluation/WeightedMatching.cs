namespace SegBatch.Evaluation;

/// <summary>An edge between a row and a column that could be matched.</summary>
internal readonly record struct WeightedEdge(int Row, int Column, double Weight);

/// <summary>
/// Pairs rows with columns so that the sum of weights is largest, in double precision: successive shortest paths with prices (Kuhn 1955;
/// Jonker and Volgenant 1987), over the edges that exist only. Rows may stay alone. One instance serves one thread; buffers are kept.
/// </summary>
internal sealed class WeightedMatching
{
    private const int None = -1;

    private readonly List<int> _reached = [];
    private int[] _rowStart = [];
    private int[] _columnOfRow = [];
    private int[] _rowOfColumn = [];
    private int[] _reachedFrom = [];
    private double[] _rowPrice = [];
    private double[] _columnPrice = [];
    private double[] _distance = [];
    private bool[] _isFinal = [];
    private double _alone;

    /// <param name="edges">By ascending row. Edges whose weight is not above 0 are never matched.</param>
    /// <returns>Column of each row, −1 for none; valid until the next call.</returns>
    public ReadOnlySpan<int> Solve(int rows, int columns, ReadOnlySpan<WeightedEdge> edges)
    {
        Reset(rows, columns);
        _alone = 0;
        foreach (var edge in edges)
        {
            _rowStart[edge.Row + 1]++;
            _alone = Math.Max(_alone, edge.Weight);
        }

        for (var row = 0; row < rows; row++)
        {
            _rowStart[row + 1] += _rowStart[row];
        }

        for (var row = 0; row < rows; row++)
        {
            if (_rowStart[row] < _rowStart[row + 1])
            {
                Add(row, edges);
            }
        }

        return _columnOfRow.AsSpan(0, rows);
    }

    private void Reset(int rows, int columns)
    {
        if (_columnOfRow.Length < rows)
        {
            (_rowStart, _columnOfRow, _rowPrice) = (new int[(2 * rows) + 1], new int[2 * rows], new double[2 * rows]);
        }

        if (_rowOfColumn.Length < columns)
        {
            (_rowOfColumn, _reachedFrom, _isFinal) = (new int[2 * columns], new int[2 * columns], new bool[2 * columns]);
            (_columnPrice, _distance) = (new double[2 * columns], new double[2 * columns]);
            _distance.AsSpan().Fill(double.PositiveInfinity);
        }

        _rowStart.AsSpan(0, Math.Min(_rowStart.Length, rows + 1)).Clear();
        _columnOfRow.AsSpan(0, rows).Fill(None);
        _rowOfColumn.AsSpan(0, columns).Fill(None);
        _rowPrice.AsSpan(0, rows).Clear();
        _columnPrice.AsSpan(0, columns).Clear();
    }

    /// <summary>Serves one more row at the least cost, where an edge costs the largest weight minus its own and staying alone costs that.</summary>
    private void Add(int newRow, ReadOnlySpan<WeightedEdge> edges)
    {
        var (row, walked) = (newRow, 0d);
        int last;
        var (aloneRow, aloneDistance) = (newRow, double.PositiveInfinity);
        while (true)
        {
            var alone = walked + _alone - _rowPrice[row];
            if (alone < aloneDistance)
            {
                (aloneRow, aloneDistance) = (row, alone);
            }

            Relax(row, walked, edges);
            last = Nearest();
            if (last == None || aloneDistance <= _distance[last] || _rowOfColumn[last] == None)
            {
                break;
            }

            _isFinal[last] = true;
            (row, walked) = (_rowOfColumn[last], _distance[last]);
        }

        var isAlone = last == None || aloneDistance <= _distance[last];
        Reprice(newRow, isAlone ? aloneDistance : _distance[last]);
        Augment(newRow, isAlone ? None : last, aloneRow);
        foreach (var column in _reached)
        {
            (_distance[column], _isFinal[column]) = (double.PositiveInfinity, false);
        }

        _reached.Clear();
    }

    private void Relax(int row, double walked, ReadOnlySpan<WeightedEdge> edges)
    {
        foreach (var edge in edges[_rowStart[row].._rowStart[row + 1]])
        {
            var distance = walked + (_alone - edge.Weight) - _rowPrice[row] - _columnPrice[edge.Column];
            if (edge.Weight <= 0 || _isFinal[edge.Column] || distance >= _distance[edge.Column])
            {
                continue;
            }

            if (double.IsPositiveInfinity(_distance[edge.Column]))
            {
                _reached.Add(edge.Column);
            }

            (_distance[edge.Column], _reachedFrom[edge.Column]) = (distance, row);
        }
    }

    private int Nearest()
    {
        var (nearest, least) = (None, double.PositiveInfinity);
        foreach (var column in _reached)
        {
            if (!_isFinal[column] && _distance[column] < least)
            {
                (nearest, least) = (column, _distance[column]);
            }
        }

        return nearest;
    }

    /// <summary>Keeps every reduced cost at 0 or above, and those of pairs made at 0.</summary>
    private void Reprice(int newRow, double end)
    {
        _rowPrice[newRow] += end;
        foreach (var column in _reached)
        {
            if (_isFinal[column])
            {
                _rowPrice[_rowOfColumn[column]] += end - _distance[column];
                _columnPrice[column] -= end - _distance[column];
            }
        }
    }

    private void Augment(int newRow, int column, int aloneRow)
    {
        if (column == None)
        {
            // The row that stays alone gives its column to the row that reached it.
            column = _columnOfRow[aloneRow];
            _columnOfRow[aloneRow] = None;
            if (aloneRow == newRow)
            {
                return;
            }
        }

        for (var row = None; row != newRow; )
        {
            row = _reachedFrom[column];
            _rowOfColumn[column] = row;
            (column, _columnOfRow[row]) = (_columnOfRow[row], column);
        }
    }
}
