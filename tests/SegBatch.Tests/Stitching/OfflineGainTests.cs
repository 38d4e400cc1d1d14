using System.Globalization;
using SegBatch.Evaluation;
using SegBatch.Stitching;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Stitching;

/// <summary>What looking back is worth, by the measures of `segbatch eval`, on scenes whose truth is known.</summary>
public sealed class OfflineGainTests
{
    [Theory]
    [InlineData("bytetrack")]
    [InlineData("ocsort")]
    public void Tracks_are_better_afterwards(string tracker)
    {
        foreach (var (name, objects, occluders, dropOuts) in new[] { ("bars", 12, 4, 0.0), ("drop-outs", 12, 0, 0.25), ("both", 25, 4, 0.15) })
        {
            var (before, after) = Run(new TrackingOptions { Tracker = tracker, TrackBuffer = 10 }, [1, 2, 3, 4], objects, occluders, dropOuts);
            TestContext.Current.SendDiagnosticMessage($"{tracker}, {name}: {Text(before)} -> {Text(after)}");
        }
    }

    private static (TrackingScore Before, TrackingScore After) Run(TrackingOptions tracking, int[] seeds, int objects, int occluders, double dropOuts)
    {
        var scores = seeds.Select(seed =>
        {
            var scene = new OcclusionScene(new SceneOptions(seed, objects, occluders, dropOuts));
            var online = scene.Track(tracking);
            var plan = OfflinePass.Plan(online, scene.Times, OcclusionScene.Conf, new OfflineOptions());
            return (Before: scene.Score(online), After: scene.Score(plan));
        }).ToList();
        return (scores.Select(score => score.Before).Aggregate((a, b) => a + b), scores.Select(score => score.After).Aggregate((a, b) => a + b));
    }

    private static string Text(TrackingScore score)
    {
        var figures = score.Figures.ToDictionary();
        var counts = score.Counts.ToDictionary();
        string[] names = ["HOTA", "DetA", "AssA", "IDF1", "MOTA"];
        return string.Join(" ", names.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {figures[name]:F3}")))
            + $" IDSW {counts["IDSW"]} Frag {counts["Frag"]} FP {counts["CLR_FP"]} FN {counts["CLR_FN"]}";
    }
}
