using System.Globalization;
using SegBatch.Evaluation;
using SegBatch.Stitching;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Stitching;

/// <summary>
/// What looking back is worth, by the measures of `segbatch eval`, on scenes whose truth is known. The pass was tuned on seeds 1 to 4;
/// these are others. The figures are those of docs/offline.md.
/// </summary>
public sealed class OfflineGainTests
{
    private static readonly int[] s_seeds = [11, 12, 13, 14, 15, 16];

    [Theory]
    [InlineData("bytetrack")]
    [InlineData("ocsort")]
    public void Hidden_objects_keep_their_track(string tracker) => AssertGain(tracker, objects: 12, bars: 4, dropOuts: 0, leastIdf1: 0.15);

    [Theory]
    [InlineData("bytetrack")]
    [InlineData("ocsort")]
    public void Drop_outs_of_the_detector_are_bridged(string tracker) =>
        AssertGain(tracker, objects: 12, bars: 0, dropOuts: 0.25, leastIdf1: 0.1);

    [Theory]
    [InlineData("bytetrack")]
    [InlineData("ocsort")]
    public void Twice_as_many_objects_with_both(string tracker) =>
        AssertGain(tracker, objects: 25, bars: 4, dropOuts: 0.15, leastIdf1: 0.15);

    /// <summary>Where nothing is missed there is nothing to mend, and nothing must get worse.</summary>
    [Fact]
    public void Good_tracks_stay_good()
    {
        var (before, after) = Run("bytetrack", objects: 12, bars: 0, dropOuts: 0);
        Tell("bytetrack, nothing hidden", before, after);
        Assert.InRange(Figure(after, "IDF1"), Figure(before, "IDF1") - 0.001, 1);
        Assert.InRange(Figure(after, "HOTA"), Figure(before, "HOTA") - 0.001, 1);
    }

    private static void AssertGain(string tracker, int objects, int bars, double dropOuts, double leastIdf1)
    {
        var (before, after) = Run(tracker, objects, bars, dropOuts);
        Tell($"{tracker}, {objects} objects, {bars} bars, {dropOuts.ToString(CultureInfo.InvariantCulture)} drop-outs", before, after);
        Assert.InRange(Figure(after, "IDF1"), Figure(before, "IDF1") + leastIdf1, 1);
        Assert.InRange(Figure(after, "HOTA"), Figure(before, "HOTA") + 0.1, 1);
        Assert.InRange(Switches(after), 0, Switches(before) / 2);
    }

    private static (TrackingScore Before, TrackingScore After) Run(string tracker, int objects, int bars, double dropOuts)
    {
        TrackingScore? before = null;
        TrackingScore? after = null;
        foreach (var seed in s_seeds)
        {
            var scene = new OcclusionScene(new SceneOptions(seed, objects, bars, dropOuts));
            var online = scene.Track(new TrackingOptions { Tracker = tracker });
            var plan = OfflinePass.Plan(online, scene.Times, OcclusionScene.Conf, new OfflineOptions());
            before = before is null ? scene.Score(online) : before + scene.Score(online);
            after = after is null ? scene.Score(plan) : after + scene.Score(plan);
        }

        return (before!, after!);
    }

    private static double Figure(TrackingScore score, string name) => score.Figures.Single(figure => figure.Name == name).Value;

    private static long Switches(TrackingScore score) => score.Counts.Single(count => count.Name == "IDSW").Value;

    private static void Tell(string what, TrackingScore before, TrackingScore after)
    {
        TestContext.Current.SendDiagnosticMessage($"{what}: {Text(before)} -> {Text(after)}");

        static string Text(TrackingScore score) =>
            string.Join(
                ' ',
                new[] { "HOTA", "DetA", "AssA", "IDF1", "MOTA" }.Select(name =>
                    string.Create(CultureInfo.InvariantCulture, $"{name} {Figure(score, name):F3}")
                )
            ) + $" IDSW {Switches(score)}";
    }
}
