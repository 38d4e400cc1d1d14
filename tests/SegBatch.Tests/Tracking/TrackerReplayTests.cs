using System.IO.Compression;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>Recorded detections in, the reference's tracks out: ids, order, detection and box of every row of every frame.</summary>
public sealed class TrackerReplayTests
{
    private const float Tolerance = 1e-3f;
    private const string Oracle = "reference/oracle/05_tracker_replay";

    [Theory]
    [InlineData("bytetrack", 895)]
    [InlineData("botsort", 895)]
    [InlineData("ocsort", 866)]
    [InlineData("deepocsort", 846)]
    [InlineData("fasttrack", 911)]
    [InlineData("tracktrack", 793)]
    public void A_recorded_sequence_is_reproduced(string tracker, int expectedRows)
    {
        using var recording = RecordedData.Json("tracker_replay.json.gz");
        var (sequences, rows) = Replay(recording, recording.RootElement.GetProperty("expected").GetProperty(tracker));
        Assert.Equal((1, expectedRows), (sequences, rows));
    }

    [Theory]
    [InlineData("expected_bytetrack", 12)]
    [InlineData("variant_bytetrack_high06", 3)]
    [InlineData("variant_bytetrack_nofuse_buf10", 3)]
    [InlineData("expected_botsort", 12)]
    [InlineData("variant_botsort_high06_buf60", 3)]
    [InlineData("expected_ocsort", 12)]
    [InlineData("variant_ocsort_byte", 3)]
    [InlineData("expected_deepocsort", 12)]
    [InlineData("expected_fasttrack", 12)]
    [InlineData("expected_tracktrack", 12)]
    public void All_recorded_sequences_are_reproduced(string name, int expectedSequences)
    {
        using var detections = SharedData.Json($"{Oracle}/detections.json.gz");
        using var expected = SharedData.Json($"{Oracle}/{name}.json.gz");
        var (sequences, rows) = Replay(detections, expected.RootElement);
        Assert.Equal(expectedSequences, sequences);
        Assert.True(rows > 2000, $"only {rows} rows were compared");
    }

