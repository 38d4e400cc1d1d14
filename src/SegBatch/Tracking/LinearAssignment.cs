using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    // The pairs within the limit, row by row.
    private int[] _rowStart = new int[1];
    private int[] _pairColumn = new int[64];
    private double[] _pairCost = new double[64];

    private int[] _columnOfRow = [];
    private int[] _rowOfColumn = [];

    // Prices of the dual problem, then the shortest paths from the row being added, both by column but for _rowPrice.
    private double[] _rowPrice = [];
    private double[] _columnPrice = [];
    private double[] _distance = [];
    private int[] _reachedFrom = [];
    private bool[] _isFinal = [];
    private readonly List<int> _reached = [];

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
        ArgumentOutOfRangeException.ThrowIfLessThan(cost.Length, rows * columns);
        Reset(rows, columns, limit);
        for (var row = 0; row < rows; row++)
        {
            AddPairs(row, cost.Slice(row * columns, columns));
        }

        for (var row = 0; row < rows; row++)
        {
            AddRow(row);
        }
    }

    /// <summary>As above, where only a few of many pairs may be made at all.</summary>
    /// <param name="pairs">By row, then column; those above the limit are left out.</param>
    public void SolveSparse(IReadOnlyList<AssignmentPair> pairs, int rows, int columns, double limit)
    {
        Reset(rows, columns, limit);
        if (_pairColumn.Length < pairs.Count)
        {
            (_pairColumn, _pairCost) = (new int[2 * pairs.Count], new double[2 * pairs.Count]);
        }

        var (next, count) = (0, 0);
        for (var row = 0; row < rows; row++)
        {
            for (; next < pairs.Count && pairs[next].Row == row; next++)
            {
                if (pairs[next].Cost <= limit)
                {
                    (_pairColumn[count], _pairCost[count]) = (pairs[next].Column, pairs[next].Cost);
                    count++;
                }
            }

            _rowStart[row + 1] = count;
        }

        if (next < pairs.Count)
        {
            throw new ArgumentException(
                $"pair {next} is of row {pairs[next].Row}: pairs come by row, of rows 0 to {rows - 1}",
                nameof(pairs)
            );
        }

        for (var row = 0; row < rows; row++)
        {
            AddRow(row);
        }
    }

    private void Reset(int rows, int columns, double limit)
    {
        (_rows, _columns, _limit) = (rows, columns, limit);
        if (_columnOfRow.Length < rows)
        {
            var size = Math.Max(64, 2 * rows);
            (_rowStart, _columnOfRow, _rowPrice) = (new int[size + 1], new int[size], new double[size]);
        }

        if (_rowOfColumn.Length < columns)
        {
            var size = Math.Max(64, 2 * columns);
            (_rowOfColumn, _reachedFrom, _isFinal) = (new int[size], new int[size], new bool[size]);
            (_columnPrice, _distance) = (new double[size], new double[size]);
            _distance.AsSpan().Fill(double.PositiveInfinity);
        }

        _rowStart[0] = 0;
        _columnOfRow.AsSpan(0, rows).Fill(None);
        _rowOfColumn.AsSpan(0, columns).Fill(None);
        _rowPrice.AsSpan(0, rows).Clear();
        _columnPrice.AsSpan(0, columns).Clear();
    }

    private void AddPairs(int row, ReadOnlySpan<float> cost)
    {
        var count = _rowStart[row];
        if (_pairColumn.Length - count < cost.Length)
        {
            var size = 2 * (count + cost.Length);
            Array.Resize(ref _pairColumn, size);
            Array.Resize(ref _pairCost, size);
        }

        // Most pairs are far apart: eight are passed over at once. The bound is the next float, so that none at the limit is lost.
        var bound = Vector256.Create(MathF.BitIncrement((float)_limit));
        for (var column = 0; column < cost.Length; )
        {
            var end = Math.Min(column + Vector256<float>.Count, cost.Length);
            if (
                end - column == Vector256<float>.Count
                && !Vector256.LessThanOrEqualAny(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(cost), (nuint)column), bound)
            )
            {
                column = end;
                continue;
            }

            for (; column < end; column++)
            {
                if (cost[column] <= _limit)
                {
                    (_pairColumn[count], _pairCost[count]) = (column, cost[column]);
                    count++;
                }
            }
        }

        _rowStart[row + 1] = count;
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
            var column = Nearest();
            if (column == None || aloneDistance < _distance[column])
            {
                (endColumn, endDistance) = (None, aloneDistance);
                break;
            }

            if (_rowOfColumn[column] == None)
            {
                (endColumn, endDistance) = (column, _distance[column]);
                break;
            }

            _isFinal[column] = true;
            (row, walked) = (_rowOfColumn[column], _distance[column]);
        }

        Reprice(newRow, endDistance);
        Augment(newRow, endColumn, aloneRow);
        foreach (var column in _reached)
        {
            (_distance[column], _isFinal[column]) = (double.PositiveInfinity, false);
        }

        _reached.Clear();
    }

    private void Relax(int row, double walked)
    {
        for (var pair = _rowStart[row]; pair < _rowStart[row + 1]; pair++)
        {
            var column = _pairColumn[pair];
            var distance = walked + (_pairCost[pair] - _rowPrice[row] - _columnPrice[column]);
            if (_isFinal[column] || distance >= _distance[column])
            {
                continue;
            }

            if (double.IsPositiveInfinity(_distance[column]))
            {
                _reached.Add(column);
            }

            (_distance[column], _reachedFrom[column]) = (distance, row);
        }
    }

    /// <summary>The column reached at the least distance: among equals a free one, then the lowest.</summary>
    private int Nearest()
    {
        var (nearest, least, isTaken) = (None, double.PositiveInfinity, true);
        foreach (var column in _reached)
        {
            if (_isFinal[column] || _distance[column] > least)
            {
                continue;
            }

            var taken = _rowOfColumn[column] != None;
            if (_distance[column] < least || (isTaken && !taken) || (isTaken == taken && column < nearest))
            {
                (nearest, least, isTaken) = (column, _distance[column], taken);
            }
        }

        return nearest;
    }

    /// <summary>Keeps every reduced cost at 0 or above, and those of pairs made at 0.</summary>
    private void Reprice(int newRow, double endDistance)
    {
        _rowPrice[newRow] += endDistance;
        foreach (var column in _reached)
        {
            if (_isFinal[column])
            {
                var gain = endDistance - _distance[column];
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
            row = _reachedFrom[column];
            _rowOfColumn[column] = row;
            (column, _columnOfRow[row]) = (_columnOfRow[row], column);
        }
    }
}
