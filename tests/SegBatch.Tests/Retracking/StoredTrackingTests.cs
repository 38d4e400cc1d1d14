using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Retracking;
using SegBatch.Tests.Jobs;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Retracking;

public class StoredTrackingTests
{
    [Fact]
    public void Options_come_back_from_the_settings_of_a_run()
    {
        var options = new TrackingOptions
        {
            Tracker = "fasttrack",
            TrackHighThresh = 0.4f,
            TrackLowThresh = 1 / 3f,
            LostSeconds = 1.5,
            TrackBuffer = 7,
            FuseScore = false,
            EnlargeBboxOcc = 1.3f,
        };
        Assert.Equal(options, StoredTracking.Read(Records.Settings(options)));
    }

    /// <summary>deepocsort has 0.3 where nobody says anything, bytetrack 0.25.</summary>
    [Fact]
    public void What_nobody_had_said_follows_the_tracker_and_what_somebody_said_stays()
    {
        var silent = StoredTracking.Read(Records.Settings()) with { Tracker = "deepocsort" };
        Assert.Equal((0.3f, 0.3f), (silent.TrackHighThresh, silent.NewTrackThresh));
        var said = StoredTracking.Read(Records.Settings(new() { TrackHighThresh = 0.6f })) with { Tracker = "deepocsort" };
        Assert.Equal((0.6f, 0.3f), (said.TrackHighThresh, said.NewTrackThresh));
        var back = StoredTracking.Read(Records.Settings(new() { Tracker = "deepocsort" })) with { Tracker = "bytetrack" };
        Assert.Equal(new TrackingOptions(), back with { Tracker = "bytetrack" });
    }

    [Fact]
    public void Only_the_tracking_changes_in_the_settings_and_their_text_is_that_of_a_run()
    {
        var other = new TrackingOptions { Tracker = "ocsort", DeltaT = 5 };
        var changed = StoredTracking.With(Records.Settings(), other);
        Assert.Equal(
            EffectiveOptions.ToJson(new SourceOptions { Tracking = other }).ToJsonString(RecordJson.Compact),
            changed.ToJsonString(RecordJson.Compact)
        );
    }

    [Fact]
    public void An_option_that_earlier_versions_lacked_is_at_its_default_and_an_unknown_tracker_is_refused()
    {
        var settings = Records.Settings(new() { DeltaT = 9 });
        settings["track"]!.AsObject().Remove("inertia");
        Assert.Equal(new TrackingOptions { DeltaT = 9 }, StoredTracking.Read(settings));
        Assert.Equal(new TrackingOptions(), StoredTracking.Read([]));
        settings["track"]!["tracker"] = JsonValue.Create("telepathy");
        var error = Assert.Throws<JobException>(() => StoredTracking.Read(settings));
        Assert.Contains("track.tracker: \"telepathy\", which this version does not know", error.Message, StringComparison.Ordinal);
    }
}
