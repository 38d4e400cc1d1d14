using System.CommandLine;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>A job on the command line: a manifest, or sources, model and output; and any option of either.</summary>
internal sealed class JobArguments
{
    private readonly Argument<string?> _manifest = new("JOB.yaml") { Description = "A job manifest.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string[]> _sources = new("--source", "-s")
    {
        Description = "Videos, pictures, folders or globs.",
        HelpName = "PATH…",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _model = new("--model", "-m")
    {
        Description = "An instance-segmentation model in ONNX form.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _output = new("--out", "-o") { Description = "Where results go.", HelpName = "DIR" };
    private readonly OptionArguments _options = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_manifest);
        command.Options.Add(_sources);
        command.Options.Add(_model);
        command.Options.Add(_output);
        _options.AddTo(command);
    }

    /// <summary>Neither a manifest nor parts of a job were given.</summary>
    public bool IsEmpty(ParseResult parsed) =>
        parsed.GetValue(_manifest) is null && parsed.GetValue(_sources) is null or [] && parsed.GetValue(_model) is null;

    /// <summary>The folder of <c>--out</c>; null when it was not given.</summary>
    public string? Output(ParseResult parsed) => parsed.GetValue(_output);

    /// <param name="otherOutput">Takes the place of the output folder that the job names.</param>
    /// <exception cref="ManifestException">The job is not clean; nothing was started.</exception>
    public JobManifest Read(ParseResult parsed, string? otherOutput = null)
    {
        var model = parsed.GetValue(_model);
        var output = otherOutput ?? parsed.GetValue(_output);
        var warnings = new List<string>();
        var overrides = new JobOverrides
        {
            Options = _options.Overrides(parsed, warnings),
            Warnings = warnings,
            Model = model is null ? null : Path.GetFullPath(model),
            Output = output is null ? null : Path.GetFullPath(output),
            Sources = parsed.GetValue(_sources) ?? [],
            Folder = Environment.CurrentDirectory,
        };
        return parsed.GetValue(_manifest) is { } path ? ManifestReader.Read(path, overrides) : ManifestReader.Create(overrides);
    }
}
