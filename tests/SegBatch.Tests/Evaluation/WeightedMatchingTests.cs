using SegBatch.Evaluation;
using Xunit;

namespace SegBatch.Tests.Evaluation;

public sealed class WeightedMatchingTests
{
    [Fact]
    public void The_sum_is_that_of_the_best_of_all_matchings()
    {
        var random = new Random(17);
        var matching = new WeightedMatching();
        for (var round = 0; round < 400; round++)
        {
            var (rows, columns) = (random.Next(0, 6), random.Next(0, 6));
            var edges = new List<WeightedEdge>();
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    if (random.NextDouble() < 0.6)
                    {
                        edges.Add(new WeightedEdge(row, column, random.Next(3) == 0 ? 1000 + random.NextDouble() : random.NextDouble()));
                    }
                }
            }

            var columnOf = matching.Solve(rows, columns, edges.ToArray()).ToArray();
            var taken = columnOf.Where(column => column >= 0).ToList();
            Assert.Equal(taken.Count, taken.Distinct().Count());
            var sum = edges.Where(edge => columnOf[edge.Row] == edge.Column).Sum(edge => edge.Weight);
            Assert.Equal(taken.Count, edges.Count(edge => columnOf[edge.Row] == edge.Column));
            Assert.Equal(Best(edges, 0, rows, []), sum, 1e-9);
        }
    }

    private static double Best(List<WeightedEdge> edges, int row, int rows, HashSet<int> taken)
    {
        if (row == rows)
        {
            return 0;
        }

        var best = Best(edges, row + 1, rows, taken);
        foreach (var edge in edges.Where(edge => edge.Row == row && !taken.Contains(edge.Column)))
        {
            best = Math.Max(best, edge.Weight + Best(edges, row + 1, rows, [.. taken, edge.Column]));
        }

        return best;
    }
}
