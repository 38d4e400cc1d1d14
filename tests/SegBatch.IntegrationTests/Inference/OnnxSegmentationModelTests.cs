using SegBatch.Inference;
using SegBatch.Native;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Inference;

[Collection("native memory")]
public class OnnxSegmentationModelTests(ITestOutputHelper output)
{
    private static readonly InferenceOptions s_cpu = new() { Device = "cpu" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The recorded outputs were computed by another version of ONNX Runtime on another machine from the same letterboxed picture.</summary>
    [Theory]
    [InlineData("yolov8n-seg", "000096", 1e-3)]
    [InlineData("yolov8n-seg", "000100", 1e-3)]
    [InlineData("yolov8n-seg", "000104", 1e-3)]
    [InlineData("yolov8n-seg-640", "000100", 1e-3)]
    [InlineData("yolo26n-seg", "000096", 1e-3)]
    [InlineData("yolo26n-seg", "000104", 1e-3)]
    public async Task Outputs_are_those_recorded(string name, string frame, double tolerance)
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path($"models/{name}.onnx"), options: s_cpu);
        var (size, planes) = ModelRig.ReadPng(SharedData.Path($"reference/frames/raw/{name}.{frame}.input.png"));
        using var rig = new ModelRig(model, size);

        using var predictions = await model.InferAsync(await rig.BatchAsync(1, (_, values) => planes.CopyTo(values), Stop), Stop);

