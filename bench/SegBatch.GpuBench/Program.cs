using System.Text.Json.Nodes;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.GpuBench;
using SegBatch.Inference;

// gpubench MODEL CLIP [--out FILE.json] [--device cuda|tensorrt]: every figure that needs a GPU, as a table and as
// JSON. Figures that cannot be taken here say why. The clip should be H.264 of 1920x1080; at least 1000 frames make steady figures.
if (args.Length < 2 || args[0].StartsWith('-'))
{
    Console.Error.WriteLine("usage: gpubench MODEL CLIP [--out FILE.json] [--device cuda|tensorrt]");
    return 64;
}

var (model, clip) = (args[0], args[1]);
var device = Named("--device") ?? "cuda";
var figures = new Figures();
var square = new FrameSize(640, 640);
var cuda = ExecutionProviders.Probe(new ExecutionDevice(ExecutionProvider.Cuda, 0));
var tensorRt = ExecutionProviders.Probe(new ExecutionDevice(ExecutionProvider.TensorRt, 0));
var hasGpu = File.Exists("/dev/nvidiactl") || Directory.Exists("/proc/driver/nvidia");
Console.WriteLine($"CUDA provider: {cuda ?? "runs"}");
Console.WriteLine($"TensorRT provider: {tensorRt ?? "runs"}");

var noCuda = hasGpu ? cuda : "no CUDA device";
var noTensorRt = hasGpu ? tensorRt : "no CUDA device";
var noDecoder = hasGpu ? null : "no CUDA device";

foreach (var streams in new[] { 1, 7, 14 })
{
    await Take(
        $"decode-{streams}",
        $"NVDEC, {streams} streams, frames stay on the device",
        noDecoder,
        async (id, what) => figures.Add(id, what, await DecodeStreams.RunAsync(clip, streams, "cuda"), "fps")
    );
}

await Take(
    "decode-cpu",
    "software decoding, one stream",
    null,
    async (id, what) => figures.Add(id, what, await DecodeStreams.RunAsync(clip, 1, null), "fps")
);

var best = 0.0;
foreach (var batch in new[] { 1, 8, 16, 32 })
{
    foreach (var nhwc in new[] { false, true })
    {
        foreach (var search in new[] { "HEURISTIC", "EXHAUSTIVE" })
        {
            await Take(
                $"bare-{batch}{(nhwc ? "-nhwc" : "")}-{search[..3].ToLowerInvariant()}",
                $"bare CUDA, batch {batch}, {(nhwc ? "NHWC" : "NCHW")}, {search}",
                noCuda,
                (id, what) =>
                {
                    var fps = BareInference.Run(model, batch, square, nhwc, search, tensorRt: false);
                    best = batch >= 16 ? Math.Max(best, fps) : best;
                    figures.Add(id, what, fps, "fps");
                    return Task.CompletedTask;
                }
            );
        }
    }
}

await Take(
    "bare-trt-16",
    "bare TensorRT, half precision, batch 16",
    noTensorRt,
    (id, what) =>
    {
        figures.Add(id, what, BareInference.Run(model, 16, square, nhwc: false, "HEURISTIC", tensorRt: true), "fps");
        return Task.CompletedTask;
    }
);
await Take(
    "G1",
    "bare inference 640x640, batch 16 or 32, CUDA",
    noCuda,
    (id, what) =>
    {
        figures.AtLeast(id, what, best, 2500, "fps");
        return Task.CompletedTask;
    }
);

