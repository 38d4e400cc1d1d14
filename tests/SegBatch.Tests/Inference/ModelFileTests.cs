using System.Text;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Inference;

public sealed class ModelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, params byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Field(int number, params byte[][] parts)
    {
        var content = parts.SelectMany(part => part).ToArray();
        var bytes = new List<byte>();
        for (var rest = (uint)(number << 3 | 2); ; rest >>= 7)
        {
            bytes.Add((byte)(rest > 127 ? rest | 128 : rest));
            if (rest <= 127)
            {
                break;
            }
        }

        for (var rest = (uint)content.Length; ; rest >>= 7)
        {
            bytes.Add((byte)(rest > 127 ? rest | 128 : rest));
            if (rest <= 127)
            {
                break;
            }
        }

        return [.. bytes, .. content];
    }

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    /// <summary>ir_version 8, then the graph.</summary>
    private static byte[] Model(params byte[][] graph) => [8, 8, .. Field(7, graph)];

    private static byte[] External(string location) =>
        Field(5, Text(8, "weight"), Field(13, Text(1, "offset"), Text(2, "0")), Field(13, Text(1, "location"), Text(2, location)));

    private ModelException Refusal(string path) => Assert.Throws<ModelException>(() => ModelFile.Check(path));

    [Theory]
    [InlineData("Conv", 100, false, true)]
    [InlineData("QLinearConv", 64, true, false)]
    [InlineData("DequantizeLinear", -65, true, true)]
    public void Integers_and_their_width_are_seen(string op, int weight, bool isQuantized, bool isWide)
    {
        // One node, and one tensor of type int8 (3) with its raw bytes.
        var path = Write("m.onnx", Model(Field(1, Text(4, op)), Field(5, [8, 2, 16, 3], Field(9, [0, (byte)(sbyte)weight]))));
        var file = ModelFile.Check(path);
        Assert.Equal((isQuantized, isWide), (file.IsQuantized, file.HasWideIntegers));
    }

    [Theory]
    [InlineData("", ModelException.NotAModel, "empty")]
    [InlineData("this is no model", ModelException.NotAModel, "is text")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid", ModelException.NotAModel, "git lfs pull")]
    [InlineData("PK\u0003\u0004 archive", ModelException.NotAModel, "export it to ONNX")]
    [InlineData("\u0008\u0008\u003a\u007f", ModelException.NotAModel, "truncated")]
    [InlineData("\u0008\u0008", ModelException.NotAModel, "no graph")]
    public void Files_that_are_no_model(string content, string code, string hint)
    {
        var path = Write("m.onnx", Encoding.UTF8.GetBytes(content));

        var refusal = Refusal(path);

        Assert.Equal(code, refusal.Code);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(hint, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_files_folders_and_devices()
    {
        Assert.Contains("does not exist", Refusal(Path.Combine(_folder, "no.onnx")).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Refusal(_folder).Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("not a regular file", Refusal("/dev/zero").Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_passes_and_is_hashed()
    {
        var path = Write("m.onnx", Model(Field(1, Text(4, "Relu"))));

        var file = ModelFile.Check(path);

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), file.Sha256);
        Assert.False(file.HasHalfWeights);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/weights.bin")]
    [InlineData("..")]
    [InlineData("absent.bin")]
    public void External_tensors_stay_beside_the_model(string location)
    {
        var refusal = Refusal(Write("m.onnx", Model(External(location))));

        Assert.Equal(ModelException.Unsafe, refusal.Code);
        Assert.Contains("weight", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_tensors_beside_the_model_pass_links_do_not()
    {
        Write("weights.bin", 1, 2, 3, 4);
        File.CreateSymbolicLink(Path.Combine(_folder, "link.bin"), Path.Combine(_folder, "weights.bin"));

        ModelFile.Check(Write("good.onnx", Model(External("weights.bin"))));
        Assert.Equal(ModelException.Unsafe, Refusal(Write("bad.onnx", Model(External("link.bin")))).Code);
    }

    [Fact]
    public void External_tensors_are_found_inside_subgraphs_and_constants()
    {
        var constant = Field(1, Text(4, "Constant"), Field(5, Field(5, External("/dev/zero")[2..])));
        var branch = Field(1, Text(4, "If"), Field(5, Field(6, External("../x"))));

        Assert.Equal(ModelException.Unsafe, Refusal(Write("constant.onnx", Model(constant))).Code);
        Assert.Equal(ModelException.Unsafe, Refusal(Write("branch.onnx", Model(branch))).Code);
    }

    [Theory]
    [InlineData("Evil", "com.example")]
    [InlineData("EPContext", "com.microsoft")]
    public void Operators_that_need_foreign_code(string op, string domain) =>
        Assert.Contains(op, Refusal(Write("m.onnx", Model(Field(1, Text(4, op), Text(7, domain))))).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_is_bounded()
    {
        byte[] graph = [];
        for (var i = 0; i < 200; i++)
        {
            graph = Field(1, Text(4, "If"), Field(5, Field(6, graph)));
        }

        Assert.Contains("nests graphs", Refusal(Write("m.onnx", Model(graph))).Message, StringComparison.Ordinal);
    }
}
