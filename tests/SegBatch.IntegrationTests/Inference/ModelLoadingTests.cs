using System.Text;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Inference;

public class ModelLoadingTests(ITestOutputHelper output)
{
    [Fact]
    public void The_card_of_a_dynamic_export()
    {
        var card = ModelCard.Read(SharedData.Path("models/yolov8n-seg.onnx"));

        Assert.Equal("images float32 [batch, 3, height, width]", $"{card.Input.Name} {card.Input.ElementType} {card.Input}");
        Assert.Equal(
            ["output0 [batch, 116, anchors]", "output1 [batch, 32, mask_height, mask_width]"],
            card.Outputs.Select(o => $"{o.Name} {o}")
        );
        Assert.True(card.IsDynamic);
        Assert.Null(card.FixedBatch);
        Assert.Equal(("segment", 32, (640, 640), (bool?)false, false), (card.Task, card.Stride, card.ImgSz, card.EndToEnd, card.HasNms));
        Assert.Equal(80, card.Names.Count);
        Assert.Equal(("person", "toothbrush"), (card.Names[0], card.Names[79]));
        Assert.Equal(
            [
                "args",
                "author",
                "batch",
                "channels",
                "date",
                "description",
                "docs",
                "end2end",
                "head",
                "imgsz",
                "license",
                "names",
                "stride",
                "task",
                "version",
            ],
            card.Metadata.Keys
        );
        Assert.Equal("Ultralytics", card.Metadata["author"]);
        Assert.Empty(card.Notes);
        Assert.False(card.File.HasHalfWeights);
    }

    [Theory]
    [InlineData("models/yolov8n-seg-640.onnx", "float32", "[1, 3, 640, 640]", 80, false, false)]
    [InlineData("models/yolo26n-seg.onnx", "float32", "[batch, 3, height, width]", 80, true, false)]
    [InlineData("models/yolov8n-seg-half.onnx", "float16", "[batch, 3, height, width]", 80, false, true)]
    [InlineData("models/yolov8n-seg-fp16.onnx", "float32", "[batch, 3, height, width]", 80, false, true)]
    [InlineData("models/yolov8n-seg-int8.onnx", "float32", "[batch, 3, height, width]", 80, false, false)]
    [InlineData("models/layouts/fastsam-like-seg-random.onnx", "float32", "[batch, 3, height, width]", 1, false, false)]
    [InlineData("models/families/yolo-nms.onnx", "float32", "[1, 3, 384, 640]", 4, false, false)]
    public void Cards_of_the_variants(string model, string type, string shape, int classes, bool endToEnd, bool half)
    {
        var card = ModelCard.Read(SharedData.Path(model));

        Assert.Equal(
            (type, shape, classes, half),
            (card.Input.ElementType, card.Input.ToString(), card.Names.Count, card.File.HasHalfWeights)
        );
        Assert.Equal(endToEnd, card.EndToEnd ?? false);
        Assert.Equal(model.Contains("nms", StringComparison.Ordinal), card.HasNms);
    }

