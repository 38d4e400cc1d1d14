namespace SegBatch.Jobs;

/// <summary>The options a key can change: those of a source, and those of the run.</summary>
public sealed record JobDraft(SourceOptions Source, RunOptions Run)
{
    /// <summary>Every option at its default.</summary>
    public JobDraft()
        : this(new SourceOptions(), new RunOptions()) { }
}

/// <summary>One key of a manifest, which is also one option of the command line.</summary>
/// <param name="Section">Mapping it stands in ("detect"); empty at the top.</param>
/// <param name="Name">As in the manifest; the command line writes dashes for underscores.</param>
/// <param name="Value">What its value may be.</param>
/// <param name="Help">One line for people.</param>
/// <param name="Get">What it is in a draft: null for "choose for me" or "not set".</param>
/// <param name="Apply">Sets it to a value that <see cref="OptionValue.Parse"/> made.</param>
public sealed record OptionKey(
    string Section,
    string Name,
    OptionValue Value,
    string Help,
    Func<JobDraft, object?> Get,
    Func<JobDraft, object?, JobDraft> Apply
)
{
    /// <summary>Other names that mean the same, from habits with other tools.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Says in another tool's words what another key here says: taken, but neither shown nor recorded.</summary>
    public bool IsHabit { get; init; }

    /// <summary>"detect.conf".</summary>
    public string FullName => Section.Length == 0 ? Name : $"{Section}.{Name}";

    /// <summary>Keys that say more about a flag, "offline_max_gap" of "offline": the flag may be written as a mapping of them.</summary>
    public IEnumerable<OptionKey> Details(IEnumerable<OptionKey> all) =>
        Value.Kind == OptionKind.Flag
            ? all.Where(key => key.Section == Section && key.Name.StartsWith($"{Name}_", StringComparison.Ordinal))
            : [];

    public bool IsCalled(string name) => Matches(Name, name) || Aliases.Any(alias => Matches(alias, name));

    private static bool Matches(string own, string given) =>
        own.Replace('_', '-').Equals(given.Replace('_', '-'), StringComparison.OrdinalIgnoreCase);
}
