using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Motion;
using SegBatch.Pipeline;
using SegBatch.Refining;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>What one video's objects are found with, chosen by its options from what the job has open.</summary>
internal sealed class VideoStages : IDisposable
{
    private readonly PreparedSource _video;
    private readonly RunningJob _job;
    private readonly MaskRefiner? _refiner;

    public VideoStages(PreparedSource video, RunningJob job)
    {
        (_video, _job) = (video, job);
        var card = job.Model.Card;
        var isPromptOnly = job.Prompts?.Encoder == job.Model;
        var (names, prompts) = isPromptOnly
            ? job.Job.Refine!.Classes([], 0)
            : job.Job.Refine?.Classes(card.Names, ModelLayouts.Recognise(card).Classes) ?? (card.Names, []);
        ClassNames = names;
        Head = isPromptOnly
            ? new PromptedObjects(job.Prompts!, prompts)
            : SoughtDetections.Head(Options, video.Classes, card, job.Model.Trimmed);
        var method = Options.Tracking.CameraMotion;
        Camera = method == CameraMotionMethod.None ? null : new CameraMotionEstimator(method, Options.Letterbox.Reference);
        _refiner = job.Prompts is null || isPromptOnly ? null : new MaskRefiner(job.Prompts, prompts);
    }

    /// <summary>Names by class id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The head that runs on the host.</summary>
    public IDetectionHead Head { get; }

    /// <summary>Null where no tracker goes by the camera's motion.</summary>
    public CameraMotionEstimator? Camera { get; }

    /// <summary>Model and head in one on the network's device; null where the plain model is the way. Known from <see cref="Pipeline"/> on.</summary>
    public GpuVideo? Device { get; private set; }

    private SourceOptions Options => _video.Source.Options;

    /// <summary>The graph of the video.</summary>
    /// <param name="isAnnotated">Frames are drawn on, and so must stay.</param>
    public VideoPipeline Pipeline(VideoInfo info, bool isAnnotated)
    {
        var looks = _job.Looks.For(Options.Tracking);
        var keepPictures = isAnnotated || Camera is not null || looks is not null || _refiner is not null;
        Device = _job.Gpu?.For(Head, SoughtDetections.Options(Options, _video.Classes), keepPictures);
        _job.Gpu?.WarmUp(_job.Model.Card.Letterbox(info.Size, Options.Letterbox).Input);
        return new VideoPipeline(
            Device ?? (ISegmentationModel)_job.Model,
            Device ?? Head,
            new PipelineOptions
            {
                Letterbox = Options.Letterbox,
                CameraMotion = Camera,
                Refiner = _refiner,
                Appearance = looks,
                AppearanceFrom = Trackers.ComparesLooksFrom(Options.Tracking) ?? 1,
            }
        );
    }

    public void Dispose() => _refiner?.Dispose();
}
