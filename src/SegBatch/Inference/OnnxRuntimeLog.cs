using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Native;

namespace SegBatch.Inference;

/// <summary>
/// Keeps ONNX Runtime's own error lines off the terminal and remembers the last of them; makes its errors readable. The
/// runtime's environment exists once per process, hence the static state.
/// </summary>
public static partial class OnnxRuntimeLog
{
    private const int Kept = 100;
    private static readonly Queue<string> s_lines = [];
    private static readonly Lock s_gate = new();

    /// <summary>The last error lines of the native library, oldest first, at most 100.</summary>
    public static IReadOnlyList<string> Lines
    {
        get
        {
            lock (s_gate)
            {
                return [.. s_lines];
            }
        }
    }

    /// <summary>
    /// Creates the process's runtime environment unless it exists, and keeps the library from calling home: since 1.29 its Linux builds send
    /// names and hashes of models to their maker unless told not to before the environment exists. Called before the first session.
    /// </summary>
    internal static void Start()
    {
        lock (s_gate)
        {
            if (OrtEnv.IsCreated)
            {
                return;
            }

            NativeEnvironment.SetDefault("ORT_DISABLE_TELEMETRY", "1");
            NativeEnvironment.SetDefault("ORT_TELEMETRY_DISABLED", "1"); // the name that later versions read
            var options = new EnvironmentCreationOptions
            {
                logId = "segbatch",
                logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
                loggingFunction = (_, _, _, _, location, message) => Keep($"{location}: {message}"),
            };
            _ = OrtEnv.CreateInstanceWithOptions(ref options);
        }
    }

    private static void Keep(string line)
    {
        lock (s_gate)
        {
            while (s_lines.Count >= Kept)
            {
                s_lines.Dequeue();
            }

            s_lines.Enqueue(line);
        }
    }

    /// <summary>
    /// The first lines of an error as one, without source paths and error numbers; a library that is missing is named.
    /// </summary>
    internal static string Reason(Exception error, int lines = 1)
    {
        var line = string.Join(' ', error.Message.Split('\n', StringSplitOptions.TrimEntries).Take(lines)).Trim();
        var missing = MissingLibrary().Match(line);
        if (missing.Success)
        {
            var wanted = Path.GetFileName(missing.Groups["wanted"].Value);
            var absent = Path.GetFileName(missing.Groups["absent"].Value);
            return wanted == absent ? $"{wanted} is not installed" : $"{wanted} needs {absent}, which is not installed";
        }

        return Noise().Replace(line, "").TrimEnd('.', ' ');
    }

    [GeneratedRegex(@"Failed to load library (?<wanted>\S+) with error: (?<absent>[^\s:]+): cannot open shared object file")]
    private static partial Regex MissingLibrary();

    /// <summary>"[ErrorCode:Fail] /onnxruntime_src/…/x.cc:12 R f(args) [ONNXRuntimeError] : 1 : FAIL : " and the like.</summary>
    [GeneratedRegex(@"^(\[ErrorCode:\w+\]\s*)?(/\S+\.(cc|h):\d+ (.*?(?=\[ONNXRuntimeError\]))?)?(\[ONNXRuntimeError\] : \d+ : \w+ : )?")]
    private static partial Regex Noise();
}
