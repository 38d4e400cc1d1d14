using System.Text.Json;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

public sealed class LinearAssignmentTests
{
    [Fact]
    public void Recorded_matchings_are_reproduced()
    {
        using var recording = RecordedData.Json("lapjv.json.gz");
        CheckMatchings(recording, expectedCases: 53);
    }

    [Fact]
    public void All_recorded_matchings_are_reproduced()
    {
        using var recording = SharedData.Json("reference/oracle/03_lapjv/cases.json.gz");
        CheckMatchings(recording, expectedCases: 300);
    }

    [Fact]
    public void A_pair_at_the_limit_is_made_and_one_above_is_not()
    {
        var assignment = new LinearAssignment();
        assignment.Solve([0.5f], 1, 1, 0.5);
        Assert.Equal([0], assignment.ColumnOfRow);
        assignment.Solve([MathF.BitIncrement(0.5f)], 1, 1, 0.5);
        Assert.Equal([-1], assignment.ColumnOfRow);
    }

    [Fact]
    public void Infinite_costs_and_empty_problems_are_accepted()
    {
        var assignment = new LinearAssignment();
        assignment.Solve([float.PositiveInfinity, 0.2f, float.PositiveInfinity, float.NaN], 2, 2, 0.8);
        Assert.Equal([1, -1], assignment.ColumnOfRow);
        Assert.Equal([-1, 0], assignment.RowOfColumn);
        assignment.Solve([], 0, 3, 0.8);
        Assert.Equal([-1, -1, -1], assignment.RowOfColumn);
        assignment.Solve([], 3, 0, 0.8);
        Assert.Equal([-1, -1, -1], assignment.ColumnOfRow);
    }

    [Fact]
    public void Ties_go_to_the_lower_row_and_column()
    {
        var assignment = new LinearAssignment();
        assignment.Solve([0.3f, 0.3f, 0.3f, 0.3f], 2, 2, 0.8);
        Assert.Equal([0, 1], assignment.ColumnOfRow);
        assignment.Solve([0.3f, 0.3f], 2, 1, 0.8);
        Assert.Equal([0, -1], assignment.ColumnOfRow);
        assignment.Solve([0.3f, 0.3f], 1, 2, 0.8);
        Assert.Equal([0], assignment.ColumnOfRow);
    }