    /// <summary>BoT-SORT's with the camera's motion as it was recorded.</summary>
    [Theory]
    [InlineData("vtest.yolov8n.rect.bytetrack", "bytetrack", 795)]
    [InlineData("vtest.yolo26n.rect.bytetrack", "bytetrack", 400)]
    [InlineData("vtest.yolov8n.rect.botsort", "botsort", 795)]
    public void Tracks_of_a_real_clip_are_reproduced(string name, string trackerName, int expectedFrames)
    {
        using var file = File.OpenRead(SharedData.Path($"reference/recordings/{name}.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        lines.ReadLine(); // describes the run
        var tracker = Trackers.Create(new TrackingOptions { Tracker = trackerName }, frameRate: 10);
        var tracks = new List<TrackedObject>();
        var frames = 0;
        for (; lines.ReadLine() is { } line; frames++)
        {
            using var frame = JsonDocument.Parse(line);
            var scores = frame.RootElement.GetProperty("det_conf");
            var classes = frame.RootElement.GetProperty("det_cls");
            var boxes = frame.RootElement.GetProperty("det_xyxy");
            var inputs = Enumerable
                .Range(0, boxes.GetArrayLength())
                .Select(i => new TrackInput(ToBox(boxes[i]), scores[i].GetSingle(), classes[i].GetInt32()));
            AffineMotion? motion = frame.RootElement.TryGetProperty("warp", out var warp) ? ToMotion(warp) : null;
            tracker.Update(new FrameEvidence(inputs.ToArray()) { CameraMotion = motion }, tracks);

            var expected = frame.RootElement.GetProperty("tracks").EnumerateArray().ToArray();
            Assert.Equal(
                expected.Select(track => (track.GetProperty("id").GetInt64(), track.GetProperty("det").GetInt32())),
                tracks.Select(track => (track.TrackId, track.DetectionIndex))
            );
            for (var i = 0; i < expected.Length; i++)
            {
                Near(ToBox(expected[i].GetProperty("xyxy")), tracks[i].Estimate);
            }
        }

        Assert.Equal(expectedFrames, frames);
    }

    private static (int Sequences, int Rows) Replay(JsonDocument detections, JsonElement expected)
    {
        var settings = expected.GetProperty("settings");
        var options = Options(settings);
        var (sequences, rows) = (0, 0);
        var tracks = new List<TrackedObject>();
        foreach (var sequence in expected.GetProperty("sequences").EnumerateArray())
        {
            var number = sequence.GetProperty("seq").GetInt32();
            var inputs = detections.RootElement.GetProperty("sequences").EnumerateArray();
            var frames = inputs.Single(input => input.GetProperty("seq").GetInt32() == number).GetProperty("frames");
            var outputs = sequence.GetProperty("frames");
            Assert.Equal(frames.GetArrayLength(), outputs.GetArrayLength());
            var tracker = Trackers.Create(options, frameRate: null);
            for (var frame = 0; frame < frames.GetArrayLength(); frame++)
            {
                tracker.Update(new FrameEvidence(frames[frame].EnumerateArray().Select(ToInput).ToArray()), tracks);
                rows += Compare(outputs[frame], tracks, $"sequence {number}, frame {frame}");
            }

            sequences++;
        }

        return (sequences, rows);
    }

    private static TrackingOptions Options(JsonElement settings)
    {
        var options = new TrackingOptions
        {
            Tracker = settings.GetProperty("tracker_type").GetString()!,
            TrackHighThresh = settings.GetProperty("track_high_thresh").GetSingle(),
            TrackLowThresh = settings.GetProperty("track_low_thresh").GetSingle(),
            NewTrackThresh = settings.GetProperty("new_track_thresh").GetSingle(),
            TrackBuffer = settings.GetProperty("track_buffer").GetInt32(),
            MatchThresh = settings.GetProperty("match_thresh").GetSingle(),
            FuseScore = !settings.TryGetProperty("fuse_score", out var fuse) || fuse.GetBoolean(),
        };
        if (settings.TryGetProperty("tai_thr", out var overlap))
        {
            return options with
            {
                LostMatchThr = settings.GetProperty("lost_match_thr").GetSingle(),
                IouWeight = settings.GetProperty("iou_weight").GetSingle(),
                ReidWeight = settings.GetProperty("reid_weight").GetSingle(),
                ConfWeight = settings.GetProperty("conf_weight").GetSingle(),
                AngleWeight = settings.GetProperty("angle_weight").GetSingle(),
                PenaltyP = settings.GetProperty("penalty_p").GetSingle(),
                PenaltyQ = settings.GetProperty("penalty_q").GetSingle(),
                ReduceStep = settings.GetProperty("reduce_step").GetSingle(),
                TaiThr = overlap.GetSingle(),
                MinTrackLen = settings.GetProperty("min_track_len").GetInt32(),
            };
        }

        if (settings.TryGetProperty("occ_cover_thresh", out var cover))
        {
            return options with
            {
                ResetVelocityOffsetOcc = settings.GetProperty("reset_velocity_offset_occ").GetInt32(),
                ResetPosOffsetOcc = settings.GetProperty("reset_pos_offset_occ").GetInt32(),
                EnlargeBboxOcc = settings.GetProperty("enlarge_bbox_occ").GetSingle(),
                DampenMotionOcc = settings.GetProperty("dampen_motion_occ").GetSingle(),
                ActiveOccToLostThresh = settings.GetProperty("active_occ_to_lost_thresh").GetInt32(),
                OccCoverThresh = cover.GetSingle(),
                OccReappearWindow = settings.GetProperty("occ_reappear_window").GetInt32(),
                InitIouSuppress = settings.GetProperty("init_iou_suppress").GetSingle(),
            };
        }

        return settings.TryGetProperty("delta_t", out var deltaT)
            ? options with
            {
                DeltaT = deltaT.GetInt32(),
                Inertia = settings.GetProperty("inertia").GetSingle(),
                UseByte = settings.GetProperty("use_byte").GetBoolean(),
            }
            : options;
    }

    private static int Compare(JsonElement expected, List<TrackedObject> tracks, string where)
    {
        var ids = expected.EnumerateArray().Select(row => ((long)row[4].GetDouble(), (int)row[7].GetDouble()));
        var found = tracks.Select(track => (track.TrackId, track.DetectionIndex));
        Assert.True(ids.SequenceEqual(found), $"{where}: expected {string.Join(' ', ids)}, got {string.Join(' ', found)}");
        for (var i = 0; i < tracks.Count; i++)
        {
            Near(ToBox(expected[i]), tracks[i].Estimate);
        }

        return tracks.Count;
    }

    private static void Near(Box expected, Box actual)
    {
        Assert.Equal(expected.X1, actual.X1, Tolerance);
        Assert.Equal(expected.Y1, actual.Y1, Tolerance);
        Assert.Equal(expected.X2, actual.X2, Tolerance);
        Assert.Equal(expected.Y2, actual.Y2, Tolerance);
    }

    private static Box ToBox(JsonElement row) => new(row[0].GetSingle(), row[1].GetSingle(), row[2].GetSingle(), row[3].GetSingle());

    private static AffineMotion ToMotion(JsonElement rows) =>
        new(
            rows[0][0].GetDouble(),
            rows[0][1].GetDouble(),
            rows[0][2].GetDouble(),
            rows[1][0].GetDouble(),
            rows[1][1].GetDouble(),
            rows[1][2].GetDouble()
        );

    private static TrackInput ToInput(JsonElement row) => new(ToBox(row), row[4].GetSingle(), (int)row[5].GetDouble());
}
