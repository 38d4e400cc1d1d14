using SegBatch.Evaluation;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Evaluation;

public sealed class ComparisonTests
{
    private static readonly FrameSize s_size = new(4, 3);

    [Fact]
    public void Boxes_scores_and_masks_of_pairs_are_compared()
    {
        // 12 pixels; theirs sets 4, ours 3 of them and 1 more: IoU 3 / 5.
        var agreement = Compare(
            [Frame(0, Theirs(new(0, 0, 100, 100), 0.9, mask: [2, 4, 6]), Theirs(new(200, 0, 300, 100), 0.8, mask: [0, 12]))],
            [
                [Ours(new(0, 0, 100, 101), 0.88, mask: [3, 4, 5]), Ours(new(200, 0.5, 300, 100), 0.8, mask: [0, 12])],
            ]
        );
        Assert.Equal((2, 2, 2), (agreement.Reference, agreement.Ours, agreement.Matched));
        Assert.Equal(1, agreement.BoxDifference.Max);
        Assert.Equal(0.02, agreement.ScoreDifference.Max, 12);
        Assert.Equal((2, 0.8), (agreement.MaskIoU.Count, agreement.MaskIoU.Mean));
        Assert.Equal(0.6, agreement.MaskIoU.Min);
        Assert.Equal(0.5, agreement.MasksEqual);
        Assert.Null(agreement.IdsEqual);
    }

    [Fact]
    public void A_moved_box_and_another_class_are_lost_and_gained()
    {
        var agreement = Compare(
            [Frame(3, Theirs(new(0, 0, 10, 10), 0.9), Theirs(new(20, 0, 30, 10), 0.8, classId: 1), Theirs(new(0, 0, 9, 9), 0.2))],
            [
                [],
                [],
                [],
                [Ours(new(1, 0, 11, 10), 0.9), Ours(new(20, 0, 30, 10), 0.8, classId: 2), Ours(new(0, 0, 9, 9), 0.24)],
            ]
        );
        Assert.Equal((2, 2, 0), (agreement.Reference, agreement.Ours, agreement.Matched)); // below 0.25 nothing counts
        Assert.Equal([(3L, 0), (3L, 1)], agreement.Lost.Select(item => (item.Frame, item.ClassId)));
        Assert.Equal([(3L, 0), (3L, 2)], agreement.Gained.Select(item => (item.Frame, item.ClassId)));
        Assert.Equal((0, 0), (agreement.Recall, agreement.Precision));
    }

    [Fact]
    public void By_masks_a_moved_box_is_the_same_object_and_the_better_mask_is_taken()
    {
        // Columns of 3: theirs is pixels 2 to 5. The candidates share 2 of 4 and 3 of 5 of the union with it, and a box far away shares all.
        var theirs = Frame(0, Theirs(new(0, 0, 10, 10), 0.9, mask: [2, 4, 6]));
        RunInstance[] ours =
        [
            Ours(new(1, 0, 11, 10), 0.9, mask: [4, 2, 6]),
            Ours(new(5, 0, 15, 10), 0.5, mask: [3, 4, 5]),
            Ours(new(50, 50, 60, 60), 0.8, mask: [2, 4, 6]),
        ];
        var recording = new Recording("predict", "clip.mp4", "m.onnx", 0, [theirs]);
        var run = new RunInstances("clip", new Dictionary<long, IReadOnlyList<RunInstance>> { [0] = ours });
        var agreement = Comparison.Of(recording, run, 0, commonFrames: false, Matching.Masks);
        Assert.Equal((1, 3, 1), (agreement.Reference, agreement.Ours, agreement.Matched));
        Assert.Equal(0.6, agreement.MaskIoU.Mean);
        Assert.Equal(0.4, agreement.ScoreDifference.Mean, 12);
        Assert.Equal(0, Comparison.Of(recording, run, 0, commonFrames: false).Matched);
    }

    [Fact]
    public void Of_two_candidates_the_nearer_is_taken_and_none_twice()
    {
        var agreement = Compare(
            [Frame(0, Theirs(new(0, 0, 100, 100), 0.9), Theirs(new(0, 0, 100, 101), 0.8))],
            [
                [Ours(new(0, 0, 100, 101), 0.9), Ours(new(0, 0, 100, 100), 0.8), Ours(new(0, 0, 100, 100), 0.7)],
            ]
        );
        Assert.Equal((2, 1), (agreement.Matched, agreement.Gained.Count));
        Assert.Equal(0, agreement.BoxDifference.Max);
    }

