using System.Globalization;
using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Stitching;
using SegBatch.Tracking;

namespace SegBatch.Retracking;

/// <summary>A video to be tracked again.</summary>
/// <param name="Before">Its commit record.</param>
/// <param name="Kept">What its tables hold.</param>
/// <param name="Tracking">The tracker's options.</param>
/// <param name="Offline">Those of the offline pass.</param>
/// <param name="Settings">Its settings with them.</param>
internal sealed record RetrackedVideo(
    VideoRecord Before,
    KeptEvidence Kept,
    TrackingOptions Tracking,
    OfflineOptions Offline,
    JsonObject Settings
)
{
    /// <summary>`conf` of the run.</summary>
    public float Conf { get; } = (float)(double)Settings["detect"]!["conf"]!;

    /// <summary>Its tracks were made with these options already.</summary>
    public bool IsSame => EffectiveOptions.Differences(Before.Settings, Settings).Count == 0;
}

/// <summary>What tracking a folder again would do. Everything that stands against it is found before anything is written.</summary>
/// <param name="Videos">In order of their keys.</param>
/// <param name="Incomplete">Keys of videos whose files are not all there.</param>
internal sealed record RetrackPlan(IReadOnlyList<RetrackedVideo> Videos, IReadOnlyList<string> Incomplete)
{
    /// <exception cref="JobException">The folder is no output of a run, or its tables do not hold what the tracker needs.</exception>
    public static RetrackPlan Make(RetrackJob job)
    {
        var records = OutputRecords.Records(job.Output);
        if (records.Count == 0)
        {
            throw new JobException(
                JobFailure.Configuration,
                $"{job.Output} holds no finished video. Give the folder that 'segbatch run' wrote to."
            );
        }

        var videos = new List<RetrackedVideo>();
        var problems = new List<string>();
        foreach (var record in records.Select(found => found.Record).OfType<VideoRecord>())
        {
            if (StoredSettings.Unknown(record.Settings).ToList() is { Count: > 0 } unknown)
            {
                problems.Add($"{record.Key}: a newer SegBatch wrote it, with {string.Join(", ", unknown)}. Use that version.");
                continue;
            }

            var options = job.Options(new JobDraft(StoredTracking.ReadSection(record.Settings), new RunOptions())).Source;
            if (record.Kept is { } kept)
            {
                var video = new RetrackedVideo(
                    record,
                    kept,
                    options.Tracking,
                    options.Offline,
                    StoredTracking.With(record.Settings, options)
                );
                videos.Add(video);
                problems.AddRange(Problems(video).Select(problem => $"{record.Key}: {problem}"));
            }
            else
            {
                problems.Add($"{record.Key}: its record does not say what was kept; an earlier version wrote it. Run again.");
            }
        }

        return problems.Count == 0
            ? new(videos, [.. records.Where(found => found.Record is null).Select(found => found.Key)])
            : throw new JobException(
                JobFailure.PlanMismatch,
                $"{job.Output} cannot be tracked again so; nothing was changed.\n{ShortList.Of(problems)}"
            );
    }

    private static IEnumerable<string> Problems(RetrackedVideo video)
    {
        var (before, kept, tracking, _, _) = video;
        var low = SoughtDetections.LowestScore(video.Conf, tracking);
        if (low < kept.From)
        {
            var why =
                (string?)before.RunSettings()["track"]?["tracker"] == "none" ? "it was run without a tracker"
                : kept.From >= video.Conf ? "it was run with candidates: false"
                : $"it was run with track_low_thresh: {Text(kept.From)}";
            yield return $"{tracking.Tracker} looks at detections above {Text(low)}, and only those above {Text(kept.From)} were kept: {why}. "
                + $"Run again with tracker: {tracking.Tracker} and candidates: true, or give --track-low-thresh {Text(kept.From)}.";
        }

        var needs = TrackerNeeds.Of(tracking);
        if (needs.CameraMotion is { } method && kept.CameraMotion != method)
        {
            yield return $"{tracking.Tracker} goes by camera motion ({method}), and "
                + (kept.CameraMotion is { } other ? $"that of another method ({other}) was kept" : "none was looked for")
                + ". Run again with these tracking options, or give --gmc-method none.";
        }

        if (needs.Appearance is { } model)
        {
            yield return $"{tracking.Tracker} goes by appearance ({model}), which is not kept. Run again with these tracking options.";
        }
    }

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
