namespace SegBatch.Inference;

/// <summary>Where and how the network runs. Never changes what it computes on the CPU, up to the last digits of boxes and scores.</summary>
public sealed record InferenceOptions
{
    /// <summary>auto, cpu, cuda, cuda:N, tensorrt or tensorrt:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>auto, fp32 or fp16. fp16 lets TensorRT compute in half precision; other providers compute as the file says.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Pictures per run; null: what the export fixes, else 1 on the CPU and 8 on a GPU.</summary>
    public int? Batch { get; init; }

    /// <summary>Runs at once; null: one per core on the CPU, 2 on a GPU.</summary>
    public int? Concurrency { get; init; }

    /// <summary>
    /// On the CPU, end the network at the convolutions of its head where that is possible: its outputs are then those of
    /// <see cref="OnnxSegmentationModel.Trimmed"/>, no longer those of the file.
    /// </summary>
    public bool TrimHead { get; init; }

    /// <summary>Where TensorRT keeps its engines; null: the user's cache folder.</summary>
    public string? EngineCacheFolder { get; init; }
}