        for (var i = 0; i < 2; i++)
        {
            var (shape, expected) = ModelRig.ReadNpy(SharedData.Path($"reference/frames/raw/{name}.{frame}.output{i}.npy"));
            Assert.Equal(shape, predictions.Outputs[i].Shape);
            var actual = predictions.Outputs[i].Values.Span;
            var worst = 0.0;
            for (var k = 0; k < expected.Length; k++)
            {
                worst = Math.Max(worst, Math.Abs(expected[k] - actual[k]) / Math.Max(1, Math.Abs(expected[k])));
            }

            output.WriteLine($"{name} {frame} output{i}: worst difference {worst:g3}");
            Assert.InRange(worst, 0, tolerance);
        }
    }

    /// <summary>float16 and int8 variants against the recorded float32 output: what rounding the weights may cost, and no more.</summary>
    [Theory]
    [InlineData("yolov8n-seg-fp16", 0.005, 0.999)]
    [InlineData("yolov8n-seg-half", 0.005, 0.999)]
    [InlineData("yolov8n-seg-int8", 0.05, 0.95)]
    public async Task Reduced_variants_stay_close(string name, double scoreTolerance, double correlation)
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path($"models/{name}.onnx"), options: s_cpu);
        var (size, planes) = ModelRig.ReadPng(SharedData.Path("reference/frames/raw/yolov8n-seg.000100.input.png"));
        using var rig = new ModelRig(model, size);
        var (shape, expected) = ModelRig.ReadNpy(SharedData.Path("reference/frames/raw/yolov8n-seg.000100.output0.npy"));
        var (_, prototypes) = ModelRig.ReadNpy(SharedData.Path("reference/frames/raw/yolov8n-seg.000100.output1.npy"));

        using var predictions = await model.InferAsync(await rig.BatchAsync(1, (_, values) => planes.CopyTo(values), Stop), Stop);

        Assert.Equal(shape, predictions.Outputs[0].Shape);
        var persons = Enumerable.Range(4 * shape[2], shape[2]).Where(i => expected[i] > 0.25f).ToArray(); // row 4: scores of class 0
        var difference = persons.Average(i => Math.Abs(expected[i] - predictions.Outputs[0].Values.Span[i]));
        var r = Correlation(prototypes, predictions.Outputs[1].Values.Span);
        output.WriteLine(
            $"{name}: scores of {persons.Length} person anchors differ by {difference:g3} on average, prototypes correlate {r:f4}"
        );
        Assert.InRange(difference, 0, scoreTolerance);
        Assert.InRange(r, correlation, 1.0001);
    }

    [Fact]
    public async Task Runs_at_once_give_the_bits_of_runs_alone()
    {
        var path = SharedData.Path("models/yolov8n-seg.onnx");
        using var model = OnnxSegmentationModel.Open(path, options: s_cpu with { Concurrency = 2 });
        using var rig = new ModelRig(model, new(320, 192));
        var alone = new List<float[][]>();
        for (var seed = 0; seed < 4; seed++)
        {
            using var predictions = await model.InferAsync(await rig.NoiseAsync(seed, Stop), Stop);
            alone.Add(Copy(predictions));
        }

        var batches = new List<Letterboxing.TensorBatch>();
        for (var run = 0; run < 12; run++)
        {
            batches.Add(await rig.NoiseAsync(run % 4, Stop));
        }

        var together = await Task.WhenAll(batches.Select(batch => Task.Run(() => model.InferAsync(batch, Stop), Stop)));

        for (var run = 0; run < together.Length; run++)
        {
            Assert.Equal(alone[run % 4], Copy(together[run]));
            together[run].Dispose();
        }

        Assert.Equal((0, 0), (rig.Frames.Outstanding, rig.Tensors.Outstanding));
    }

    [Fact]
    public async Task A_batch_gives_the_bits_of_single_pictures_and_its_padding_changes_nothing()
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path("models/yolov8n-seg.onnx"), options: s_cpu with { Batch = 3 });
        using var single = OnnxSegmentationModel.Open(SharedData.Path("models/yolov8n-seg.onnx"), options: s_cpu);
        using var rig = new ModelRig(model, new(160, 96));
        using var singleRig = new ModelRig(single, new(160, 96));
        var (first, second) = (Noise(1), Noise(2));
        (await rig.NoiseAsync(9, Stop)).Dispose(); // leaves values in the memory of the slot that is padding below

        using var together = await model.InferAsync(
            await rig.BatchAsync(2, (slot, values) => (slot == 0 ? first : second).CopyTo(values), Stop),
            Stop
        );
        using var alone = await single.InferAsync(await singleRig.BatchAsync(1, (_, values) => second.CopyTo(values), Stop), Stop);

        Assert.Equal(2, together.Count);
        Assert.Equal(3, together.Outputs[0].Shape[0]);
        Assert.Equal(
            alone.Outputs[0].Of(0).ToArray(),
            together.Outputs[0].Of(1).ToArray(),
            (a, b) => Math.Abs(a - b) <= 1e-3 * Math.Max(1, Math.Abs(a))
        );

        static float[] Noise(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, 3 * 160 * 96).Select(_ => random.Next(256) / 255f)];
        }
    }

    [Fact]
    public async Task Buffers_are_used_again_and_all_come_back()
    {
        var before = NativeBuffers.Outstanding;
        using (var model = OnnxSegmentationModel.Open(SharedData.Path("demo-model/shapes-seg.onnx"), options: s_cpu))
        {
            using var rig = new ModelRig(model, new(320, 192));
            long afterFirst = 0;
            for (var run = 0; run < 200; run++)
            {
                using var predictions = await model.InferAsync(await rig.NoiseAsync(run % 3, Stop), Stop);
                if (run == 20)
                {
                    afterFirst = Environment.WorkingSet;
                    Assert.Equal(before + 3, NativeBuffers.Outstanding); // one tensor, two outputs
                }
            }

            output.WriteLine($"resident memory {afterFirst >> 20} MB, after 180 more runs {Environment.WorkingSet >> 20} MB");
            Assert.InRange(Environment.WorkingSet - afterFirst, long.MinValue, 8L << 20);
            Assert.Equal(before + 3, NativeBuffers.Outstanding);
        }

        Assert.Equal(before, NativeBuffers.Outstanding);
    }

    [Fact]
    public async Task Many_shapes_do_not_pile_up_and_outlive_their_session()
    {
        var before = NativeBuffers.Outstanding;
        using (var model = OnnxSegmentationModel.Open(SharedData.Path("demo-model/shapes-seg.onnx"), options: s_cpu))
        {
            using var firstRig = new ModelRig(model, new(64, 64));
            var held = await model.InferAsync(await firstRig.NoiseAsync(1, Stop), Stop);
            var values = Copy(held);
            for (var side = 96; side <= 96 + 32 * 10; side += 32)
            {
                using var rig = new ModelRig(model, new(side, 64));
                using var predictions = await model.InferAsync(await rig.NoiseAsync(side, Stop), Stop);
                Assert.Equal([1, 16, 16, side / 4], predictions.Outputs[1].Shape);
            }

            Assert.InRange(NativeBuffers.Outstanding - before, 0, 1 + 2 + 8 * 2); // the held tensor and outputs, and eight sessions' outputs
            Assert.Equal(values, Copy(held)); // its session is gone by now
            held.Dispose();
        }

        Assert.Equal(before, NativeBuffers.Outstanding);
    }

    [Fact]
    public async Task A_failed_run_names_model_shape_and_device_and_leaves_nothing()
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path("models/yolov8n-seg-640.onnx"), options: s_cpu);
        using var rig = new ModelRig(model, new(320, 320)); // the export is fixed at 640

        var failure = await Assert.ThrowsAsync<ModelException>(async () => await model.InferAsync(await rig.NoiseAsync(1, Stop), Stop));

        output.WriteLine(failure.Message);
        Assert.Equal(ModelException.Run, failure.Code);
        Assert.Contains("yolov8n-seg-640.onnx", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1x3x320x320", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Got: 320 Expected: 640", failure.Message, StringComparison.Ordinal); // what ONNX Runtime says on its second line
        Assert.Contains("cpu", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (rig.Frames.Outstanding, rig.Tensors.Outstanding));
    }

    [Fact]
    public async Task Cancelling_ends_a_run_in_the_middle_and_a_wait_at_once()
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path("models/yolov8n-seg.onnx"), options: s_cpu with { Concurrency = 1 });
        using var rig = new ModelRig(model, new(1280, 1280));
        (await model.InferAsync(await rig.NoiseAsync(0, Stop), Stop)).Dispose(); // the session exists
        var (one, two) = (await rig.NoiseAsync(1, Stop), await rig.NoiseAsync(2, Stop));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => model.InferAsync(one, cancel.Token), Stop);
        while (model.Slots.CurrentCount > 0 && !running.IsCompleted)
        {
            await Task.Delay(1, Stop);
        }

        await Task.Delay(60, Stop); // into the network: a whole run takes several times as long
        var waiting = model.InferAsync(two, cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running); // a run that comes to its end throws nothing

        Assert.Equal((0, 0), (rig.Frames.Outstanding, rig.Tensors.Outstanding));
        (await model.InferAsync(await rig.NoiseAsync(3, Stop), Stop)).Dispose(); // and the model still works
    }

    private static float[][] Copy(RawPredictions predictions) => [.. predictions.Outputs.Select(tensor => tensor.Values.ToArray())];

    private static double Correlation(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sx = 0,
            sy = 0,
            sxx = 0,
            syy = 0,
            sxy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            (sx, sy, sxx, syy, sxy) = (
                sx + x[i],
                sy + y[i],
                sxx + (double)x[i] * x[i],
                syy + (double)y[i] * y[i],
                sxy + (double)x[i] * y[i]
            );
        }

        return (x.Length * sxy - sx * sy) / Math.Sqrt((x.Length * sxx - sx * sx) * (x.Length * syy - sy * sy));
    }
}
