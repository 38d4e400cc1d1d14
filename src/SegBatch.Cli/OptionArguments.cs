using System.CommandLine;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>Every option key of a manifest as an option of the command line.</summary>
internal sealed class OptionArguments
{
    /// <summary>Names that would mean two things on one line: the drawing options keep the names people know from elsewhere.</summary>
    private static readonly Dictionary<(string, string), string> Renamed = new()
    {
        [("annotate", "masks")] = "show-masks",
        [("annotate", "conf")] = "show-conf",
        [("annotate", "boxes")] = "show-boxes",
        [("annotate", "labels")] = "show-labels",
        [("annotate", "contours")] = "show-contours",
        [("decode", "threads")] = "decode-threads",
        [("track", "model")] = "reid-model",
    };

    private readonly List<(OptionKey Key, OptionOfKey Option, Option<bool>? Negation)> _options = [];
    private readonly bool _offersReference;
    private readonly Option<bool> _reference = new("--reference")
    {
        Description = "Everything as Ultralytics computes it, number by number: letterbox, masks, tracks. Slower.",
    };

    /// <param name="offered">
    /// The keys that the verb takes, where what is not given stays as it was; null for all, at their defaults, and the whole reference mode.
    /// </param>
    public OptionArguments(Func<OptionKey, bool>? offered = null)
    {
        _offersReference = offered is null;
        foreach (var key in OptionKeys.All.Where(offered ?? (_ => true)))
        {
            var name = Renamed.GetValueOrDefault((key.Section, key.Name), key.Name.Replace('_', '-'));
            var option = new OptionOfKey($"--{name}", key)
            {
                Description = Describe(key, hasDefault: offered is null || key.Section == "run"),
                HelpName = key.Value.Kind switch
                {
                    OptionKind.Choice => key.Value.Choices.Count > 5 ? "NAME" : string.Join('|', key.Value.Choices),
                    OptionKind.Flag => "true|false",
                    OptionKind.Moment => "TIME",
                    OptionKind.Size => "PIXELS",
                    OptionKind.Names => "NAME…",
                    OptionKind.File => "FILE",
                    _ => "N",
                },
                AllowMultipleArgumentsPerToken = key.Value.Kind is OptionKind.Names or OptionKind.Size,
                Hidden = key.IsHabit,
                Arity = key.Value.Kind == OptionKind.Flag ? ArgumentArity.ZeroOrOne : ArgumentArity.OneOrMore,
                CustomParser = result => [.. result.Tokens.Select(token => token.Value)], // the library's own refuses a list of at most one
            };
            foreach (var alias in key.Aliases.Select(alias => $"--{alias.Replace('_', '-')}").Where(alias => alias != option.Name))
            {
                option.Aliases.Add(alias);
            }

            var negation =
                key.Value.Kind == OptionKind.Flag
                    ? new Option<bool>($"--no-{name.Replace("show-", "", StringComparison.Ordinal)}")
                    {
                        Description = $"The same as --{name} false.",
                        Hidden = key.Name != "video" || key.IsHabit,
                    }
                    : null;
            _options.Add((key, option, negation));
        }
    }

    public void AddTo(Command command)
    {
        foreach (var (_, option, negation) in _options)
        {
            command.Options.Add(option);
            if (negation is not null)
            {
                command.Options.Add(negation);
            }
        }

        if (_offersReference)
        {
            command.Options.Add(_reference);
        }
    }

    /// <summary>The given options as a change of a draft.</summary>
    /// <param name="warnings">Receives what is odd without being wrong.</param>
    /// <exception cref="ManifestException">Values that cannot be: all of them.</exception>
    public Func<JobDraft, JobDraft> Overrides(ParseResult parsed, List<string> warnings)
    {
        var changes = new List<Func<JobDraft, JobDraft>>();
        var problems = new List<string>();
        if (_offersReference && parsed.GetValue(_reference))
        {
            changes.Add(draft => draft with { Source = OptionKeys.Reference(draft.Source) });
        }

        foreach (var (key, option, negation) in _options)
        {
            var given = parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) ?? [] : null;
            IReadOnlyList<string>? words = key.Value.Kind == OptionKind.Flag && given is { Length: 0 } ? ["true"] : given;
            if (negation is not null && parsed.GetValue(negation))
            {
                words = ["false"];
            }

            if (words is null)
            {
                continue;
            }

            if (TrackerFile.Names(key) && words is [var file] && key.Value.IsFile(file))
            {
                AddFile(file, changes, problems, warnings);
                continue;
            }

            var (value, problem) = key.Value.Parse([.. words.SelectMany(word => Parts(word, key.Value.Kind))]);
            (value, problem) = problem is null ? key.Value.Resolve(value, Environment.CurrentDirectory) : (null, problem);
            if (problem is not null)
            {
                problems.Add($"{option.Name}: {problem}");
            }
            else
            {
                changes.Add(draft => key.Apply(draft, value));
            }
        }

        return problems.Count > 0
            ? throw new ManifestException(problems)
            : draft => changes.Aggregate(draft, (current, change) => change(current));
    }

    /// <summary>Lists may be written with commas, and a size as in a manifest: "384,640", "[384, 640]".</summary>
    private static string[] Parts(string word, OptionKind kind) =>
        kind switch
        {
            OptionKind.Names => word.Split(','),
            OptionKind.Size => word.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            _ => [word],
        };

    private static void AddFile(string path, List<Func<JobDraft, JobDraft>> changes, List<string> problems, List<string> warnings)
    {
        try
        {
            changes.Add(TrackerFile.Read(path, warnings));
        }
        catch (ManifestException error)
        {
            problems.AddRange(error.Problems);
        }
    }

    /// <summary>What it is for, the choices that do not fit beside the name, and the default.</summary>
    private static string Describe(OptionKey key, bool hasDefault)
    {
        var help = HelpText.IsOfSomeTrackers(key) ? key.Help : char.ToUpperInvariant(key.Help[0]) + key.Help[1..];
        var choices = key.Value is { Kind: OptionKind.Choice, Choices.Count: > 5 } ? $": {key.Value.Expected()}" : "";
        var value = EffectiveOptions.ToJson(key.Get(new JobDraft()))?.ToString() ?? (key.Value.TakesAuto ? "auto" : "");
        return $"{help}{choices}.{(hasDefault && value.Length > 0 ? $" [{value}]" : "")}";
    }
}

/// <summary>An option that sets a key of a manifest; help shows it with the keys of its section.</summary>
internal sealed class OptionOfKey(string name, OptionKey key) : Option<string[]>(name)
{
    public OptionKey Key { get; } = key;
}
