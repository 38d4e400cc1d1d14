namespace SegBatch.Benchmarks.Baselines;

/// <summary>
/// Assignment at least cost by shortest augmenting paths over the full square matrix (Kuhn's Hungarian method with potentials,
/// O(n³)). A limit on the cost becomes a matrix of rows + columns, in which being alone costs half the limit.
/// </summary>
internal static class PlainAssignment
{
    /// <returns>For each row its column, or -1.</returns>
    public static int[] Solve(double[,] cost, double limit)
    {
        var (rows, columns) = (cost.GetLength(0), cost.GetLength(1));
        var size = rows + columns;
        double Cost(int row, int column) =>
            row < rows && column < columns ? cost[row, column]
            : row >= rows && column >= columns ? 0
            : limit / 2;

        // Row and column 0 are the root of the search; what counts starts at 1.
        var (rowPotential, columnPotential) = (new double[size + 1], new double[size + 1]);
        var (rowOf, before) = (new int[size + 1], new int[size + 1]);
        for (var row = 1; row <= size; row++)
        {
            rowOf[0] = row;
            var (column, reach, used) = (0, new double[size + 1], new bool[size + 1]);
            Array.Fill(reach, double.PositiveInfinity);
            do
            {
                used[column] = true;
                var (from, next, delta) = (rowOf[column], 0, double.PositiveInfinity);
                for (var other = 1; other <= size; other++)
                {
                    if (used[other])
                    {
                        continue;
                    }

                    var slack = Cost(from - 1, other - 1) - rowPotential[from] - columnPotential[other];
                    if (slack < reach[other])
                    {
                        (reach[other], before[other]) = (slack, column);
                    }

                    if (reach[other] < delta)
                    {
                        (delta, next) = (reach[other], other);
                    }
                }

                for (var other = 0; other <= size; other++)
                {
                    if (used[other])
                    {
                        rowPotential[rowOf[other]] += delta;
                        columnPotential[other] -= delta;
                    }
                    else
                    {
                        reach[other] -= delta;
                    }
                }

                column = next;
            } while (rowOf[column] != 0);

            while (column != 0)
            {
                rowOf[column] = rowOf[before[column]];
                column = before[column];
            }
        }

        var result = new int[rows];
        Array.Fill(result, -1);
        for (var column = 1; column <= columns; column++)
        {
            if (rowOf[column] <= rows)
            {
                result[rowOf[column] - 1] = column - 1;
            }
        }

        return result;
    }
}
