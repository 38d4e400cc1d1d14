using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>Bars of 40 × 100 pixels before and behind each other: what is seen of each is computed here, pixel by pixel.</summary>
public sealed class MaskTrackerTests
{
    private const int Width = 40;
    private const int Height = 100;
    private static readonly FrameSize s_size = new(400, 200);

    private readonly ITracker _tracker = Trackers.Create(new TrackingOptions { Tracker = "masktrack" }, frameRate: null);
    private readonly List<TrackedObject> _tracks = [];

    [Fact]
    public void An_object_that_passes_behind_another_keeps_its_id_and_its_size()
    {
        var ids = new HashSet<long>();
        for (var x = 20; x < 300; x += 4)
        {
            Update(Bar(150), Bar(x, before: 150));
            foreach (var track in _tracks)
            {
                ids.Add(track.TrackId);
                Assert.InRange(track.Estimate.Width, 0.83f * Width, 1.05f * Width); // from 0.85 of its area on it counts as a whole
            }
        }

        Assert.Equal([1, 2], ids.Order());
        Assert.Equal(2, _tracks.Count);
    }

    [Fact]
    public void Two_that_stand_in_one_place_keep_their_ids_by_what_is_seen_of_them()
    {
        Update(Bar(100), Bar(120, before: 100));
        for (var frame = 0; frame < 60; frame++)
        {
            // The order in which they are found changes; of the one behind ever less is seen.
            var behind = Bar(120 - (frame / 5), before: 100);
            Update(frame % 2 == 0 ? [Bar(100), behind] : [behind, Bar(100)]);
            var ofFront = _tracks.Single(track => track.DetectionIndex == (frame % 2));
            Assert.Equal((2, 1L), (_tracks.Count, ofFront.TrackId));
        }
    }

    [Fact]
    public void What_is_hidden_may_stay_unseen_for_longer()
    {
        Assert.Equal(2, LastIdAfterHiding(80, isHidden: true));
        Assert.Equal(3, LastIdAfterHiding(80, isHidden: false));
        Assert.Equal(3, LastIdAfterHiding(120, isHidden: true)); // three times 30 frames are the limit
    }

    [Fact]
    public void A_cut_off_mask_moves_no_track()
    {
        for (var frame = 0; frame < 20; frame++)
        {
            Update(Bar(100));
        }

        for (var frame = 0; frame < 3; frame++)
        {
            Update(Bar(100, height: 60));
            Assert.InRange(_tracks[0].Estimate.CenterY, 99, 101);
            Assert.InRange(_tracks[0].Estimate.Height, Height - 2, Height + 2);
        }

        // Ever so, it is what the object looks like.
        for (var frame = 0; frame < 40; frame++)
        {
            Update(Bar(100, height: 60));
        }

        Assert.InRange(_tracks[0].Estimate.Height, 58, 65);
    }

    [Fact]
    public void A_detection_of_two_objects_at_once_moves_neither()
    {
        for (var frame = 0; frame < 20; frame++)
        {
            Update(Bar(100), Bar(140));
        }

        Update(Bar(100, width: 80));
        Assert.InRange(_tracks.Single().Estimate.Width, Width - 2, Width + 2);
        Update(Bar(100), Bar(140));
        Assert.Equal([1, 2], _tracks.Select(track => track.TrackId).Order());
    }

    [Fact]
    public void A_part_of_what_is_followed_starts_no_track()
    {
        for (var frame = 0; frame < 5; frame++)
        {
            Update(Bar(100), Bar(100, height: 40));
        }

        Assert.Single(_tracks);
    }

    [Fact]
    public void Without_masks_the_boxes_stand_for_them()
    {
        for (var x = 20; x < 200; x += 4)
        {
            _tracker.Update(new FrameEvidence([Input(Bar(x)), Input(Bar(240))]), _tracks);
        }

        Assert.Equal([1, 2], _tracks.Select(track => track.TrackId));
    }

    [Fact]
    public void The_cameras_motion_moves_the_tracks()
    {
        Update(Bar(100));
        var shaken = new FrameEvidence([Input(Bar(250))]) { CameraMotion = new AffineMotion(1, 0, 150, 0, 1, 0) };
        _tracker.Update(shaken, _tracks);
        Assert.Equal(1, _tracks.Single().TrackId);
    }

    /// <summary>
    /// A bar goes before another one, stands there for some frames, and goes back; or the other one just vanishes for as long. Says the last
    /// number of a track.
    /// </summary>
    private static long LastIdAfterHiding(int frames, bool isHidden)
    {
        var test = new MaskTrackerTests();
        int[] there = [.. Enumerable.Range(0, 16).Select(step => 210 - (4 * step))];
        foreach (var x in there)
        {
            test.Update(Bar(isHidden ? x : 210), Bar(150, before: isHidden ? x : 210));
        }

        for (var frame = 0; frame < frames; frame++)
        {
            test.Update(Bar(isHidden ? 150 : 210));
        }

        foreach (var x in there.Reverse())
        {
            test.Update(Bar(isHidden ? x : 210), Bar(150, before: isHidden ? x : 210));
        }

        return test._tracks.Max(track => track.TrackId);
    }

    private void Update(params RleMask[] masks)
    {
        var seen = masks.Where(mask => mask.Area > 0).ToArray();
        _tracker.Update(new FrameEvidence(Array.ConvertAll(seen, Input)) { Masks = seen }, _tracks);
    }

    private static TrackInput Input(RleMask mask) => new(mask.Bounds, 0.9f, 0);

    /// <summary>A bar, without what another one before it covers.</summary>
    private static RleMask Bar(int x, int before = -1000, int width = Width, int height = Height)
    {
        var bitmap = new byte[s_size.Area];
        for (var y = 50; y < 50 + height; y++)
        {
            for (var column = x; column < x + width; column++)
            {
                if (column < before || column >= before + Width)
                {
                    bitmap[(y * s_size.Width) + column] = 1;
                }
            }
        }

        return RleMask.FromBitmap(bitmap, s_size);
    }
}
