using SegBatch.Annotation;
using SegBatch.Detection;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Annotation;

/// <summary>Without labels: those need a font, and are tested with the native libraries.</summary>
public class AnnotatorTests
{
    private const int Width = 65;
    private const int Height = 49;

    private static readonly AnnotationOptions OnlyMasks = new()
    {
        Boxes = false,
        Contours = false,
        Labels = false,
        TraceSeconds = 0,
    };

    [Fact]
    public void With_nothing_to_draw_the_picture_stays()
    {
        var nothing = OnlyMasks with { Masks = false };
        var picture = Painted(nothing, [Object(5, 5, 30, 30, 0.9f)], []);
        var untouched = new TestPicture(Width, Height);
        Assert.Equal(untouched.Y, picture.Y);
        Assert.Equal(untouched.U, picture.U);
        Assert.Equal(untouched.V, picture.V);
    }

    [Fact]
    public void Draws_what_becomes_rows()
    {
        DetectedObject[] objects = [Object(2, 2, 20, 20, 0.25f), Object(30, 2, 50, 20, 0.2f), Object(2, 30, 20, 45, 0.15f)];
        var picture = Painted(OnlyMasks, objects, [new(4, 2, objects[2].Box)]);
        var untouched = new TestPicture(Width, Height);
        Assert.True(Changed(picture, untouched, 10, 10), "a score at the threshold is drawn");
        Assert.False(Changed(picture, untouched, 40, 10), "a score below it is not");
        Assert.True(Changed(picture, untouched, 10, 40), "unless a track claimed it");
    }

    [Fact]
    public void Small_masks_lie_on_large_ones_whatever_their_score()
    {
        var (large, small) = (Object(0, 0, 60, 45, 0.3f, classId: 0), Object(20, 20, 30, 30, 0.9f, classId: 2));
        var options = OnlyMasks with { MaskOpacity = 1, ColorBy = ColorBy.Class };
        var picture = Painted(options, [small, large], []);
        var palette = new Palette(picture.View.Color);
        Assert.Equal(palette.Color(2).U, picture.U[12 * picture.StrideUv + 12]);
        Assert.Equal(palette.Color(0).U, picture.U[3 * picture.StrideUv + 3]);
    }

    [Fact]
    public void Colour_is_the_tracks_or_the_classes()
    {
        var found = Object(0, 0, 60, 45, 0.9f, classId: 2);
        var opaque = OnlyMasks with { MaskOpacity = 1 };
        var track = new TrackedObject(27, 0, found.Box);
        var byTrack = Painted(opaque, [found], [track]);
        var byClass = Painted(opaque with { ColorBy = ColorBy.Class }, [found], [track]);
        var palette = new Palette(byTrack.View.Color);
        Assert.Equal(palette.Color(7).V, byTrack.V[5]);
        Assert.Equal(palette.Color(2).V, byClass.V[5]);
    }

    [Fact]
    public void The_best_score_draws_its_box_last()
    {
        var boxes = OnlyMasks with { Boxes = true, Masks = false, ColorBy = ColorBy.Class };
        var picture = Painted(boxes, [Object(10, 10, 40, 40, 0.9f, classId: 3), Object(10, 20, 40, 45, 0.5f, classId: 4)], []);
        Assert.Equal(new Palette(picture.View.Color).Color(3).Y, picture.Y[30 * picture.StrideY + 10]);
    }

    [Fact]
    public void Classes_of_a_semantic_network_are_tinted_in_their_colour_without_boxes_and_paths()
    {
        var found = Object(4, 4, 20, 20, 1f, classId: 2);
        var options = new AnnotationOptions
        {
            Labels = false,
            Contours = false,
            MaskOpacity = 1,
        };
        var picture = new TestPicture(Width, Height);
        using var annotator = new Annotator(options, ["thing"], 0.25f);
        ClassRegion[] regions = [new(2, found.Mask), new(5, Object(30, 4, 40, 20, 1f).Mask)];
        annotator.Paint(picture.View, [found], [new(27, 0, found.Box)], 0, regions);

        var palette = new Palette(picture.View.Color);
        var plain = new TestPicture(Width, Height);
        for (var y = 0; y < Height; y += 2)
        {
            for (var x = 0; x < Width; x += 2)
            {
                var tint = y is >= 4 and < 20
                    ? (
                        x is >= 4 and < 20 ? 2
                        : x is >= 30 and < 40 ? 5
                        : -1
                    )
                    : -1;
                var expected = tint < 0 ? plain.V[(y / 2 * plain.StrideUv) + (x / 2)] : palette.Color(tint).V;
                Assert.Equal(expected, picture.V[(y / 2 * picture.StrideUv) + (x / 2)]);
            }
        }
    }

    [Fact]
    public void A_steady_picture_costs_no_garbage()
    {
        var picture = new TestPicture(Width, Height);
        DetectedObject[] objects = [Object(2, 2, 20, 20, 0.9f), Object(30, 2, 50, 20, 0.8f)];
        List<TrackedObject> tracks = [new(1, 0, objects[0].Box), new(2, 1, objects[1].Box)];
        using var annotator = new Annotator(new AnnotationOptions { Labels = false }, ["thing"], 0.25f);
        for (var i = 0; i < 100; i++)
        {
            annotator.Paint(picture.View, objects, tracks, i / 25.0);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < 200; i++)
        {
            annotator.Paint(picture.View, objects, tracks, i / 25.0);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 256);
    }

    private static TestPicture Painted(AnnotationOptions options, DetectedObject[] objects, TrackedObject[] tracks)
    {
        var picture = new TestPicture(Width, Height);
        using var annotator = new Annotator(options, ["thing"], 0.25f);
        annotator.Paint(picture.View, objects, tracks, 0);
        return picture;
    }

    private static DetectedObject Object(int x1, int y1, int x2, int y2, float score, int classId = 0) =>
        new(new(x1, y1, x2, y2), score, classId, TestPicture.Mask(Width, Height, (x, y) => x >= x1 && x < x2 && y >= y1 && y < y2));

    private static bool Changed(TestPicture a, TestPicture b, int x, int y) =>
        a.U[y / 2 * a.StrideUv + x / 2] != b.U[y / 2 * b.StrideUv + x / 2];
}
