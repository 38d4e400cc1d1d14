using Microsoft.ML.OnnxRuntime;
using SegBatch.Annotation;
using SegBatch.Inference;
using SegBatch.Native;
using SegBatch.Native.DuckDb;
using SegBatch.Native.FFmpeg;
using SegBatch.Native.FreeType;
using static SegBatch.Cli.DoctorStatus;

namespace SegBatch.Cli;

/// <summary>The native libraries: loaded and used, not only looked for.</summary>
internal static class DoctorLibraries
{
    private const string FFmpegGroup = "FFmpeg";
    private const string SetUpAgain = "Run ./segbatch doctor from the checkout; where that does not help remove its .native folder first.";

    /// <summary>FFmpeg's names of the accelerations that decoding can be asked for.</summary>
    private static readonly string[] s_decoding = ["cuda", "vaapi", "qsv"];

    public static IEnumerable<DoctorFinding> Find() => [.. FFmpeg(), .. OnnxRuntime(), DuckDb(), Font()];

    private static List<DoctorFinding> FFmpeg()
    {
        try
        {
            var findings = new List<DoctorFinding> { new(FFmpegGroup, "version", Ok, FFmpegBuild.Version()) };
            findings.AddRange(
                NativeVersions.FFmpegLibraries().Select(library => new DoctorFinding(FFmpegGroup, library.Name, Ok, library.Version))
            );
            findings.AddRange(new[] { ("h264", "libx264"), ("hevc", "libx265"), ("av1", "libsvtav1") }.Select(Encoder));
            findings.AddRange(Accelerations());
            return findings;
        }
        catch (DllNotFoundException error)
        {
            return
            [
                new(
                    FFmpegGroup,
                    "libraries",
                    Missing,
                    error.Message,
                    "Run eng/native/install-system.sh: it installs FFmpeg 5.1, or says how."
                ),
            ];
        }

        static DoctorFinding Encoder((string Codec, string Name) it) =>
            FFmpegBuild.HasEncoder(it.Name) ? new(FFmpegGroup, $"{it.Codec} encoder", Ok, it.Name)
            : it.Codec == "h264"
                ? new(
                    FFmpegGroup,
                    "h264 encoder",
                    Missing,
                    "libx264 is not compiled in",
                    "Install an FFmpeg with libx264, or run with --no-video."
                )
            : new(FFmpegGroup, $"{it.Codec} encoder", Note, $"{it.Name} is not compiled in");
    }

    /// <summary>Those that the decoder can use one by one, any other in one line.</summary>
    private static IEnumerable<DoctorFinding> Accelerations()
    {
        var compiled = FFmpegBuild.Accelerations();
        foreach (var name in s_decoding)
        {
            var (found, problem) = compiled.FirstOrDefault(it => it.Name == name);
            yield return (found, problem) switch
            {
                (null, _) => new(FFmpegGroup, name, Note, "not compiled in"),
                (_, null) => new(FFmpegGroup, name, Ok, "compiled in, opens"),
                _ when name != "cuda" && !Directory.Exists("/dev/dri") => new(
                    FFmpegGroup,
                    name,
                    Note,
                    "compiled in, no graphics card in /dev/dri"
                ),
                _ => new(FFmpegGroup, name, Note, $"compiled in, does not open: {problem}"),
            };
        }

        var others = compiled.Select(it => it.Name).Except(s_decoding).ToList();
        if (others.Count > 0)
        {
            yield return new(FFmpegGroup, "not used", Ok, $"{string.Join(", ", others)} (compiled in)");
        }
    }

    private static List<DoctorFinding> OnnxRuntime()
    {
        const string Group = "ONNX Runtime";
        try
        {
            // The first probe also creates the runtime's environment, with its log kept off the terminal.
            var providers = new[] { ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.Cpu }.Select(Provider).ToList();
            var environment = OrtEnv.Instance();
            var compiled = environment
                .GetAvailableProviders()
                .Select(name => name.Replace("ExecutionProvider", "", StringComparison.Ordinal));
            return
            [
                new(Group, "version", Ok, environment.GetVersionString()),
                new(Group, "compiled in", Ok, string.Join(", ", compiled)),
                .. providers,
            ];
        }
        catch (Exception error) when (IsLoadFailure(error))
        {
            return [new(Group, "library", Missing, Text(error), SetUpAgain)];
        }

        static DoctorFinding Provider(ExecutionProvider provider)
        {
            var device = new ExecutionDevice(provider, 0);
            return ExecutionProviders.Probe(device) switch
            {
                null => new(Group, $"{device}", Ok, "runs a network"),
                var reason when !device.IsGpu => new(Group, $"{device}", Missing, $"does not run: {reason}", SetUpAgain),
                var reason when DoctorMachine.NvidiaGpus().Count == 0 => new(
                    Group,
                    $"{device}",
                    Note,
                    $"not used, no NVIDIA GPU ({reason})"
                ),
                var reason => new(Group, $"{device}", Note, $"not used: {reason}", GpuRemedy(provider)),
            };
        }

        static string GpuRemedy(ExecutionProvider provider) =>
            provider == ExecutionProvider.TensorRt
                ? "TensorRT: install TensorRT 10's runtime libraries for CUDA 13 and put them on LD_LIBRARY_PATH."
                : "CUDA: install the driver, CUDA 13's runtime libraries and cuDNN 9, put them on LD_LIBRARY_PATH, and run with SEGBATCH_GPU=1 once.";
    }

    private static DoctorFinding DuckDb()
    {
        try
        {
            using var database = DuckDbDatabase.InMemory(threads: 1);
            using var connection = database.Connect();
            connection.Execute("select 1");
            return new("DuckDB", "version", Ok, DuckDbDatabase.LibraryVersion);
        }
        catch (Exception error) when (error is DuckDbException || IsLoadFailure(error))
        {
            return new("DuckDB", "library", Missing, Text(error), SetUpAgain);
        }
    }

    private static DoctorFinding Font()
    {
        try
        {
            var file = LabelFont.Find(Environment.GetEnvironmentVariable(LabelFont.FontVariable));
            using var font = LabelFont.Open(16, file);
            return new("Text", "font", Ok, file);
        }
        catch (Exception error) when (error is FontException || IsLoadFailure(error))
        {
            return new(
                "Text",
                "font",
                Missing,
                Text(error),
                "Install FreeType and DejaVu Sans (Debian: apt-get install libfreetype6 fonts-dejavu-core)."
            );
        }
    }

    private static bool IsLoadFailure(Exception error) =>
        error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
        || (error is TypeInitializationException { InnerException: { } inner } && IsLoadFailure(inner));

    /// <summary>The first sentence: the loader's advice on tracing tools is for nobody here.</summary>
    private static string Text(Exception error)
    {
        var message = (error is TypeInitializationException { InnerException: { } inner } ? inner : error).Message;
        return message.Split([". In order", "\n"], 2, StringSplitOptions.None)[0].Trim();
    }
}