    /// <summary>Every partial matching of small problems, one by one: no other way costs less.</summary>
    [Fact]
    public void No_other_matching_costs_less()
    {
        var random = new Random(7);
        var assignment = new LinearAssignment();
        for (var trial = 0; trial < 400; trial++)
        {
            var (rows, columns) = (random.Next(1, 7), random.Next(1, 7));
            var cost = Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() * 1.2f - 0.1f).ToArray();
            assignment.Solve(cost, rows, columns, 0.7);
            var found = assignment.ColumnOfRow.ToArray();
            var sum = found.Select((column, row) => column < 0 ? 0.7 : cost[row * columns + column]).Sum();
            Assert.Equal(Least(cost, columns, 0.7, row: 0, taken: 0, rows), sum, 1e-9);
            Assert.Equal(found.Count(column => column >= 0), found.Where(column => column >= 0).Distinct().Count());
        }
    }

    /// <summary>The sparse form is the same problem, told another way.</summary>
    [Fact]
    public void Pairs_alone_give_the_same_matching_as_the_whole_matrix()
    {
        var random = new Random(11);
        var (dense, sparse) = (new LinearAssignment(), new LinearAssignment());
        for (var trial = 0; trial < 200; trial++)
        {
            var (rows, columns) = (random.Next(0, 20), random.Next(0, 20));
            var cost = Enumerable
                .Range(0, rows * columns)
                .Select(_ => random.NextDouble() < 0.7 ? float.PositiveInfinity : random.NextSingle() - 0.3f)
                .ToArray();
            var pairs = cost.Select((value, i) => new AssignmentPair(i / columns, i % columns, value))
                .Where(pair => pair.Cost < 9)
                .ToArray();
            dense.Solve(cost, rows, columns, 0.5);
            sparse.SolveSparse(pairs, rows, columns, 0.5);
            Assert.Equal(dense.ColumnOfRow, sparse.ColumnOfRow);
            Assert.Equal(dense.RowOfColumn, sparse.RowOfColumn);
        }

        Assert.Throws<ArgumentException>(() => sparse.SolveSparse([new(1, 0, 0), new(0, 0, 0)], 2, 1, 0.5));
    }

    /// <summary>As evaluation asks: weights turned round, and leaving a row alone costs nothing. Some weigh a thousand times as much.</summary>
    [Fact]
    public void The_sum_of_weights_is_that_of_the_best_of_all_matchings()
    {
        var random = new Random(17);
        var assignment = new LinearAssignment();
        for (var round = 0; round < 400; round++)
        {
            var (rows, columns) = (random.Next(0, 6), random.Next(0, 6));
            var pairs = new List<AssignmentPair>();
            for (var pair = 0; pair < rows * columns; pair++)
            {
                if (random.NextDouble() < 0.6)
                {
                    var weight = random.Next(3) == 0 ? 1000 + random.NextDouble() : random.NextDouble();
                    pairs.Add(new AssignmentPair(pair / columns, pair % columns, -weight));
                }
            }

            assignment.SolveSparse(pairs.ToArray(), rows, columns, limit: 0);
            var columnOf = assignment.ColumnOfRow.ToArray();
            var taken = columnOf.Where(column => column >= 0).ToList();
            Assert.Equal(taken.Count, taken.Distinct().Count());
            Assert.Equal(taken.Count, pairs.Count(pair => columnOf[pair.Row] == pair.Column));
            var sum = -pairs.Where(pair => columnOf[pair.Row] == pair.Column).Sum(pair => pair.Cost);
            Assert.Equal(Heaviest(pairs, 0, rows, []), sum, 1e-9);
        }
    }

    private static double Heaviest(List<AssignmentPair> pairs, int row, int rows, HashSet<int> taken)
    {
        if (row == rows)
        {
            return 0;
        }

        var best = Heaviest(pairs, row + 1, rows, taken);
        foreach (var pair in pairs.Where(pair => pair.Row == row && !taken.Contains(pair.Column)))
        {
            best = Math.Max(best, Heaviest(pairs, row + 1, rows, [.. taken, pair.Column]) - pair.Cost);
        }

        return best;
    }

    private static double Least(float[] cost, int columns, double limit, int row, int taken, int rows)
    {
        if (row == rows)
        {
            return 0;
        }

        var least = limit + Least(cost, columns, limit, row + 1, taken, rows);
        for (var column = 0; column < columns; column++)
        {
            if ((taken & (1 << column)) == 0)
            {
                var rest = Least(cost, columns, limit, row + 1, taken | (1 << column), rows);
                least = Math.Min(least, cost[row * columns + column] + rest);
            }
        }

        return least;
    }

    private static void CheckMatchings(JsonDocument recording, int expectedCases)
    {
        var cases = recording.RootElement.GetProperty("cases");
        Assert.Equal(expectedCases, cases.GetArrayLength());
        var assignment = new LinearAssignment();
        foreach (var recorded in cases.EnumerateArray())
        {
            var (rows, columns) = (recorded.GetProperty("rows").GetInt32(), recorded.GetProperty("cols").GetInt32());
            var cost = recorded.GetProperty("cost").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(c => c.GetSingle());
            foreach (var result in recorded.GetProperty("results").EnumerateArray())
            {
                assignment.Solve(cost.ToArray(), rows, columns, result.GetProperty("limit").GetDouble());
                var expected = Enumerable.Repeat(-1, rows).ToArray();
                foreach (var match in result.GetProperty("matches").EnumerateArray())
                {
                    expected[match[0].GetInt32()] = match[1].GetInt32();
                }

                Assert.Equal(expected, assignment.ColumnOfRow.ToArray());
                Assert.Equal(
                    result.GetProperty("unmatched_cols").EnumerateArray().Select(column => column.GetInt32()),
                    Enumerable.Range(0, columns).Where(column => assignment.RowOfColumn[column] < 0)
                );
            }
        }
    }
}