    [Fact]
    public void Ids_are_equal_or_only_consistent()
    {
        // Theirs: 1 1 1 1, 2 2. Ours: 1 1 1 5, 7 7.
        var box = new BoxCorners(0, 0, 10, 10);
        var other = new BoxCorners(50, 0, 60, 10);
        long[] ours = [1, 1, 1, 5];
        var agreement = Compare(
            [
                .. Enumerable
                    .Range(0, 4)
                    .Select(i => i < 2 ? Frame(i, Theirs(box, 0.2, id: 1), Theirs(other, 0.9, id: 2)) : Frame(i, Theirs(box, 0.9, id: 1))),
            ],
            [
                .. ours.Select(
                    (id, i) =>
                        i < 2 ? new[] { Ours(box, 0.2, id: id), Ours(other, 0.9, id: 7) } : [Ours(box, 0.9, id: id), Ours(other, 0.9)]
                ),
            ],
            part: "bytetrack"
        );
        Assert.Equal((6, 6, 6), (agreement.Reference, agreement.Ours, agreement.Matched)); // without a track it does not count
        Assert.Equal(3 / 6.0, agreement.IdsEqual);
        Assert.Equal(5 / 6.0, agreement.IdsConsistent);
    }

    [Fact]
    public void Frames_that_the_run_lacks_count_or_are_left_out()
    {
        var frames = new[] { Frame(10, Theirs(new(0, 0, 10, 10), 0.9)), Frame(11, Theirs(new(0, 0, 10, 10), 0.9)) };
        RunInstance[][] ours =
        [
            [Ours(new(0, 0, 10, 10), 0.9)],
        ];
        var all = Compare(frames, ours, offset: 10);
        Assert.Equal((2, 1, 0.5), (all.Frames, all.FramesNotInRun, all.Recall));
        var common = Compare(frames, ours, offset: 10, commonFrames: true);
        Assert.Equal((1, 1, 1.0), (common.Frames, common.FramesNotInRun, common.Recall));
    }

    [Fact]
    public void Masks_of_another_size_are_said_not_to_be_compared()
    {
        var theirs = Theirs(new(0, 0, 10, 10), 0.9) with { Mask = new RleMask(new FrameSize(3, 4), new[] { 0, 12 }) };
        var agreement = Compare(
            [Frame(0, theirs)],
            [
                [Ours(new(0, 0, 10, 10), 0.9, mask: [0, 12])],
            ]
        );
        Assert.True(agreement.MaskSizesDiffer);
        Assert.Equal(0, agreement.MaskIoU.Count);
        Assert.DoesNotContain(
            AgreementFigure.Of(agreement),
            figure => figure.Name.StartsWith("mask", StringComparison.Ordinal) && figure.Meets(0)
        );
    }

    [Fact]
    public void A_trackers_final_boxes_are_compared_where_they_end_at_the_frames_edge()
    {
        var theirs = new RecordedFrame(0, IsClipped: true, [Theirs(new(0, 1, 4, 3), 0.9, id: 1)]);
        var ours = Ours(new(0, 1, 4, 3), 0.9, id: 1) with { TrackBox = new BoxCorners(-2, 1, 5, 9) }; // the frame is 4 x 3
        Assert.Equal(
            (1, 0.0),
            (
                Compare(
                    [theirs],
                    [
                        [ours],
                    ],
                    "botsort"
                ).Matched,
                Compare(
                    [theirs],
                    [
                        [ours],
                    ],
                    "botsort"
                ).BoxDifference.Max
            )
        );
        Assert.Equal(
            0,
            Compare(
                [theirs with { IsClipped = false }],
                [
                    [ours],
                ],
                "botsort"
            ).Matched
        );
    }

    [Fact]
    public void Percentiles_are_observed_values()
    {
        var distribution = Distribution.Of([.. Enumerable.Range(0, 200).Select(i => (199 - i) * 0.5)]);
        Assert.Equal(
            (200, 0.0, 1.0, 50.0, 99.0, 99.5, 49.75),
            (
                distribution.Count,
                distribution.Min,
                distribution.P01,
                distribution.Median,
                distribution.P99,
                distribution.Max,
                distribution.Mean
            )
        );
        Assert.True(double.IsNaN(Distribution.Of([]).Mean));
    }

    private static Agreement Compare(
        RecordedFrame[] frames,
        RunInstance[][] ours,
        string part = "retina",
        long offset = 0,
        bool commonFrames = false
    )
    {
        var run = ours.Select((items, i) => KeyValuePair.Create((long)i, (IReadOnlyList<RunInstance>)items));
        var recording = new Recording(part, "clip.avi", "model.onnx", part == "retina" ? 0.25 : 0, frames);
        return Comparison.Of(
            recording,
            new RunInstances("clip", new Dictionary<long, IReadOnlyList<RunInstance>>(run)),
            offset,
            commonFrames
        );
    }

    private static RecordedFrame Frame(long index, params RecordedObject[] objects) => new(index, false, objects);

    private static RecordedObject Theirs(BoxCorners box, double score, int classId = 0, long? id = null, int[]? mask = null) =>
        new(box, score, classId, id, mask is null ? null : new RleMask(s_size, mask));

    private static RunInstance Ours(BoxCorners box, double score, int classId = 0, long? id = null, int[]? mask = null) =>
        new(classId, "thing", score, box, id, id is null ? null : box, CocoRle.ToString(mask ?? [12]), s_size);
}
