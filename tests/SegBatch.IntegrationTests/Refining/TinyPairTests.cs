using SegBatch.IntegrationTests.Cli;
using SegBatch.IntegrationTests.Detection;
using SegBatch.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Refining;

/// <summary>A job by prompts alone without any file beside the repository: the pair finds something only in the input that it wants.</summary>
public sealed class TinyPairTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-pair-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_best_mask_of_a_prompted_box_becomes_an_instance()
    {
        float[] color = [(200 - 123.675f) / 58.395f, (100 - 116.28f) / 57.12f, (40 - 103.53f) / 57.375f];
        TinyPair.Write(Path.Combine(_folder, "encoder.onnx"), Path.Combine(_folder, "decoder.onnx"), color);
        PlainPicture.Write(Path.Combine(_folder, "right.bmp"), 200, 100, 40);
        PlainPicture.Write(Path.Combine(_folder, "swapped.bmp"), 40, 100, 200);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "job.yaml"),
            """
            sources: [right.bmp, swapped.bmp]
            output: out
            refine: {encoder: encoder.onnx, decoder: decoder.onnx, prompts: [{box: [16, 12, 48, 36], name: gate}]}
            annotate: {video: false}
            """,
            TestContext.Current.CancellationToken
        );

        var (code, text, errors) = await SegBatchProcess.Run("run", Path.Combine(_folder, "job.yaml"));

        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        using var query = TableQuery.Open(Path.Combine(_folder, "out"));
        using var rows = query.Run(
            "select string_agg(concat_ws(' ', video, class_name, round(score, 4), mask_area, x1, y1, x2, y2), ';') from instances"
        );
        using var stream = new MemoryStream();
        QueryFormats.WriteCsv(rows, stream);
        var found = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')[1];
        Assert.Equal("right gate 0.9 768 16.0 12.0 48.0 36.0", found);
    }
}
