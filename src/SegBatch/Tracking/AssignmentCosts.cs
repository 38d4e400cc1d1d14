using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Tracking;

/// <summary>The pairs of an assignment problem that cost no more than a limit, row by row. Buffers are kept: no allocation once warm.</summary>
internal sealed class AssignmentCosts
{
    private int[] _rowStart = new int[1];
    private int[] _column = new int[64];
    private double[] _cost = new double[64];

    /// <summary>Columns of a row's pairs.</summary>
    public ReadOnlySpan<int> Columns(int row) => _column.AsSpan(_rowStart[row].._rowStart[row + 1]);

    /// <summary>What a row's pairs cost, in the order of <see cref="Columns"/>.</summary>
    public ReadOnlySpan<double> Costs(int row) => _cost.AsSpan(_rowStart[row].._rowStart[row + 1]);

    /// <param name="cost">rows × columns, row by row.</param>
    public void Take(ReadOnlySpan<float> cost, int rows, int columns, double limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost.Length, rows * columns);
        BeginRows(rows);
        for (var row = 0; row < rows; row++)
        {
            var count = _rowStart[row];
            Reserve(count, columns);
            _rowStart[row + 1] = AddRow(cost.Slice(row * columns, columns), count, limit);
        }
    }

    /// <param name="pairs">By row.</param>
    /// <exception cref="ArgumentException">They are not, or of other rows.</exception>
    public void Take(ReadOnlySpan<AssignmentPair> pairs, int rows, double limit)
    {
        BeginRows(rows);
        Reserve(0, pairs.Length);
        var (next, count) = (0, 0);
        for (var row = 0; row < rows; row++)
        {
            for (; next < pairs.Length && pairs[next].Row == row; next++)
            {
                if (pairs[next].Cost <= limit)
                {
                    (_column[count], _cost[count]) = (pairs[next].Column, pairs[next].Cost);
                    count++;
                }
            }

            _rowStart[row + 1] = count;
        }

        if (next < pairs.Length)
        {
            throw new ArgumentException(
                $"pair {next} is of row {pairs[next].Row}: pairs come by row, of rows 0 to {rows - 1}",
                nameof(pairs)
            );
        }
    }

    private void BeginRows(int rows)
    {
        if (_rowStart.Length <= rows)
        {
            _rowStart = new int[Math.Max(64, 2 * rows) + 1];
        }

        _rowStart[0] = 0;
    }

    private void Reserve(int count, int more)
    {
        if (_column.Length - count < more)
        {
            var size = 2 * (count + more);
            Array.Resize(ref _column, size);
            Array.Resize(ref _cost, size);
        }
    }

    /// <returns>How many pairs there are now.</returns>
    private int AddRow(ReadOnlySpan<float> cost, int count, double limit)
    {
        // Most pairs are far apart: eight are passed over at once. The bound is the next float, so that none at the limit is lost.
        var bound = Vector256.Create(MathF.BitIncrement((float)limit));
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
                if (cost[column] <= limit)
                {
                    (_column[count], _cost[count]) = (column, cost[column]);
                    count++;
                }
            }
        }

        return count;
    }
}
