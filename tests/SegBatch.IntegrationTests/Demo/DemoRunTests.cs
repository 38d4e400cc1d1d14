using System.Text.Json;
using SegBatch.IntegrationTests.Cli;
using SegBatch.Native.DuckDb;
using SegBatch.Tests.Demo;
using Xunit;

namespace SegBatch.IntegrationTests.Demo;

/// <summary>The whole program on clips whose answer is known exactly.</summary>
public sealed class DemoRunTests(DemoFixture demo)
{
    /// <summary>Less of a shape than this is not asked for: the network cannot tell a corner of a square from one of a triangle.</summary>
    private const double LeastVisible = 0.35;

    [Fact]
    public async Task What_is_found_agrees_with_the_truth()
    {
        var archive = await demo.ArchiveAsync();
        var folder = Directory.CreateTempSubdirectory("segbatch-demo-run-").FullName;
        try
        {
            var job = Path.Combine(folder, "job.yaml");
            var quickstart = await File.ReadAllTextAsync(
                Path.Combine(SegBatchProcess.Repository, "jobs", "quickstart", "job.yaml"),
                TestContext.Current.CancellationToken
            );
            await File.WriteAllTextAsync(
                job,
                quickstart
                    .Replace("../../models/shapes-seg.onnx", SegBatchProcess.DemoModel, StringComparison.Ordinal)
                    .Replace("demo: archive ", $"demo: {archive} ", StringComparison.Ordinal)
                    .Replace("- archive", $"- {archive}", StringComparison.Ordinal),
                TestContext.Current.CancellationToken
            );
            var (code, output, errors) = await SegBatchProcess.Run("run", job);
            Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");

            var truth = Read(
                    $"select video, frame, track_id, class_id, visible, mask_rle, mask_height, mask_width from '{archive}/truth/instances/*.parquet'"
                )
                .Select(item => item with { Ignore = item.Score < LeastVisible })
                .ToList();
            var found = Read(
                $"select video, frame, track_id, class_id, score::double, mask_rle, mask_height, mask_width from '{folder}/out/instances/*.parquet'"
            );
            foreach (var video in truth.GroupBy(item => item.Video).OrderBy(video => video.Key))
            {
                var score = DemoScore.Compute([.. video], [.. found.Where(item => item.Video == video.Key)]);
                TestContext.Current.SendDiagnosticMessage($"{video.Key}: {score}");
            }

            var all = DemoScore.Compute(truth, found);
            TestContext.Current.SendDiagnosticMessage($"all: {all}");
            Assert.InRange(all.MaskAp50, 0.97, 1);
            Assert.InRange(all.Precision, 0.96, 1);
            Assert.InRange(all.MeanIoU, 0.93, 1);
            Assert.InRange(all.IdConsistency, 0.9, 1);
            await EvalAgreesAsync(folder, archive, all);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The verb and the independent score of this test, on the same run and truth.</summary>
    private static async Task EvalAgreesAsync(string folder, string archive, DemoScore score)
    {
        var file = Path.Combine(folder, "evaluation.parquet");
        string[] words =
        [
            "eval",
            $"{folder}/out",
            "--truth",
            $"{archive}/truth",
            "--min-visible",
            $"{LeastVisible}",
            "--json",
            "--out",
            file,
        ];
        var (code, output, errors) = await SegBatchProcess.Run(words);
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        using var json = JsonDocument.Parse(output);
        var (mask, tracking) = (json.RootElement.GetProperty("mask"), json.RootElement.GetProperty("tracking"));
        Assert.Equal(score.Truths, json.RootElement.GetProperty("truth").GetInt64());
        // 101 points instead of the area; boundaries of matching differ by a few objects.
        Assert.Equal(score.MaskAp50, mask.GetProperty("AP50").GetDouble(), 0.01);
        Assert.Equal(score.Recall, tracking.GetProperty("CLR_Re").GetDouble(), 0.005);
        Assert.Equal(score.MeanIoU, tracking.GetProperty("MOTP").GetDouble(), 0.005);
        Assert.InRange(tracking.GetProperty("IDF1").GetDouble(), 0.8, 1);

        using var database = DuckDbDatabase.InMemory(threads: 1);
        using var connection = database.Connect();
        using var rows = connection.Query(
            $"select value from '{file}' where family = 'mask' and metric = 'AP50' and class_name is null and video is null"
        );
        Assert.True(rows.NextChunk());
        Assert.Equal((1, mask.GetProperty("AP50").GetDouble()), (rows.Rows, rows.Value<double>(0, 0)));
    }

    private static List<ScoredObject> Read(string sql)
    {
        using var database = DuckDbDatabase.InMemory(threads: 1);
        using var connection = database.Connect();
        using var rows = connection.Query(sql);
        var objects = new List<ScoredObject>();
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                objects.Add(
                    new ScoredObject(
                        rows.Text(0, row)!,
                        rows.Value<long>(1, row),
                        rows.IsNull(2, row) ? null : rows.Value<long>(2, row),
                        rows.Value<int>(3, row),
                        rows.Value<double>(4, row),
                        rows.Text(5, row)!,
                        rows.Value<int>(6, row),
                        rows.Value<int>(7, row)
                    )
                );
            }
        }

        return objects;
    }
}
