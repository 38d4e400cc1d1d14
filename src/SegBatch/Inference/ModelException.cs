namespace SegBatch.Inference;

/// <summary>A model that cannot be used as asked. The message says what failed, on which file, why, and what to do.</summary>
public sealed class ModelException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>No such file, not a regular file, empty, or not ONNX at all.</summary>
    public const string NotAModel = "MODEL_FILE";

    /// <summary>The file points outside its folder, or needs code that is not in the runtime.</summary>
    public const string Unsafe = "MODEL_UNSAFE";

    /// <summary>ONNX Runtime does not load it: damaged, or written for a newer version.</summary>
    public const string Refused = "MODEL_REFUSED";

    /// <summary>Metadata that can be stated in the job is unreadable.</summary>
    public const string Metadata = "MODEL_METADATA";

    /// <summary>The network does not take one picture tensor [batch, 3, height, width] of float32 or float16.</summary>
    public const string Input = "MODEL_INPUT";

    /// <summary>Options that this export cannot serve: letterbox, imgsz, batch.</summary>
    public const string Options = "MODEL_OPTIONS";

    /// <summary>Two files that do not belong together: an image encoder and a prompt decoder.</summary>
    public const string Pair = "MODEL_PAIR";

    /// <summary>The network cannot be quantised: it is already, or it is built of what the quantiser does not know.</summary>
    public const string Quantization = "MODEL_QUANTIZATION";

    /// <summary>The device that was asked for by name is not usable on this machine.</summary>
    public const string Device = "DEVICE_UNAVAILABLE";

    /// <summary>A run of the network failed.</summary>
    public const string Run = "MODEL_RUN";

    /// <summary>One of the constants above; users filter by it.</summary>
    public string Code { get; } = code;
}
