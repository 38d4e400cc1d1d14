using System.Diagnostics;
using SegBatch.Evaluation;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>A tracker with its settings.</summary>
internal sealed record Contender(string Name, TrackingOptions Options);

/// <summary>How one tracker did on one set of sequences.</summary>
/// <param name="MicrosecondsPerFrame">Of the tracker alone.</param>
internal sealed record Standing(string Set, string Tracker, TrackingScore Score, double MicrosecondsPerFrame)
{
    /// <summary>A figure or count of the score by name.</summary>
    public double this[string name] =>
        Score.Figures.Concat(Score.Counts.Select(count => (count.Name, Value: (double)count.Value))).First(item => item.Name == name).Value;
}

/// <summary>All trackers on the same detections. Tracks count by the mask of the detection they hold, whatever its class.</summary>
internal static class Race
{
    /// <summary>Runs every tracker over every sequence.</summary>
    /// <param name="rounds">Times each sequence is run; the fastest counts, as other programs may disturb.</param>
    /// <returns>By set in the order of the sequences, then by tracker.</returns>
    public static List<Standing> Run(IReadOnlyList<Sequence> sequences, IReadOnlyList<Contender> trackers, int rounds)
    {
        var results = new Dictionary<(string Set, string Tracker), (TrackingScore Score, double Microseconds, int Frames)>();
        var lanes = new (TrackingScore Score, double Microseconds)[sequences.Count, trackers.Count];
        for (var s = 0; s < sequences.Count; s++)
        {
            var sequence = sequences[s];
            var overlaps = Overlaps(sequence);
            var tracks = new List<(long Track, int Detection)>[sequence.Frames.Count];
            var fastest = new double[trackers.Count];
            fastest.AsSpan().Fill(double.PositiveInfinity);
            for (var round = 0; round < rounds; round++)
            {
                for (var t = 0; t < trackers.Count; t++)
                {
                    fastest[t] = Math.Min(fastest[t], Follow(sequence, trackers[t], tracks));
                    if (round == 0)
                    {
                        lanes[s, t].Score = Score(overlaps, tracks);
                    }
                }
            }

            for (var t = 0; t < trackers.Count; t++)
            {
                var key = (sequence.Set, trackers[t].Name);
                results[key] = results.TryGetValue(key, out var sum)
                    ? (sum.Score + lanes[s, t].Score, sum.Microseconds + fastest[t], sum.Frames + sequence.Frames.Count)
                    : (lanes[s, t].Score, fastest[t], sequence.Frames.Count);
            }
        }

        return
        [
            .. sequences
                .Select(sequence => sequence.Set)
                .Distinct()
                .SelectMany(set =>
                    trackers.Select(contender =>
                    {
                        var (score, microseconds, frames) = results[(set, contender.Name)];
                        return new Standing(set, contender.Name, score, microseconds / frames);
                    })
                ),
        ];
    }

    /// <summary>Follows a sequence once; fills in which detection each track held, frame by frame.</summary>
    /// <returns>Microseconds inside the tracker.</returns>
    private static double Follow(Sequence sequence, Contender contender, List<(long Track, int Detection)>[] tracks)
    {
        var tracker = Trackers.Create(contender.Options, sequence.FrameRate);
        var found = new List<TrackedObject>();
        var ticks = 0L;
        for (var frame = 0; frame < tracks.Length; frame++)
        {
            var detections = sequence.Frames[frame].Detections;
            var inputs = Array.ConvertAll(detections, item => new TrackInput(item.Box, item.Score, item.ClassId));
            var masks = Array.ConvertAll(detections, item => item.Mask);
            var started = Stopwatch.GetTimestamp();
            tracker.Update(new FrameEvidence(inputs) { Masks = masks }, found);
            ticks += Stopwatch.GetTimestamp() - started;
            tracks[frame] = [.. found.Select(track => (track.TrackId, track.DetectionIndex))];
        }

        return ticks * 1e6 / Stopwatch.Frequency;
    }

    /// <summary>How far truth and detections overlap, the same for every tracker.</summary>
    private static EvaluatedFrame[] Overlaps(Sequence sequence)
    {
        var frames = new EvaluatedFrame[sequence.Frames.Count];
        Parallel.For(
            0,
            frames.Length,
            index =>
            {
                var (truths, detections) = sequence.Frames[index];
                var founds = detections.Select(item => new EvaluationObject(
                    0,
                    null,
                    item.Score,
                    new BoxCorners(item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2),
                    item.Mask
                ));
                frames[index] = EvaluatedFrame.Of(truths, [.. founds], boundary: false);
            }
        );
        return frames;
    }

    private static TrackingScore Score(EvaluatedFrame[] overlaps, List<(long Track, int Detection)>[] tracks)
    {
        var frames = new EvaluatedFrame[overlaps.Length];
        for (var frame = 0; frame < frames.Length; frame++)
        {
            var founds = (FoundEntry[])overlaps[frame].Founds.Clone();
            foreach (var (track, detection) in tracks[frame])
            {
                founds[detection] = founds[detection] with { TrackId = track };
            }

            frames[frame] = overlaps[frame] with { Founds = founds };
        }

        return TrackingScore.Of(frames, OverlapKind.Mask, classId: 0);
    }
}
