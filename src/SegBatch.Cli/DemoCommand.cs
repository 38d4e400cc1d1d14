using System.CommandLine;
using SegBatch.Demo;

namespace SegBatch.Cli;

/// <summary><c>segbatch demo</c>: an archive to play with, its truth, the model for it and a job.</summary>
internal static class DemoCommand
{
    private const string ModelName = "shapes-seg.onnx";
    private const string JobName = "job.yaml";

    private const string Job = """
        # Moving shapes and the small model that knows them. The truth lies in archive/truth/instances.
        name: demo
        model: shapes-seg.onnx
        output: out
        demo: archive                 # rendered again if it is deleted
        sources:
          - archive
        detect: {letterbox: rect, conf: 0.5}
        track: {tracker: bytetrack, lost_seconds: 1.0, track_high_thresh: 0.5, new_track_thresh: 0.6}
        annotate: {color_by: track, trace_seconds: 1}

        """;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "Folder to write (default: segbatch-demo).",
            DefaultValueFactory = _ => "segbatch-demo",
        };
        var command = new Command(
            "demo",
            """
            Write a small archive of generated clips to play with, with exact truth, a model that knows what they show, and a job.
            The clips: H.264 with sound, HEVC with a variable frame rate, a rotated one, one of 10 bits, one of a single frame,
            and VP9 of an odd size.

            Examples:
              segbatch demo
              segbatch run segbatch-demo/job.yaml
            """
        )
        {
            folder,
        };
        command.SetAction((parsed, stopping) => RunAsync(parsed.GetRequiredValue(folder), stopping));
        return command;
    }

    private static async Task<int> RunAsync(string folder, CancellationToken stopping)
    {
        try
        {
            var job = await WriteAsync(folder, stopping);
            Console.Out.WriteLine(
                $"""
                clips    {Path.Combine(folder, "archive")}
                truth    {Path.Combine(folder, "archive", "truth", "instances")}
                model    {Path.Combine(folder, ModelName)}
                Next:    segbatch run {job}
                """
            );
            return (int)ExitCode.AllDone;
        }
        catch (DemoException error)
        {
            Console.Error.WriteLine(error.Message);
            return (int)ExitCode.Configuration;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The demo cannot be written to {folder}: {error.Message}");
            return (int)ExitCode.CannotWrite;
        }
    }

    /// <summary>Writes the clips, their truth, the model and the job.</summary>
    /// <returns>Path of the job.</returns>
    /// <exception cref="DemoException">The ffmpeg tool is missing or failed.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task<string> WriteAsync(string folder, CancellationToken stopping)
    {
        Directory.CreateDirectory(folder);
        await WriteModelAsync(Path.Combine(folder, ModelName), stopping);
        var job = Path.Combine(folder, JobName);
        if (!File.Exists(job))
        {
            await File.WriteAllTextAsync(job, Job, stopping);
        }

        await DemoArchive.EnsureAsync(Path.Combine(folder, "archive"), Console.Error.WriteLine, stopping);
        return job;
    }

    /// <summary>The model travels inside the program, so that the demo needs nothing else.</summary>
    private static async Task WriteModelAsync(string path, CancellationToken stopping)
    {
        await using var resource = typeof(DemoCommand).Assembly.GetManifestResourceStream(ModelName)!;
        if (File.Exists(path) && new FileInfo(path).Length == resource.Length)
        {
            return;
        }

        await using var file = File.Create(path);
        await resource.CopyToAsync(file, stopping);
    }
}
