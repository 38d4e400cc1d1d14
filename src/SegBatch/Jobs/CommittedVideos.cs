using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>What an output folder already holds of a job.</summary>
internal sealed class CommittedVideos
{
    private const int MostNamed = 5;

    private readonly Dictionary<string, VideoRecord> _done = new(StringComparer.Ordinal);
    private readonly List<string> _changed = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _unknown = [];
    private readonly List<string> _differences = [];
    private readonly List<string> _differencesSince = [];

    private CommittedVideos() { }

    /// <summary>Commit records of videos that are done, by key.</summary>
    public IReadOnlyDictionary<string, VideoRecord> Done => _done;

    /// <summary>Keys of videos whose source changed since it was done: to be done again.</summary>
    public IReadOnlyList<string> Changed => _changed;

    /// <summary>How many of those done were tracked again since, with other options than the job now names.</summary>
    public int TrackedAgain { get; private set; }

    /// <summary>What a run tells of all this.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Reads the commit records. Needs no lock and writes nothing.</summary>
    /// <exception cref="JobException">The folder holds results of other settings, or a newer version's; the message names them.</exception>
    public static CommittedVideos Find(string output, IReadOnlyCollection<PreparedSource> work)
    {
        var found = new CommittedVideos();
        foreach (var item in work)
        {
            found.Look(item, OutputRecords.Committed(output, item.Source.Key));
        }

        found.Refuse(output, isSomethingLeft: found._done.Count < work.Count);
        found.NoteOthers([.. OutputRecords.Keys(output).Except(work.Select(item => item.Source.Key), StringComparer.Ordinal)]);
        if (found.TrackedAgain > 0)
        {
            found._notes.Add(
                $"{found.TrackedAgain} of {work.Count} videos were tracked again since ('segbatch retrack') with other options than this job's; "
                    + "they are left as they are"
            );
        }

        return found;
    }

    private void Look(PreparedSource item, VideoRecord? record)
    {
        var (key, path) = (item.Source.Key, item.Source.Path);
        if (record is null)
        {
            return;
        }

        _unknown.AddRange(StoredSettings.Unknown(record.Settings).Select(name => $"{key}: {name}"));
        if (record.Path != path || record.Source != SourceIdentity.Of(path))
        {
            _changed.Add(key);
            _notes.Add(
                record.Path == path
                    ? $"{key}: the source changed since it was done; it is done again"
                    : $"{key}: the folder has it from {record.Path}, the job names {path}; it is done again"
            );
            return;
        }

        _done[key] = record;
        var differences = EffectiveOptions
            .Differences(record.Settings, item.Settings)
            .Select(difference => $"{key}: {difference}")
            .ToList();
        if (differences.Count > 0 && EffectiveOptions.Differences(record.RunSettings(), item.Settings).Count == 0)
        {
            TrackedAgain++;
            _differencesSince.AddRange(differences);
        }
        else if (differences.Count > 0)
        {
            _differences.AddRange(differences);
        }
        else if (LacksCameraMotion(record, item.Source.Options.Tracking) is { } method)
        {
            _differences.Add($"{key}: track.gmc_method: tracked without \"{method}\", which the tracker goes by now");
        }
    }

    /// <summary>The method that the tracker needs and the tracks were made without: deepocsort once named one and did not look at it.</summary>
    private static string? LacksCameraMotion(VideoRecord record, TrackingOptions options) =>
        TrackerNeeds.Of(options).CameraMotion is { } method && record.Kept is { } kept && kept.CameraMotion != method ? method : null;

    private void Refuse(string output, bool isSomethingLeft)
    {
        // Nothing to do beside what somebody has tracked again on purpose: they know. But one folder has one tracker's tracks.
        var isMixed = TrackedAgain > 0 && isSomethingLeft;
        var (what, reasons) =
            _unknown.Count > 0
                ? (
                    $"A newer SegBatch wrote {output}: its records name what this version does not know. Use that version, or choose another "
                        + "output folder.",
                    _unknown
                )
            : _differences.Count > 0
                ? ($"{output} holds results of other settings. Choose another output folder, or remove it to start over.", _differences)
            : isMixed
                ? (
                    $"{output} was tracked again since ('segbatch retrack'), and videos are left to do, which would get other tracks. Write the "
                        + "tracking options that it has now into the job, or bring it back with 'segbatch retrack'; then run again.",
                    _differencesSince
                )
            : ("", []);
        if (reasons.Count > 0)
        {
            throw new JobException(JobFailure.PlanMismatch, $"{what}\n{ShortList.Of(reasons)}");
        }
    }

    /// <summary>Another job's, or sources that were taken out of this one, or that have another key since another one wants the same.</summary>
    private void NoteOthers(List<string> keys)
    {
        if (keys.Count > 0)
        {
            var named = string.Join(", ", keys.Count <= MostNamed ? keys : [.. keys.Take(MostNamed), "…"]);
            var videos = keys.Count == 1 ? "a video" : $"{keys.Count} videos";
            var stay = keys.Count == 1 ? "it stays, and queries see it" : "they stay, and queries see them";
            _notes.Add($"the output folder also holds {videos} that this job does not name ({named}): {stay}");
        }
    }
}
