namespace SegBatch.Evaluation;

/// <summary>
/// Brings the truth's classes and the run's onto one numbering, that of the run: by name where the truth has names, else by number. Found
/// objects of classes that the truth does not know are not evaluated, as COCO's rules have it.
/// </summary>
internal sealed class ClassMapping
{
    private readonly Dictionary<int, int> _ofTruth = [];
    private readonly bool _isAgnostic;

    public ClassMapping(
        IReadOnlyDictionary<int, string>? truthNames,
        IReadOnlyDictionary<int, string> runNames,
        IEnumerable<int> truthClasses,
        bool isAgnostic
    )
    {
        _isAgnostic = isAgnostic;
        if (isAgnostic)
        {
            Names = new Dictionary<int, string> { [0] = "all classes" };
            return;
        }

        var names = new SortedDictionary<int, string>();
        var byName = runNames.GroupBy(item => item.Value, StringComparer.OrdinalIgnoreCase);
        var numbers = byName.ToDictionary(group => group.Key, group => group.First().Key, StringComparer.OrdinalIgnoreCase);
        var free = Math.Max(runNames.Keys.DefaultIfEmpty(0).Max(), truthNames?.Keys.DefaultIfEmpty(0).Max() ?? 0) + 1;
        foreach (var id in (truthNames?.Keys ?? truthClasses).Distinct().Order())
        {
            var name = truthNames?[id];
            var number =
                name is null ? id
                : numbers.TryGetValue(name, out var known) ? known
                : runNames.ContainsKey(id) ? free++
                : id;
            _ofTruth[id] = number;
            var told = name ?? runNames.GetValueOrDefault(id) ?? $"class {id}";
            names[number] = names.ContainsValue(told) ? $"{told} ({number})" : told;
        }

        Names = names;
    }

    /// <summary>The classes evaluated, by the common number.</summary>
    public IReadOnlyDictionary<int, string> Names { get; }

    /// <summary>Null for a class that was not named.</summary>
    public int? OfTruth(int classId) =>
        classId == EvaluationObject.AnyClass ? classId
        : _isAgnostic ? 0
        : _ofTruth.TryGetValue(classId, out var number) ? number
        : null;

    /// <summary>Null for a class that the truth does not know.</summary>
    public int? OfRun(int classId) =>
        _isAgnostic ? 0
        : Names.ContainsKey(classId) ? classId
        : null;
}
