namespace SegBatch.Jobs;

/// <summary>What an output folder already holds of a job.</summary>
/// <param name="Done">Commit records of videos that are done, by key.</param>
/// <param name="Changed">Keys of videos whose source changed since it was done: to be done again.</param>
/// <param name="TrackedAgain">How many of those done were tracked again since, with other options than the job now names.</param>
internal sealed record CommittedVideos(IReadOnlyDictionary<string, VideoRecord> Done, IReadOnlyList<string> Changed, int TrackedAgain)
{
    private const int MostDifferences = 12;

    /// <summary>Reads the commit records. Needs no lock and writes nothing.</summary>
    /// <exception cref="JobException">The folder holds results of other settings; the message names them.</exception>
    public static CommittedVideos Find(string output, IEnumerable<PreparedSource> work)
    {
        var done = new Dictionary<string, VideoRecord>(StringComparer.Ordinal);
        var changed = new List<string>();
        var differences = new List<string>();
        var trackedAgain = new List<(VideoRecord Record, IReadOnlyList<string> Differences)>();
        var left = false;
        foreach (var item in work)
        {
            var source = item.Source;
            if (OutputFolder.Committed(output, source.Key) is not { } record)
            {
                left = true;
                continue;
            }

            if (record.Path != source.Path || record.Source != SourceIdentity.Of(source.Path))
            {
                changed.Add(source.Key);
                continue;
            }

            var found = EffectiveOptions.Differences(record.Settings, item.Settings);
            if (found.Count > 0 && EffectiveOptions.Differences(record.RunSettings(), item.Settings).Count == 0)
            {
                trackedAgain.Add((record, found));
                found = [];
            }

            differences.AddRange(found.Select(difference => $"  {source.Key}: {difference}"));
            done[source.Key] = record;
        }

        // Nothing to do beside what somebody has tracked again on purpose: they know. But one folder has one tracker's tracks.
        if (differences.Count == 0 && trackedAgain.Count > 0 && (left || changed.Count > 0))
        {
            throw TrackedAgainMismatch(output, trackedAgain);
        }

        return differences.Count == 0 ? new(done, changed, trackedAgain.Count) : throw Mismatch(output, differences);
    }

    private static JobException TrackedAgainMismatch(
        string output,
        IReadOnlyList<(VideoRecord Record, IReadOnlyList<string> Differences)> videos
    )
    {
        var lines = videos.SelectMany(video => video.Differences.Select(difference => $"  {video.Record.Key}: {difference}")).ToList();
        var rest = lines.Count > MostDifferences ? $"\n  and {lines.Count - MostDifferences} more" : "";
        return new JobException(
            JobFailure.PlanMismatch,
            $"{output} was tracked again since ('segbatch retrack'), and videos are left to do, which would get other tracks. Write the "
                + "tracking options that it has now into the job, or bring it back with 'segbatch retrack'; then run again.\n"
                + string.Join('\n', lines.Take(MostDifferences))
                + rest
        );
    }

    private static JobException Mismatch(string output, List<string> differences)
    {
        var rest = differences.Count > MostDifferences ? $"\n  and {differences.Count - MostDifferences} more" : "";
        return new JobException(
            JobFailure.PlanMismatch,
            $"{output} holds results of other settings. Choose another output folder, or remove it to start over.\n"
                + string.Join('\n', differences.Take(MostDifferences))
                + rest
        );
    }
}