var noJob = device == "tensorrt" ? noTensorRt : noCuda;
JobFigures? tables = null;
await Take(
    "G2",
    "8 files to tables",
    noJob,
    async (id, what) =>
    {
        _ = await WholeJob.RunAsync(model, clip, 1, video: false, device, "cuda"); // engines and kernels are chosen
        tables = await WholeJob.RunAsync(model, clip, 8, video: false, device, "cuda");
        figures.AtLeast(id, what, tables.FramesPerSecond, 2000, "fps");
    }
);
await Take(
    "bare-job",
    "bare CUDA at the job's own input size and batch",
    noCuda,
    (id, what) =>
    {
        var card = ModelCard.Read(model);
        var size = card.Letterbox(VideoProbe.Probe(clip).Size, new()).Input;
        figures.Add(id, what, BareInference.Run(model, 8, size, card.File.HasHalfWeights, "HEURISTIC", tensorRt: false), "fps");
        return Task.CompletedTask;
    }
);
await Take(
    "G3",
    "8 files / min(bare inference, bare NVDEC)",
    noJob,
    (id, what) =>
    {
        var decoded = Math.Max(figures["decode-7"] ?? 0, figures["decode-14"] ?? 0);
        var limit = Math.Min(figures["bare-job"] ?? 0, decoded);
        var reached = tables?.FramesPerSecond ?? 0;
        figures.AtLeast(id, what, limit > 0 ? reached / limit : throw new InvalidOperationException("a limit is missing"), 0.85, "");
        return Task.CompletedTask;
    }
);
await Take(
    "G4",
    "8 files to tables and annotated video",
    noJob,
    async (id, what) =>
        figures.AtLeast(id, what, (await WholeJob.RunAsync(model, clip, 8, video: true, device, "cuda")).FramesPerSecond, 900, "fps")
);
await Take(
    "G5",
    "one file to tables",
    noJob,
    async (id, what) =>
        figures.AtLeast(id, what, (await WholeJob.RunAsync(model, clip, 1, video: false, device, "cuda")).FramesPerSecond, 600, "fps")
);
await Take(
    "G6",
    "bytes from device to host per frame",
    noJob,
    (id, what) =>
    {
        var traffic = tables?.Traffic is { Frames: > 0 } known
            ? known
            : throw new InvalidOperationException("no objects were chosen on the device");
        figures.AtMost(id, what, (double)traffic.BytesToHost / traffic.Frames, 256 * 1024, "bytes");
        return Task.CompletedTask;
    }
);
await Take(
    "G7",
    "CPU per frame, tables only",
    noJob,
    (id, what) =>
    {
        figures.AtMost(id, what, (tables ?? throw new InvalidOperationException("G2 failed")).CpuMsPerFrame, 1.5, "ms");
        return Task.CompletedTask;
    }
);
await Take(
    "G8",
    "segmentation / detection pipeline",
    noJob ?? "the pipeline runs no detection network to compare with",
    (_, _) => Task.CompletedTask
);
await Take(
    "G9",
    "frames that cross to the host or from it in full",
    noJob,
    (id, what) =>
    {
        var traffic = tables?.Traffic ?? throw new InvalidOperationException("no objects were chosen on the device");
        figures.AtMost(id, what, traffic.FramesFetched + traffic.PicturesUploaded, 0, "frames");
        return Task.CompletedTask;
    }
);
await Take(
    "job-cpu",
    "one file to tables on the CPU, for comparison",
    null,
    async (id, what) => figures.Add(id, what, (await WholeJob.RunAsync(model, clip, 1, video: false, "cpu", "none")).FramesPerSecond, "fps")
);

var report = new JsonObject
{
    ["model"] = Path.GetFileName(model),
    ["clip"] = Path.GetFileName(clip),
    ["device"] = device,
    ["processors"] = Environment.ProcessorCount,
    ["cuda"] = cuda ?? "runs",
    ["tensorRt"] = tensorRt ?? "runs",
    ["figures"] = figures.ToJson(),
};
if (Named("--out") is { } file)
{
    await File.WriteAllTextAsync(file, Figures.Json(report));
}

return 0;

string? Named(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

Task Take(string id, string what, string? why, Func<string, string, Task> take)
{
    if (why is not null)
    {
        figures.Missing(id, what, why);
        return Task.CompletedTask;
    }

    return figures.TryAsync([(id, what)], () => take(id, what));
}
