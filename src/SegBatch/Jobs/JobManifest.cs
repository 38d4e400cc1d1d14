using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Output;
using SegBatch.Stitching;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>A clean job: every value was checked, every path is absolute. Immutable.</summary>
public sealed record JobManifest
{
    public required string Name { get; init; }

    public required ModelReference Model { get; init; }

    /// <summary>What gives detections their masks in place of the model; null: the model does.</summary>
    public RefineReference? Refine { get; init; }

    /// <summary>There is no detector: the model is the image encoder, and objects are those that are prompted.</summary>
    public bool IsPromptOnly => Refine is { } pair && pair.Encoder == Model.Path;

    /// <summary>Absolute path of the output folder, without a separator at its end.</summary>
    public required string Output
    {
        get;
        init => field = Path.TrimEndingDirectorySeparator(value);
    }

    public required IReadOnlyList<SourceSpec> Sources { get; init; }

    public RunOptions Run { get; init; } = new();

    /// <summary>Absolute path of a folder into which the demo archive is rendered when it is not there yet; else null.</summary>
    public string? DemoFolder { get; init; }

    /// <summary>What is odd about the job without being wrong, with its place.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Folder that relative source patterns are relative to.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>Folder from which paths count where a video's key tells namesakes apart: archive and manifest may move together.</summary>
    public string KeyFolder
    {
        get => field ?? BaseFolder;
        init;
    }
}

/// <summary>The model file and what the job knows better than the file's own metadata.</summary>
public sealed record ModelReference
{
    /// <summary>Absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Expected SHA-256 in lower-case hex; null accepts any file.</summary>
    public string? Sha256 { get; init; }

    public ModelOverrides Overrides { get; init; } = new();
}

/// <summary>One line of <c>sources</c>: a file, folder or glob, with the options that hold for what it finds.</summary>
public sealed record SourceSpec
{
    /// <summary>As written; relative to <see cref="JobManifest.BaseFolder"/>.</summary>
    public required string Pattern { get; init; }

    public SourceOptions Options { get; init; } = new();

    /// <summary>Where it stands ("job.yaml:5:5"), for messages.</summary>
    public string Location { get; init; } = "";
}

/// <summary>The options of every stage for one source.</summary>
public sealed record SourceOptions
{
    public DecodingOptions Decoding { get; init; } = new();

    public LetterboxOptions Letterbox { get; init; } = new();

    public DetectionOptions Detection { get; init; } = new();

    /// <summary>Class names or ids as written; resolved against the model's names when it is open. Null keeps all.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    public TrackingOptions Tracking { get; init; } = new();

    /// <summary>What happens to the tracks when the whole video was seen.</summary>
    public OfflineOptions Offline { get; init; } = new();

    public AnnotationOptions Annotation { get; init; } = new();

    public VideoEncodingOptions Encoding { get; init; } = new();
}

/// <summary>How the job uses the machine. Never changes a result on the CPU provider.</summary>
public sealed record RunOptions
{
    /// <summary>auto, cpu, cuda, cuda:N, tensorrt, tensorrt:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Pictures per run of the network; null: 1 on the CPU, 8 on a GPU.</summary>
    public int? Batch { get; init; }

    /// <summary>Videos in work at once; null: by cores.</summary>
    public int? Videos { get; init; }

    /// <summary>auto, fp32 or fp16 (GPU providers).</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Keep detections below the confidence threshold that the tracker saw, for tracking again without inference.</summary>
    public bool Candidates { get; init; } = true;
}
