namespace SegBatch.Jobs;

/// <summary>What an output folder already holds of a job.</summary>
/// <param name="Done">Commit records of videos that are done, by key.</param>
/// <param name="Changed">Keys of videos whose source changed since it was done: to be done again.</param>
/// <param name="TrackedAgain">How many of those done were tracked again since, with other options than the job now names.</param>
internal sealed record CommittedVideos(IReadOnlyDictionary<string, VideoRecord> Done, IReadOnlyList<string> Changed, int TrackedAgain)
{
    /// <summary>What a run tells of it.</summary>
    public IEnumerable<string> Notes =>
        [
            .. Changed.Select(key => $"{key}: the source changed since it was done; it is done again"),
            .. TrackedAgain == 0
                ? (string[])[]
                :
                [
                    $"{TrackedAgain} of {Done.Count + Changed.Count} videos were tracked again since ('segbatch retrack') with other options "
                        + "than this job's; they are left as they are",
                ],
        ];

    /// <summary>Reads the commit records. Needs no lock and writes nothing.</summary>
    /// <exception cref="JobException">The folder holds results of other settings; the message names them.</exception>
    public static CommittedVideos Find(string output, IEnumerable<PreparedSource> work)
    {
        var done = new Dictionary<string, VideoRecord>(StringComparer.Ordinal);
        var changed = new List<string>();
        var differences = new List<string>();
        var unknown = new List<string>();
        var (trackedAgain, differencesSince) = (0, new List<string>());
        var left = false;
        foreach (var item in work)
        {
            var source = item.Source;
            if (OutputFolder.Committed(output, source.Key) is not { } record)
            {
                left = true;
                continue;
            }

            unknown.AddRange(StoredSettings.Unknown(record.Settings).Select(name => $"{source.Key}: {name}"));
            if (record.Path != source.Path || record.Source != SourceIdentity.Of(source.Path))
            {
                changed.Add(source.Key);
                continue;
            }

            var found = EffectiveOptions.Differences(record.Settings, item.Settings);
            if (found.Count > 0 && EffectiveOptions.Differences(record.RunSettings(), item.Settings).Count == 0)
            {
                trackedAgain++;
                differencesSince.AddRange(found.Select(difference => $"{source.Key}: {difference}"));
                found = [];
            }

            differences.AddRange(found.Select(difference => $"{source.Key}: {difference}"));
            done[source.Key] = record;
        }

        // Nothing to do beside what somebody has tracked again on purpose: they know. But one folder has one tracker's tracks.
        return unknown.Count > 0 ? throw NewerVersion(output, unknown)
            : differences.Count > 0 ? throw Mismatch(output, differences)
            : trackedAgain > 0 && (left || changed.Count > 0) ? throw TrackedAgainMismatch(output, differencesSince)
            : new(done, changed, trackedAgain);
    }

    private static JobException NewerVersion(string output, IEnumerable<string> unknown) =>
        Refused(
            $"A newer SegBatch wrote {output}: its records name what this version does not know. Use that version, or choose another output "
                + "folder.",
            unknown
        );

    private static JobException TrackedAgainMismatch(string output, IEnumerable<string> differences) =>
        Refused(
            $"{output} was tracked again since ('segbatch retrack'), and videos are left to do, which would get other tracks. Write the "
                + "tracking options that it has now into the job, or bring it back with 'segbatch retrack'; then run again.",
            differences
        );

    private static JobException Mismatch(string output, IEnumerable<string> differences) =>
        Refused($"{output} holds results of other settings. Choose another output folder, or remove it to start over.", differences);

    /// <summary>A sentence, and below it a line each for the first reasons.</summary>
    private static JobException Refused(string what, IEnumerable<string> reasons) =>
        new(JobFailure.PlanMismatch, $"{what}\n{ShortList.Of(reasons)}");
}
