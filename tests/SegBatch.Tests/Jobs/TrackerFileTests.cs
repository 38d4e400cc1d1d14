using SegBatch.Jobs;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Jobs;

/// <summary>Tracker files of Ultralytics, named by a manifest or by the command line.</summary>
public sealed class TrackerFileTests : IDisposable
{
    private const string Minimal = "model: m.onnx\noutput: out\nsources: [a.mp4]\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A file as it is written for Ultralytics: comments, Python's booleans, keys of no meaning to this tracker.</summary>
    [Fact]
    public void Every_value_of_a_file_becomes_an_option()
    {
        _folder.Write(
            "trackers/custom.yaml",
            """
            # default settings, changed
            tracker_type: botsort # tracker backend
            track_high_thresh: 0.5
            track_low_thresh: 0.2
            new_track_thresh: 0.6
            track_buffer: 60
            match_thresh: 0.85
            fuse_score: False
            proximity_thresh: 0.4
            appearance_thresh: 0.7
            with_reid: True
            model: reid.onnx
            """
        );
        var job = Read(Minimal + "track: {tracker: trackers/custom.yaml}\n");
        Assert.Empty(job.Warnings);
        var expected = new TrackingOptions
        {
            Tracker = "botsort",
            TrackHighThresh = 0.5f,
            TrackLowThresh = 0.2f,
            NewTrackThresh = 0.6f,
            TrackBuffer = 60,
            MatchThresh = 0.85f,
            FuseScore = false,
            ProximityThresh = 0.4f,
            AppearanceThresh = 0.7f,
            WithReid = true,
            AppearanceModel = Path.Combine(_folder.Path, "trackers", "reid.onnx"), // relative to the file that names it
        };
        Assert.Equal(expected, job.Sources[0].Options.Tracking);
    }

    /// <summary>The files of the newer trackers, as far as the replays state their keys and values; camera motion is left out.</summary>
    [Theory]
    [InlineData(
        "tracker_type: ocsort\ntrack_high_thresh: 0.25\ntrack_low_thresh: 0.1\nnew_track_thresh: 0.25\ntrack_buffer: 30\nmatch_thresh: 0.8\nfuse_score: True\ndelta_t: 3\ninertia: 0.2\nuse_byte: False\n",
        "ocsort"
    )]
    [InlineData(
        "tracker_type: fasttrack\ntrack_high_thresh: 0.25\ntrack_low_thresh: 0.1\nnew_track_thresh: 0.25\ntrack_buffer: 30\nmatch_thresh: 0.8\nfuse_score: True\nreset_velocity_offset_occ: 5\nreset_pos_offset_occ: 3\nenlarge_bbox_occ: 1.1\ndampen_motion_occ: 0.5\nactive_occ_to_lost_thresh: 10\nocc_cover_thresh: 0.7\nocc_reappear_window: 40\ninit_iou_suppress: 0.7\n",
        "fasttrack"
    )]
    [InlineData(
        "tracker_type: deepocsort\ntrack_high_thresh: 0.3\ntrack_low_thresh: 0.1\nnew_track_thresh: 0.3\ntrack_buffer: 30\nmatch_thresh: 0.8\nfuse_score: True\ndelta_t: 3\ninertia: 0.2\nuse_byte: False\nwith_reid: False\nmodel: auto\nproximity_thresh: 0.5\nalpha_fixed_emb: 0.95\n",
        "deepocsort"
    )]
    [InlineData(
        "tracker_type: tracktrack\ntrack_high_thresh: 0.6\ntrack_low_thresh: 0.25\nnew_track_thresh: 0.7\ntrack_buffer: 30\nmatch_thresh: 0.7\nlost_match_thr: 0.0\niou_weight: 0.5\nreid_weight: 0.5\nconf_weight: 0.1\nangle_weight: 0.05\npenalty_p: 0.2\npenalty_q: 0.4\nreduce_step: 0.05\ntai_thr: 0.55\nmin_track_len: 3\nwith_reid: False\nmodel: auto\n",
        "tracktrack"
    )]
    [InlineData(
        "tracker_type: botsort\ntrack_high_thresh: 0.25\ntrack_low_thresh: 0.1\nnew_track_thresh: 0.25\ntrack_buffer: 30\nmatch_thresh: 0.8\nfuse_score: True\nproximity_thresh: 0.5\nappearance_thresh: 0.8\nwith_reid: False\nmodel: auto\n",
        "botsort"
    )]
    public void The_values_that_come_with_Ultralytics_are_the_defaults(string yaml, string tracker)
    {
        _folder.Write("t.yml", yaml);
        var job = Read(Minimal + "track: {tracker: ./t.yml}\n");
        Assert.Empty(job.Warnings);
        Assert.Equal(new TrackingOptions { Tracker = tracker }.ToString(), job.Sources[0].Options.Tracking.ToString());
    }

    [Fact]
    public void The_manifests_own_keys_win_wherever_they_stand()
    {
        _folder.Write("t.yaml", "tracker_type: bytetrack\nmatch_thresh: 0.6\ntrack_buffer: 90\n");
        var tracking = Read(Minimal + "track: {match_thresh: 0.9, tracker: t.yaml}\n").Sources[0].Options.Tracking;
        Assert.Equal((0.9f, 90), (tracking.MatchThresh, tracking.TrackBuffer));

        var flat = Read("model: m.onnx\noutput: out\nsources: [{path: a.mp4, match_thresh: 0.9, tracker: t.yaml}, b.mp4]\n");
        Assert.Equal((0.9f, 90), (flat.Sources[0].Options.Tracking.MatchThresh, flat.Sources[0].Options.Tracking.TrackBuffer));
        Assert.Equal(new TrackingOptions(), flat.Sources[1].Options.Tracking);
    }