    [Fact]
    public void Overrides_win_and_missing_metadata_has_defaults()
    {
        var path = WithoutMetadata(SharedData.Path("models/yolo26n-seg.onnx"));
        try
        {
            var bare = ModelCard.Read(path);
            var stated = ModelCard.Read(
                path,
                new()
                {
                    Names = ["car"],
                    Stride = 64,
                    ImgSz = (320, 512),
                    Task = "segment",
                    EndToEnd = true,
                }
            );

            Assert.Empty(bare.Metadata);
            Assert.Equal(((string?)null, 32, (640, 640), (bool?)null), (bare.Task, bare.Stride, bare.ImgSz, bare.EndToEnd));
            Assert.Equal("class3", bare.ClassName(3));
            Assert.Equal(("segment", 64, (320, 512), (bool?)true), (stated.Task, stated.Stride, stated.ImgSz, stated.EndToEnd));
            Assert.Equal(("car", "class1"), (stated.ClassName(0), stated.ClassName(1)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("names", "{0: 'a' 1: 'b'}", "column 9")]
    [InlineData("names", "{-1: 'a'}", "class id -1")]
    [InlineData("stride", "'x'", "expected a whole number")]
    [InlineData("imgsz", "[640, 640", "column 10")]
    public void Unreadable_metadata_says_where_and_what_to_state(string key, string value, string expected)
    {
        var path = WithoutMetadata(SharedData.Path("demo-model/shapes-seg.onnx"), (key, value));
        try
        {
            var refusal = Assert.Throws<ModelException>(() => ModelCard.Read(path));
            var stated = ModelCard.Read(
                path,
                new()
                {
                    Names = ["a"],
                    Stride = 32,
                    ImgSz = (320, 320),
                }
            );

            output.WriteLine(refusal.Message);
            Assert.Equal(ModelException.Metadata, refusal.Code);
            Assert.Contains($"'{key}'", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(["a"], stated.Names);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Names_with_quotes_commas_and_foreign_letters_survive_the_file()
    {
        var path = WithoutMetadata(
            SharedData.Path("demo-model/shapes-seg.onnx"),
            ("names", "{0: \"it's, a: {disc}\", 1: 'Dreieck \\'gro\\xdf\\'', 3: '行人'}"),
            ("args", "{'data': PosixPath('/x')}")
        );
        try
        {
            var card = ModelCard.Read(path);

            Assert.Equal(["it's, a: {disc}", "Dreieck 'groß'", "class2", "行人"], card.Names);
            Assert.Contains("'args'", Assert.Single(card.Notes), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void Truncated_models_are_refused(double part)
    {
        var bytes = File.ReadAllBytes(SharedData.Path("demo-model/shapes-seg.onnx"));
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes[..(int)(bytes.Length * part)]);

            var refusal = Assert.Throws<ModelException>(() => ModelCard.Read(path));

            Assert.Equal(ModelException.NotAModel, refusal.Code);
            Assert.Contains("truncated", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Operators_the_runtime_does_not_know_are_refused_with_its_words()
    {
        var path = Path.GetTempFileName();
        try
        {
            // One node NoSuchOp(x) -> y: the operator's name has the length of Identity in the same file that the probe runs.
            File.WriteAllBytes(
                path,
                Convert.FromHexString(
                    "08084202100D3A370A100A017812017922084E6F537563684F70"
                        + "1201675A0F0A0178120A0A08080112040A020801620F0A0179120A0A08080112040A020801"
                )
            );

            var refusal = Assert.Throws<ModelException>(() => ModelCard.Read(path));

            output.WriteLine(refusal.Message);
            Assert.Equal(ModelException.Refused, refusal.Code);
            Assert.Contains("NoSuchOp", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("/onnxruntime_src", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("models/families/sam-decoder.onnx")]
    [InlineData("models/reid-colour-grid.onnx")]
    public void Models_of_other_kinds(string model)
    {
        var path = SharedData.Path(model);

        if (model.Contains("reid", StringComparison.Ordinal))
        {
            using var opened = OnnxSegmentationModel.Open(path, options: new() { Device = "cpu" }); // takes pictures: the head refuses it
            Assert.Equal([1, 48], opened.OutputsFor(new FrameSize(224, 224))[0].Shape);
        }
        else
        {
            var refusal = Assert.Throws<ModelException>(() => OnnxSegmentationModel.Open(path, options: new() { Device = "cpu" }));
            output.WriteLine(refusal.Message);
            Assert.Equal(ModelException.Input, refusal.Code);
        }
    }

    [Fact]
    public void A_fixed_batch_dictates_and_others_choose()
    {
        var (fixedPath, openPath) = (SharedData.Path("models/yolov8n-seg-640.onnx"), SharedData.Path("demo-model/shapes-seg.onnx"));
        using var fixedModel = OnnxSegmentationModel.Open(fixedPath, options: new() { Device = "cpu" });
        using var four = OnnxSegmentationModel.Open(openPath, options: new() { Device = "cpu", Batch = 4 });
        using var open = OnnxSegmentationModel.Open(openPath, options: new() { Device = "cpu" });

        var refusal = Assert.Throws<ModelException>(() =>
            OnnxSegmentationModel.Open(fixedPath, options: new() { Device = "cpu", Batch = 4 })
        );

        Assert.Equal((1, 4, 1), (fixedModel.BatchSize, four.BatchSize, open.BatchSize));
        Assert.Equal(Environment.ProcessorCount, open.MaxConcurrency);
        Assert.Contains("fixed batch of 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ladder_ends_on_a_device_that_runs_and_says_why_not_above()
    {
        var providers = ExecutionProviders.Choose("auto");

        foreach (var refusal in providers.Refusals)
        {
            output.WriteLine(refusal.ToString());
            Assert.DoesNotContain('\n', refusal.Reason);
            Assert.DoesNotContain("onnxruntime_src", refusal.Reason, StringComparison.Ordinal);
            Assert.True(refusal.Reason.Length is > 10 and < 300, refusal.Reason);
        }

        Assert.Equal(2 - (int)providers.Taken.Provider, 2 - providers.Refusals.Count);
        Assert.Null(ExecutionProviders.Probe(providers.Taken));
    }

    [Fact]
    public void A_named_device_that_does_not_run_is_an_error()
    {
        if (ExecutionProviders.Probe(new(ExecutionProvider.Cuda, 0)) is not { } reason)
        {
            Assert.Skip("this machine has CUDA");
            return;
        }

        var refusal = Assert.Throws<ModelException>(() => ExecutionProviders.Choose("cuda"));

        output.WriteLine(refusal.Message);
        Assert.Equal(ModelException.Device, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A copy of a model whose metadata_props (field 14 of ModelProto) are dropped or replaced.</summary>
    private static string WithoutMetadata(string model, params (string Key, string Value)[] replacement)
    {
        var bytes = File.ReadAllBytes(model);
        using var copy = new MemoryStream();
        for (int at = 0, start = 0; at < bytes.Length; start = at)
        {
            var tag = Varint(bytes, ref at);
            var value = Varint(bytes, ref at);
            at += (tag & 7) == 2 ? (int)value : 0;
            if (tag >> 3 != 14)
            {
                copy.Write(bytes, start, at - start);
            }
        }

        foreach (var (key, value) in replacement)
        {
            byte[] entry = [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Encoding.UTF8.GetBytes(value))];
            copy.Write(Field(14, entry));
        }

        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, copy.ToArray());
        return path;
    }

    private static byte[] Field(int number, byte[] content) => [(byte)(number << 3 | 2), checked((byte)content.Length), .. content];

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 128)
            {
                return value;
            }
        }
    }
}
