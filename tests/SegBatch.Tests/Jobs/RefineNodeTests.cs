using SegBatch.Geometry;
using SegBatch.Jobs;
using SegBatch.Refining;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class RefineNodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-refine-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_pair_and_its_prompts_are_read_relative_to_the_manifest()
    {
        var job = Read(
            """
            refine:
              encoder: a.onnx
              decoder: sub/b.onnx
              prompts: [{point: [10, 20.5], name: gate}, {box: [1, 2, 3, 4]}, {point: [5, 6], box: [0, 0, 9, 9], name: gate}]
            """
        );
        var refine = job.Refine!;
        Assert.Equal((Path.Combine(_folder, "a.onnx"), Path.Combine(_folder, "sub", "b.onnx")), (refine.Encoder, refine.Decoder));
        Assert.Equal(
            [
                new NamedPrompt("gate", Prompt.At(10, 20.5f)),
                new NamedPrompt("prompt2", Prompt.Around(new Box(1, 2, 3, 4))),
                new NamedPrompt("gate", new Prompt(5, 6, new Box(0, 0, 9, 9))),
            ],
            refine.Prompts
        );
        Assert.True(job.Model.Overrides.BoxesSuffice);
        Assert.False(job.IsPromptOnly);
    }

    [Fact]
    public void Prompts_are_of_the_models_class_of_their_name_or_of_one_behind_all()
    {
        var refine = Read(
            "refine: {encoder: a, decoder: b, prompts: [{point: [1, 1], name: car}, {point: [2, 2], name: gate}, {point: [3, 3], name: gate}]}"
        ).Refine!;
        var (names, prompts) = refine.Classes(["person", "car"], 4);
        Assert.Equal(["person", "car", "class2", "class3", "gate"], names);
        Assert.Equal([1, 4, 4], prompts.Select(prompt => prompt.ClassId));
    }

    [Fact]
    public void Prompts_without_a_model_make_the_encoder_the_model()
    {
        var job = Read("refine: {encoder: a.onnx, decoder: b.onnx, prompts: [{point: [1, 1]}]}", model: "");
        Assert.True(job.IsPromptOnly);
        Assert.Contains("'model' is missing", Problems("refine: {encoder: a.onnx, decoder: b.onnx}", model: ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refine: a.onnx", "expected {encoder: FILE, decoder: FILE}")]
    [InlineData("refine: {encoder: a.onnx}", "refine: 'decoder' is missing")]
    [InlineData("refine: {encoder: a, decoder: b, prompt: []}", "unknown key 'prompt'. Did you mean 'prompts'?")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: {point: [1, 2]}}", "prompts: expected a list")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: [{name: x}]}", "a prompt needs a point or a box")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: [{point: [1]}]}", "point: expected [x, y] in frame pixels")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: [{point: [1, -2]}]}", "point: expected [x, y] in frame pixels")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: [{point: [1, x]}]}", "point: expected [x, y] in frame pixels")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: [{box: [5, 5, 1, 9]}]}", "with x1 < x2 and y1 < y2")]
    [InlineData("refine: {encoder: a, decoder: b, prompts: [{bocks: [5, 5, 1, 9]}]}", "unknown key 'bocks'")]
    public void Mistakes_are_told(string refine, string why) =>
        Assert.Contains(why, Problems(refine, "model: m.onnx\n"), StringComparison.Ordinal);

    private string Problems(string refine, string model) =>
        string.Join('\n', Assert.Throws<ManifestException>(() => Read(refine, model)).Problems);

    private JobManifest Read(string refine, string model = "model: m.onnx\n")
    {
        var path = Path.Combine(_folder, "job.yaml");
        File.WriteAllText(path, $"{model}output: out\nsources: archive\n{refine}\n");
        return ManifestReader.Read(path);
    }
}
