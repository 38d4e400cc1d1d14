using System.CommandLine;
using SegBatch.Jobs;
using SegBatch.Letterboxing;
using SegBatch.Quantization;

namespace SegBatch.Cli;

/// <summary><c>segbatch quantize</c>: a smaller, faster network for the processor, if it still finds the same.</summary>
internal static class QuantizeCommand
{
    private const int MostFrames = 10_000;

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file in single precision." };
        var sources = new Option<string[]>("--source", "-s")
        {
            Description = "Videos, pictures, folders or globs of the archive that the model is meant for.",
            HelpName = "PATH…",
            AllowMultipleArgumentsPerToken = true,
            Required = true,
        };
        var output = new Option<string?>("--out", "-o") { Description = "The new ONNX file.", HelpName = "FILE" };
        var check = new Option<string?>("--check")
        {
            Description = "Compare this quantised file with MODEL instead of making one.",
            HelpName = "FILE",
        };
        var frames = new Option<int>("--frames")
        {
            Description = "Frames to learn from; half as many others are compared (default: 64).",
            HelpName = "N",
            DefaultValueFactory = _ => new QuantizationOptions().Frames,
        };
        var minIoU = Share("--min-iou", "Least mean mask IoU with MODEL's masks (default: 0.95).", new QuantizationOptions().MinIoU);
        var minRecall = Share(
            "--min-recall",
            "Least share of MODEL's objects that are found again (default: 0.8).",
            new QuantizationOptions().MinRecall
        );
        var conf = Share(
            "--conf",
            "Lowest score of an object in the comparison (default: 0.25).",
            new QuantizationOptions().Detection.Conf
        );
        var imgsz = new Option<int?>("--imgsz")
        {
            Description = "Input size in pixels, as for run (default: the model's).",
            HelpName = "N",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object instead of text." };
        var command = new Command(
            "quantize",
            """
            Make an 8-bit version of a model for CPUs, calibrated on frames of your own archive, and compare it with the original on other
            frames. The file is written only if it finds the same objects with the same masks; else the exit code is 2.

            Examples:
              segbatch quantize yolov8n-seg.onnx --source archive/ --out yolov8n-seg-int8.onnx
              segbatch quantize yolov8n-seg.onnx --source archive/ --check somebody-elses-int8.onnx
            """
        )
        {
            model,
            sources,
            output,
            check,
            frames,
            minIoU,
            minRecall,
            conf,
            imgsz,
            json,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(output) is null) == (result.GetValue(check) is null))
            {
                result.AddError("Say either --out FILE, to write a quantised model, or --check FILE, to compare one.");
            }
            else if (result.GetValue(output) is { } written && Path.GetFullPath(written) == Path.GetFullPath(result.GetValue(model) ?? ""))
            {
                result.AddError("--out names the model itself. Choose another file.");
            }
        });
        imgsz.Validators.Add(result =>
        {
            if (result.GetValue(imgsz) is < 1 or > OptionValue.MaxSide)
            {
                result.AddError($"--imgsz takes a whole number from 1 to {OptionValue.MaxSide}.");
            }
        });
        frames.Validators.Add(result =>
        {
            if (result.GetValue(frames) is < 2 or > MostFrames)
            {
                result.AddError($"--frames takes a whole number from 2 to {MostFrames}.");
            }
        });
        command.SetAction(
            (parsed, stopping) =>
                RunAsync(
                    parsed.GetRequiredValue(model),
                    parsed.GetRequiredValue(sources),
                    parsed.GetValue(output),
                    parsed.GetValue(check),
                    new QuantizationOptions
                    {
                        Frames = parsed.GetValue(frames),
                        MinIoU = parsed.GetValue(minIoU),
                        MinRecall = parsed.GetValue(minRecall),
                        Detection = new() { Conf = (float)parsed.GetValue(conf) },
                        Letterbox = new LetterboxOptions { ImgSz = parsed.GetValue(imgsz) is { } side ? (side, side) : null },
                    },
                    parsed.GetValue(json),
                    stopping
                )
        );
        return command;
    }

    private static Option<double> Share(string name, string description, double otherwise)
    {
        var option = new Option<double>(name)
        {
            Description = description,
            HelpName = "0…1",
            DefaultValueFactory = _ => Math.Round(otherwise, 6),
        };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is not (>= 0 and <= 1))
            {
                result.AddError($"{name} takes a number from 0 to 1.");
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(
        string model,
        string[] patterns,
        string? output,
        string? check,
        QuantizationOptions options,
        bool json,
        CancellationToken stopping
    )
    {
        var target = Path.GetFullPath(output ?? check!);
        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new JobException(JobFailure.CannotWrite, $"There is no folder {Path.GetDirectoryName(target)}: make it first.");
        }

        // A run's rules for what a source is; the file's name plus something is no folder that could hold any.
        var job = ManifestReader.Create(
            new JobOverrides
            {
                Model = Path.GetFullPath(model),
                Output = $"{target}.segbatch",
                Sources = patterns,
            }
        );
        var sources = SourceFinder.Find(job).Select(source => source.Path).ToList();
        using var progress = new QuantizeProgress();
        var quantizer = new Quantizer(model, sources, options, progress);
        var report = output is null ? await quantizer.CheckAsync(check!, stopping) : await quantizer.QuantizeAsync(output, stopping);
        progress.Clear();
        QuantizeView.Write(report, options, json);
        return (int)(report.Problem is null ? ExitCode.AllDone : ExitCode.Partial);
    }
}
