using Microsoft.Extensions.Logging;
using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Refining;

namespace SegBatch.Jobs;

/// <summary>Opens the networks of a job as it asks for them.</summary>
internal static class JobModels
{
    /// <summary>The model: a detector, or the image encoder of a job of prompts alone.</summary>
    /// <exception cref="ModelException">It cannot be used as asked.</exception>
    /// <exception cref="JobException">It is not the file that the job names by its checksum.</exception>
    public static OnnxSegmentationModel Open(JobManifest job, ILogger log)
    {
        var options = new InferenceOptions
        {
            Device = job.Run.Device,
            Precision = job.Run.Precision,
            Batch = job.Run.Batch,
            TrimHead = !job.IsPromptOnly && !job.Sources.Any(source => source.Options.Letterbox.Reference), // there the whole network is the file's
        };
        var card = job.IsPromptOnly
            ? PromptModel.Check(job.Refine!.Encoder, job.Refine.Decoder).Encoder
            : ModelLayouts.Read(job.Model.Path, job.Model.Overrides);
        var model = OnnxSegmentationModel.Open(card, options);
        try
        {
            PreparedSource.CheckModel(job.Model, model.Card);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        foreach (var refusal in model.Refusals)
        {
            log.LogInformation("{Refusal}", refusal);
        }

        if (model.NotTrimmed is { } why)
        {
            log.LogInformation("{Reason}", why);
        }

        return model;
    }

    /// <summary>The pair that gives masks; null where masks are the model's own.</summary>
    public static PromptModel? OpenPrompts(JobManifest job, OnnxSegmentationModel model) =>
        job.Refine is not { } pair ? null
        : job.IsPromptOnly ? PromptModel.Of(model, pair.Decoder)
        : PromptModel.Open(pair.Encoder, pair.Decoder, new InferenceOptions { Device = job.Run.Device, Precision = job.Run.Precision });

    /// <summary>What of letterbox and head runs on the model's device; null where the plain model is the way.</summary>
    public static GpuModel? OpenGpu(JobManifest job, OnnxSegmentationModel model) =>
        !model.Device.IsGpu || job.IsPromptOnly ? null : GpuModel.TryCreate(model, ModelLayouts.Recognise(model.Card), new GpuOptions());
}