    [Fact]
    public void A_key_that_no_tracker_has_is_a_warning_with_the_nearest_told_once()
    {
        _folder.Write("t.yaml", "tracker_type: bytetrack\ntrack_bufer: 90\nzzz: 1\n");
        var job = Read("model: m.onnx\noutput: out\nsources: [{path: a.mp4, tracker: t.yaml}, {path: b.mp4, tracker: t.yaml}]\n");
        var path = Path.Combine(_folder.Path, "t.yaml");
        Assert.Equal(
            [
                $"{path}:2:1: 'track_bufer' is no key of a tracker here, and is left out. Did you mean 'track_buffer'?",
                $"{path}:3:1: 'zzz' is no key of a tracker here, and is left out.",
            ],
            job.Warnings
        );
        Assert.Equal(new TrackingOptions(), job.Sources[0].Options.Tracking);
    }

    [Theory]
    [InlineData(
        "tracker_type: bytetrack\nmatch_thresh: 8\n",
        "t.yaml:2:15: match_thresh: expected a number from 0 to 1, got '8'.\n    match_thresh: 8"
    )]
    [InlineData(
        "tracker_type: bytetrak\n",
        "t.yaml:1:15: tracker_type: expected bytetrack, botsort, ocsort, deepocsort, fasttrack, tracktrack, masktrack, none, got 'bytetrak'. Did you mean 'bytetrack'?\n    tracker_type: bytetrak"
    )]
    [InlineData(
        "track_buffer: 30\n",
        "t.yaml:1:1: 'tracker_type' is missing: bytetrack, botsort, ocsort, deepocsort, fasttrack, tracktrack, masktrack, none\n    track_buffer: 30"
    )]
    [InlineData("", "t.yaml: the tracker file is empty; it needs at least tracker_type")]
    [InlineData("- a\n", "t.yaml:1:1: expected keys and values (tracker_type: …, track_buffer: …)\n    - a")]
    [InlineData(
        "fuse_score: True\nfuse_score: False\n",
        "t.yaml:2:1: the key 'fuse_score' stands here a second time (first in line 1)\n    fuse_score: False"
    )]
    [InlineData(
        "tracker_type: botsort\nmodel: yolo11n-cls.pt\n",
        "t.yaml:2:8: model: expected a file (.onnx), or auto, got 'yolo11n-cls.pt'. Export an encoder or classifier to ONNX (yolo export model=FILE.pt format=onnx dynamic=True).\n    model: yolo11n-cls.pt"
    )]
    public void A_bad_file_is_told_with_its_line(string yaml, string expected)
    {
        _folder.Write("t.yaml", yaml);
        Assert.Equal([Path.Combine(_folder.Path, expected)], Problems(Minimal + "track: {tracker: t.yaml}\n"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var path = Path.Combine(_folder.Path, "mine.yaml");
        Assert.Equal([$"{path} does not exist (looked in {_folder.Path})."], Problems(Minimal + "track: {tracker: mine.yaml}\n"));
    }

    [Theory]
    [InlineData("botsort.yaml", "botsort")]
    [InlineData("ByteTrack.yaml", "bytetrack")]
    [InlineData("deepocsort.yaml", "deepocsort")]
    public void A_bare_name_means_the_tracker_and_says_so_where_such_a_file_lies(string word, string tracker)
    {
        var yaml = Minimal + $"track: {{tracker: {word}}}\n";
        var job = Read(yaml);
        Assert.Empty(job.Warnings);
        Assert.Equal(new TrackingOptions { Tracker = tracker }, job.Sources[0].Options.Tracking);

        _folder.Write(word, $"tracker_type: {tracker}\ntrack_buffer: 77\n");
        var other = Read(yaml);
        Assert.Equal(30, other.Sources[0].Options.Tracking.TrackBuffer);
        Assert.EndsWith($"write './{word}' for the file beside the manifest", Assert.Single(other.Warnings), StringComparison.Ordinal);
        Assert.Equal(77, Read(Minimal + $"track: {{tracker: ./{word}}}\n").Sources[0].Options.Tracking.TrackBuffer);
    }

    [Fact]
    public void An_appearance_model_has_to_be_named()
    {
        const string Expected =
            "'with_reid' needs an appearance model: write model: FILE.onnx beside it, or --reid-model FILE.onnx (auto is the detector's own feature maps, which an ONNX export does not give)";
        Assert.Equal(
            [$"{Path.Combine(_folder.Path, "job.yaml")}:3:11: {Expected}\n    sources: [a.mp4]"],
            Problems(Minimal + "track: {tracker: botsort, with_reid: true, model: auto}\n")
        );
        Assert.Contains(
            "'with_reid' is not offered for deepocsort",
            Assert.Single(Problems(Minimal + "track: {tracker: deepocsort, with_reid: true, model: r.onnx}\n"))
        );
        Assert.Null(Read(Minimal + "track: {with_reid: false, model: auto}\n").Sources[0].Options.Tracking.AppearanceModel);
    }

    [Fact]
    public void At_a_source_the_appearance_model_has_a_name_of_its_own()
    {
        var job = Read("model: m.onnx\noutput: out\nsources: [{path: a.mp4, reid_model: r.onnx}]\n");
        Assert.Equal(Path.Combine(_folder.Path, "r.onnx"), job.Sources[0].Options.Tracking.AppearanceModel);
        Assert.Contains("'reid_model'", Assert.Single(Problems("model: m.onnx\noutput: out\nsources: [{path: a.mp4, model: r.onnx}]\n")));
    }

    private JobManifest Read(string yaml) => ManifestReader.Read(_folder.Write("job.yaml", yaml));

    private IReadOnlyList<string> Problems(string yaml) => Assert.Throws<ManifestException>(() => Read(yaml)).Problems;
}
