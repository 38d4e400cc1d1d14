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

    /// <exception cref="ManifestException">The job is not clean; nothing was started.</exception>
    public JobManifest Read(ParseResult parsed)
    {
        var overrides = _options.Overrides(parsed);
        var sources = parsed.GetValue(_sources) ?? [];
        var model = parsed.GetValue(_model);
        var output = parsed.GetValue(_output);
        if (parsed.GetValue(_manifest) is { } path)
        {
            var job = ManifestReader.Read(path, overrides);
            return job with
            {
                Model = model is null ? job.Model : new ModelReference { Path = Path.GetFullPath(model) },
                Output = output is null ? job.Output : Path.GetFullPath(output),
                Sources = sources.Length == 0 ? job.Sources : Sources(sources, overrides),
                BaseFolder = sources.Length == 0 ? job.BaseFolder : Environment.CurrentDirectory,
            };
        }

        var problems = new List<string>();
        Missing(problems, sources.Length == 0, "--source PATH…", "videos, pictures, folders or globs");
        Missing(problems, model is null, "--model FILE", "an instance-segmentation model in ONNX form");
        Missing(problems, output is null, "--out DIR", "where results go");
        problems.AddRange(sources.Select(ManifestReader.SourceProblem).OfType<string>());
        if (problems.Count > 0)
        {
            throw new ManifestException(["Name a manifest (segbatch run JOB.yaml), or the job itself:", .. problems]);
        }

        return new JobManifest
        {
            Name = "command line",
            Model = new ModelReference { Path = Path.GetFullPath(model!) },
            Output = Path.GetFullPath(output!),
            Sources = Sources(sources, overrides),
            Run = overrides(new JobDraft(new SourceOptions(), new RunOptions())).Run,
            BaseFolder = Environment.CurrentDirectory,
        };
    }

    private static List<SourceSpec> Sources(string[] patterns, Func<JobDraft, JobDraft> overrides)
    {
        var options = overrides(new JobDraft(new SourceOptions(), new RunOptions())).Source;
        return
        [
            .. patterns.Select(pattern => new SourceSpec
            {
                Pattern = pattern,
                Options = options,
                Location = "--source",
            }),
        ];
    }

    private static void Missing(List<string> problems, bool missing, string option, string meaning)
    {
        if (missing)
        {
            problems.Add($"  {option} is missing: {meaning}");
        }
    }
}
