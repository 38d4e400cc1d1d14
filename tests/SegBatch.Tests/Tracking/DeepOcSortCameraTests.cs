using SegBatch.Geometry;
using SegBatch.Motion;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>
/// Deep OC-SORT with the camera's motion: what it makes of a scene must not depend on how the camera moves. There is no recording; the same scene
/// before a still camera is the expectation.
/// </summary>
public sealed class DeepOcSortCameraTests
{
    private const int Frames = 60;

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.0, 1.004)]
    [InlineData(0.004, 0.998)]
    public void A_moving_camera_changes_no_id(double angle, double scale)
    {
        var expected = Follow("deepocsort", angle: 0, scale: 1, pan: 0, told: false);
        Assert.Equal(6, expected.SelectMany(frame => frame).Select(row => row.Id).Distinct().Count());
        var found = Follow("deepocsort", angle, scale, pan: 45, told: true);
        Assert.Equal(expected.Select(Ids), found.Select(Ids));

        // Who is not told loses them; OC-SORT is, and does not listen.
        Assert.NotEqual(expected.Select(Ids), Follow("deepocsort", angle, scale, pan: 45, told: false).Select(Ids));
        Assert.Equal(
            Follow("ocsort", angle, scale, pan: 45, told: false).Select(Ids),
            Follow("ocsort", angle, scale, pan: 45, told: true).Select(Ids)
        );
    }

    /// <summary>Not only ids: where tracks are taken to be is the same place, also after a gap that is gone over again.</summary>
    [Fact]
    public void Estimates_are_those_of_a_still_camera_moved()
    {
        var expected = Follow("deepocsort", angle: 0, scale: 1, pan: 0, told: false);
        var found = Follow("deepocsort", angle: 0, scale: 1, pan: 45, told: true);
        for (var frame = 0; frame < Frames; frame++)
        {
            var x = (float)Camera(frame, 0, 1, 45).Tx;
            Assert.Equal(expected[frame].Select(row => row.Box.X1 + x), found[frame].Select(row => row.Box.X1), Near);
            Assert.Equal(expected[frame].Select(row => row.Box.Y2), found[frame].Select(row => row.Box.Y2), Near);
        }
    }

    [Fact]
    public void The_motion_is_looked_for_when_somebody_asks()
    {
        var options = new TrackingOptions { Tracker = "deepocsort" };
        Assert.Null(TrackerNeeds.Of(options).CameraMotion);
        Assert.Equal("sparseOptFlow", TrackerNeeds.Of(options with { GmcMethod = CameraMotionMethod.SparseOptFlow }).CameraMotion);
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 0.02f;

    private static string Ids(List<(long Id, int Object, Box Box)> rows) => string.Join(' ', rows.Select(row => $"{row.Id}:{row.Object}"));

    /// <summary>Six walkers on lines of their own, who turn round once, while nobody sees them.</summary>
    private static List<List<(long Id, int Object, Box Box)>> Follow(string name, double angle, double scale, double pan, bool told)
    {
        var tracker = Trackers.Create(new TrackingOptions { Tracker = name }, frameRate: null);
        var rows = new List<List<(long, int, Box)>>();
        var tracks = new List<TrackedObject>();
        var before = AffineMotion.Identity;
        for (var frame = 0; frame < Frames; frame++)
        {
            var camera = Camera(frame, angle, scale, pan);
            var seen = Enumerable.Range(0, 6).Where(walker => (frame + (5 * walker)) % 30 is < 12 or > 15).ToList();
            var inputs = seen.Select(walker => Seen(walker, frame, camera)).ToArray();
            tracker.Update(new FrameEvidence(inputs) { CameraMotion = told ? Between(before, camera) : null }, tracks);
            rows.Add([.. tracks.Select(track => (track.TrackId, seen[track.DetectionIndex], track.Estimate))]);
            before = camera;
        }

        return rows;
    }

    /// <summary>From the world to the frame: a pan to and fro, by up to <paramref name="pan"/> pixels a frame, a turn and a zoom.</summary>
    private static AffineMotion Camera(int frame, double angle, double scale, double pan)
    {
        var (turn, zoom) = (angle * frame, Math.Pow(scale, frame));
        var (cos, sin) = (zoom * Math.Cos(turn), zoom * Math.Sin(turn));
        var x = pan * (frame % 20 < 10 ? frame % 20 : 20 - (frame % 20));
        return new AffineMotion(cos, -sin, x, sin, cos, 0);
    }

    private static AffineMotion Between(AffineMotion before, AffineMotion now)
    {
        var scale = (before.A * before.A) + (before.C * before.C);
        var (a, c) = (((now.A * before.A) + (now.C * before.C)) / scale, ((now.C * before.A) - (now.A * before.C)) / scale);
        return new AffineMotion(a, -c, now.Tx - (a * before.Tx) + (c * before.Ty), c, a, now.Ty - (c * before.Tx) - (a * before.Ty));
    }

    private static TrackInput Seen(int walker, int frame, AffineMotion camera)
    {
        var way = 3 * (frame < 30 ? frame : 60 - frame);
        var (x, y) = (400.0 + (walker % 3 * 300) + way, 300.0 + (walker / 3 * 350) - (way / 2));
        var (toX, toY) = ((camera.A * x) + (camera.B * y) + camera.Tx, (camera.C * x) + (camera.D * y) + camera.Ty);
        var (width, height) = (30 * camera.Scale, 70 * camera.Scale);
        return new TrackInput(new Box((float)(toX - width), (float)(toY - height), (float)(toX + width), (float)(toY + height)), 0.9f, 0);
    }
}
