namespace SegBatch.Jobs;

/// <summary>What an output folder already holds of a job.</summary>
/// <param name="Done">Commit records of videos that are done, by key.</param>
/// <param name="Changed">Keys of videos whose source changed since it was done: to be done again.</param>
internal sealed record CommittedVideos(IReadOnlyDictionary<string, VideoRecord> Done, IReadOnlyList<string> Changed)
{
    private const int MostDifferences = 12;

    /// <summary>Reads the commit records. Needs no lock and writes nothing.</summary>
    /// <exception cref="JobException">The folder holds results of other settings; the message names them.</exception>
    public static CommittedVideos Find(string output, IEnumerable<PreparedSource> work)
    {
        var done = new Dictionary<string, VideoRecord>(StringComparer.Ordinal);
        var changed = new List<string>();
        var differences = new List<string>();
        foreach (var item in work)
        {
            var source = item.Source;
            if (OutputFolder.Committed(output, source.Key) is not { } record)
            {
                continue;
            }

            if (record.Path != source.Path || record.Source != SourceIdentity.Of(source.Path))
            {
                changed.Add(source.Key);
                continue;
            }

            var found = EffectiveOptions.Differences(record.Settings, item.Settings);
            differences.AddRange(found.Select(difference => $"  {source.Key}: {difference}"));
            done[source.Key] = record;
        }

        return differences.Count == 0 ? new(done, changed) : throw Mismatch(output, differences);
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
