using SegBatch.IntegrationTests.Cli;
using SegBatch.IntegrationTests.Demo;
using SegBatch.Native.DuckDb;
using Xunit;

namespace SegBatch.IntegrationTests.Parity;

/// <summary>Which way of bringing masks to the frame's resolution is nearer to the truth decides the default.</summary>
public sealed class MaskModeTests(DemoFixture demo) : IDisposable
{
    /// <summary>From the beginning of each clip; docs/parity.md gives the figures for all of them.</summary>
    private const int Frames = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-mask-modes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>640 x 360 and 427 x 241: sizes at which the reference's native masks round the letterbox's padding.</summary>
    [Fact]
    public async Task Exact_masks_are_nearer_to_the_truth_than_the_references()
    {
        string[] clips = ["02-hevc-variable-rate.mkv", "04-hevc-10-bit.mp4", "05-h264-one-frame.mp4", "06-vp9-odd-size.webm"];
        var exact = await ScoreAsync("exact", clips);
        var reference = await ScoreAsync("reference", clips);
        TestContext.Current.SendDiagnosticMessage($"exact: {exact}");
        TestContext.Current.SendDiagnosticMessage($"reference: {reference}");
        Assert.True(exact.Truths > 300, $"{exact}");
        Assert.True(exact.MaskAp >= reference.MaskAp, $"{exact} against {reference}");
        Assert.True(exact.BoundaryAp >= reference.BoundaryAp, $"{exact} against {reference}");
        Assert.True(exact.MeanIoU > reference.MeanIoU, $"{exact} against {reference}");
    }

    private async Task<MaskScore> ScoreAsync(string masks, string[] clips)
    {
        var archive = await demo.ArchiveAsync();
        var output = Path.Combine(_folder, masks);
        var (code, text, errors) = await SegBatchProcess.Run(
            [
                "run",
                "--source",
                .. clips.Select(clip => Path.Combine(archive, clip)),
                "--model",
                SegBatchProcess.DemoModel,
                "--out",
                output,
                "--no-video",
                "--tracker",
                "none",
                "--letterbox",
                "square",
                "--end",
                $"frame {Frames}",
                "--masks",
                masks,
            ]
        );
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        var score = new MaskScore.Builder();
        var videos = string.Join(", ", clips.Select(clip => $"'{Path.GetFileNameWithoutExtension(clip)}'"));
        score.AddTruth(
            Read($"select *, visible as score from '{archive}/truth/instances/*.parquet' where video in ({videos}) and frame < {Frames}")
        );
        score.AddFound(Read($"select * from '{output}/instances/*.parquet'"));
        return score.Build();
    }

    private static List<ScoredMask> Read(string sql)
    {
        using var database = DuckDbDatabase.InMemory(threads: 1);
        using var connection = database.Connect();
        using var rows = connection.Query(
            $"select video, frame, class_id, score::double, mask_rle, mask_width, mask_height from ({sql}) order by video, frame, score desc, x1"
        );
        var masks = new List<ScoredMask>();
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                masks.Add(
                    new ScoredMask(
                        (rows.Text(0, row)!, rows.Value<long>(1, row), rows.Value<int>(2, row)),
                        rows.Value<double>(3, row),
                        new(rows.Value<int>(5, row), rows.Value<int>(6, row)),
                        rows.Text(4, row)!
                    )
                );
            }
        }

        return masks;
    }
}
