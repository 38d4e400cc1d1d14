using SegBatch.IntegrationTests.Cli;
using SegBatch.Onnx;
using SegBatch.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Refining;

/// <summary><c>refine</c> in a job, with a detector that gives boxes alone: made of the demo model by cutting its outputs.</summary>
public sealed class RefineJobTests : IDisposable
{
    private const int Classes = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-refine-").FullName;

    private string Out => Path.Combine(_folder, "out");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_detector_of_boxes_and_prompts_make_instances_with_masks(bool transposed)
    {
        MakeDetector(transposed);
        await WriteJob("  prompts: [{point: [468, 116], name: gate}, {box: [380, 215, 420, 250], name: triangle}]\n");
        var (code, text, errors) = await SegBatchProcess.Run("run", Path.Combine(_folder, "job.yaml"));
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");

        using var query = TableQuery.Open(Out);
        Assert.Equal(
            ["24"],
            Rows(query, "select count(*) from instances where class_id < 4 and score > 0.2 and mask_area > 0 and x1 <> floor(x1)")
        );
        // The gate is of a class behind the model's; the triangle is of the model's own.
        Assert.Equal(["4,gate"], Rows(query, "select distinct class_id, class_name from instances where class_id >= 4"));
        Assert.True(int.Parse(Rows(query, "select count(*) from instances where class_id = 2 and x1 = floor(x1)")[0]) >= 1);
        Assert.Equal(["0"], Rows(query, "select count(*) from instances where mask_area > 1.3 * (x2 - x1) * (y2 - y1)"));

        // The prompts are part of what the results depend on.
        await WriteJob("  prompts: [{point: [468, 117], name: gate}]\n");
        var (other, _, difference) = await SegBatchProcess.Run("run", Path.Combine(_folder, "job.yaml"));
        Assert.Equal(65, other);
        Assert.Contains("refine.prompts", difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_alone_need_no_detector()
    {
        await WriteJob("  prompts: [{point: [454, 116], name: gate}, {box: [462, 59, 504, 103]}]\n", model: null);
        var (code, text, errors) = await SegBatchProcess.Run("run", Path.Combine(_folder, "job.yaml"));
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        var (planned, plan, _) = await SegBatchProcess.Run("plan", Path.Combine(_folder, "job.yaml"));
        Assert.True(planned == 0, plan);

        // In the first scene there is a ring at the point and a triangle in the box.
        using var query = TableQuery.Open(Out);
        var first = Rows(
            query,
            "select class_id, class_name, mask_area between 700 and 1200 from instances where frame = 0 order by class_id"
        );
        Assert.Equal(["0,gate,true", "1,prompt2,true"], first);
    }

    [Fact]
    public async Task Without_refine_boxes_are_not_enough_and_plan_says_so_too()
    {
        MakeDetector(transposed: false);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "job.yaml"),
            $"model: boxes.onnx\noutput: out\nsources: {Scenes.Folder}\n",
            Token
        );
        foreach (var verb in new[] { "run", "plan" })
        {
            var (code, _, errors) = await SegBatchProcess.Run(verb, Path.Combine(_folder, "job.yaml"));
            Assert.Equal(78, code);
            Assert.Contains("without masks", errors, StringComparison.Ordinal);
            Assert.Contains("refine", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_pair_is_refused_before_anything_is_read()
    {
        MakeDetector(transposed: false);
        await WriteJob("", encoder: "semantic.onnx");
        foreach (var verb in new[] { "run", "plan" })
        {
            var (code, _, errors) = await SegBatchProcess.Run(verb, Path.Combine(_folder, "job.yaml"));
            Assert.True(code == 78, $"exit {code}: {errors}");
            Assert.Contains("are no pair", errors, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(Out, "instances")));
    }

    private Task WriteJob(
        string prompts,
        string encoder = "sam-encoder.onnx",
        string? model = "model: boxes.onnx\ndetect: {imgsz: [384, 640]}"
    ) =>
        File.WriteAllTextAsync(
            Path.Combine(_folder, "job.yaml"),
            $"""
            {model}
            output: out
            sources: {Scenes.Folder}
            track: {"{tracker: none}"}
            annotate: {"{video: false}"}
            refine:
              encoder: {Scenes.Model(encoder)}
              decoder: {Scenes.Model("sam-decoder.onnx")}

            """ + prompts,
            Token
        );

    /// <summary>The demo model without mask coefficients and prototypes: what a detection export of the YOLO family is.</summary>
    private void MakeDetector(bool transposed)
    {
        var model = OnnxFile.Read(SegBatchProcess.DemoModel);
        var graph = new GraphBuilder(model);
        var predictions = graph.Outputs[0].Name;
        var boxes = graph.Add("Slice", [predictions, graph.Integers(0), graph.Integers(4 + Classes), graph.Integers(1)]);
        boxes = transposed ? graph.Add("Transpose", [boxes], null, NodeAttribute.Of("perm", 0, 2, 1)) : boxes;
        graph.ClearOutputs();
        graph.Output(boxes, TensorProto.Types.DataType.Float, transposed ? [-1, -1, 4 + Classes] : [-1, 4 + Classes, -1]);
        graph.RemoveUnused();
        File.WriteAllBytes(Path.Combine(_folder, "boxes.onnx"), graph.ToBytes());
    }

    private static string[] Rows(TableQuery query, string sql)
    {
        using var rows = query.Run(sql);
        using var stream = new MemoryStream();
        QueryFormats.WriteCsv(rows, stream);
        return [.. System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }
}
