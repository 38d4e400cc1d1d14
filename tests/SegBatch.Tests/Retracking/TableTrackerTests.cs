using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Output;
using SegBatch.Retracking;
using SegBatch.Tables;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Retracking;

public class TableTrackerTests
{
    private const float Conf = 0.5f;

    private static readonly TrackerNeeds s_boxes = new(Masks: false, CameraMotion: null, Appearance: null);
    private static readonly TrackerNeeds s_camera = s_boxes with { CameraMotion = "sparseOptFlow" };
    private static readonly RleMask s_mask = new(new FrameSize(4, 3), new[] { 4, 2, 1, 2, 3 });

    [Fact]
    public void The_tracker_sees_every_detection_in_its_order_and_which_are_instances_is_decided_anew()
    {
        var script = new Script([new TrackedObject(7, 2, new Box(0, 0, 1, 1)), new TrackedObject(3, 0, new Box(-1, 0, 1, 1))]);
        var frame = Frame([0.9f, 0.5f, 0.4f, 0.3f], tracked: 3);
        new TableTracker(script, Conf, above: null, s_camera).Track(frame);

        Assert.Equal([0.9f, 0.5f, 0.4f, 0.3f], script.Seen.Select(input => input.Score));
        Assert.Equal([BoxOf(0), BoxOf(1), BoxOf(2), BoxOf(3)], script.Seen.Select(input => input.Box));
        Assert.Equal([0, 1, 2, 3], script.Seen.Select(input => input.ClassId));
        Assert.Empty(script.Masks);
        Assert.Equal(AffineMotion.Identity with { Tx = 5 }, script.Motion);
        Assert.Equal([true, true, true, false], frame.Detections.Select(detection => detection.IsInstance));
        Assert.Equal([3, null, 7, null], frame.Detections.Select(detection => detection.Row.TrackId));
        Assert.Equal([new Box(-1, 0, 1, 1), null, new Box(0, 0, 1, 1), null], frame.Detections.Select(detection => detection.Row.TrackBox));
    }

    [Fact]
    public void What_a_run_had_not_looked_at_is_hidden_from_the_tracker_and_stays()
    {
        var script = new Script([new TrackedObject(1, 1, default)]);
        var frame = Frame([0.9f, 0.3f, 0.2f, 0.1f], tracked: 3);
        new TableTracker(script, Conf, above: 0.2f, s_boxes).Track(frame);
        Assert.Equal([0.9f, 0.3f], script.Seen.Select(input => input.Score)); // above, not at
        Assert.Equal([true, true, false, false], frame.Detections.Select(detection => detection.IsInstance));
        Assert.Equal([null, 1, null, null], frame.Detections.Select(detection => detection.Row.TrackId));
    }

    [Fact]
    public void Rows_that_are_no_detections_go()
    {
        var script = new Script([]);
        var frame = Frame([0.9f, 0.8f], tracked: 1);
        var made = frame.Detections[0].Row with { Instance = 2, Source = "interpolated" };
        frame.Detections.Insert(1, new TableDetection(made, IsInstance: true));
        new TableTracker(script, Conf, above: null, s_boxes).Track(frame);
        Assert.Equal([0, 1], frame.Detections.Select(detection => detection.Row.Instance));
        Assert.Equal([0.9f, 0.8f], script.Seen.Select(input => input.Score));
    }

    /// <summary>A run that does not ask for the camera's motion tells its tracker none, whatever a run before has left in the tables.</summary>
    [Fact]
    public void The_camera_s_motion_is_told_to_trackers_that_ask_for_it()
    {
        var script = new Script([]);
        var frame = Frame([0.9f], tracked: 0);
        new TableTracker(script, Conf, above: null, s_boxes).Track(frame);
        Assert.Null(script.Motion);
        Assert.NotNull(frame.CameraMotion); // it stays for the next one
    }

    [Fact]
    public void Masks_are_decoded_for_trackers_that_look_at_them()
    {
        var script = new Script([]);
        new TableTracker(script, Conf, above: null, s_boxes with { Masks = true }).Track(Frame([0.9f, 0.8f], tracked: 0));
        Assert.Equal(2, script.Masks.Count);
        Assert.All(script.Masks, mask => Assert.Equal(s_mask.Counts.ToArray(), mask.Counts.ToArray()));
        Assert.All(script.Masks, mask => Assert.Equal(s_mask.Size, mask.Size));
    }

    private static Box BoxOf(int i) => new(i, 0, i + 1 / 3f, 1);

    /// <summary>Classes count up; the first rows had other tracks before.</summary>
    private static TableFrame Frame(float[] scores, int tracked)
    {
        var frame = new TableFrame { CameraMotion = AffineMotion.Identity with { Tx = 5 } };
        var text = new byte[64];
        var length = CocoRle.Encode(s_mask.Counts.Span, text);
        for (var i = 0; i < scores.Length; i++)
        {
            var row = new InstanceRow(
                "gate",
                5,
                5,
                0.2,
                i,
                i < tracked ? 90 + i : null,
                i,
                $"{i}",
                scores[i],
                BoxOf(i),
                i < tracked ? BoxOf(9) : null,
                text.AsMemory(0, length),
                s_mask.Size,
                4,
                (2, 1.5),
                InstanceRow.Detected
            );
            frame.Detections.Add(new TableDetection(row, IsInstance: i < tracked));
        }

        return frame;
    }

    /// <summary>Notes what it is given, and says what it is told to.</summary>
    private sealed class Script(List<TrackedObject> answer) : ITracker
    {
        public List<TrackInput> Seen { get; } = [];

        public List<RleMask> Masks { get; } = [];

        public AffineMotion? Motion { get; private set; }

        public void Update(FrameEvidence evidence, List<TrackedObject> tracks)
        {
            Seen.AddRange(evidence.Detections);
            Masks.AddRange(evidence.Masks);
            Motion = evidence.CameraMotion;
            tracks.Clear();
            tracks.AddRange(answer);
        }
    }
}
