using SegBatch.Annotation;
using SegBatch.Geometry;
using Xunit;

namespace SegBatch.Tests.Annotation;

public class LabelLayoutTests
{
    private static readonly FrameSize Frame = new(640, 360);
    private static readonly FrameSize Label = new(90, 16);

    [Fact]
    public void A_lone_label_sits_on_its_box()
    {
        var layout = new LabelLayout();
        layout.Begin();
        Assert.Equal(new(100, 84, 190, 100), layout.Place(Label, Frame, [new(100, 100, 140, 200)], 0, null));
    }

    [Fact]
    public void Without_room_above_it_goes_below()
    {
        var layout = new LabelLayout();
        layout.Begin();
        Assert.Equal(new(100, 60, 190, 76), layout.Place(Label, Frame, [new(100, 2, 140, 60)], 0, null));
    }

    [Fact]
    public void Labels_of_neighbours_do_not_cover_each_other()
    {
        var layout = new LabelLayout();
        layout.Begin();
        PixelRect[] boxes = [new(100, 100, 130, 200), new(135, 102, 165, 198), new(150, 95, 190, 205)];
        var placed = Enumerable.Range(0, boxes.Length).Select(i => layout.Place(Label, Frame, boxes, i, null)).ToArray();
        for (var i = 0; i < placed.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.Equal(0, placed[i].OverlapWith(placed[j]));
            }
        }
    }

    [Theory]
    [InlineData(-300, -300, -200, -200)]
    [InlineData(600, 340, 640, 360)]
    [InlineData(-10, -10, 650, 370)]
    [InlineData(700, 500, 800, 600)]
    public void Labels_stay_in_the_frame(int x1, int y1, int x2, int y2)
    {
        var layout = new LabelLayout();
        layout.Begin();
        Assert.True(layout.Place(Label, Frame, [new(x1, y1, x2, y2)], 0, null).Fits(Frame));
    }

    [Fact]
    public void A_label_wider_than_the_frame_starts_at_its_left_edge()
    {
        var layout = new LabelLayout();
        layout.Begin();
        Assert.Equal(0, layout.Place(new(900, 16), Frame, [new(100, 100, 140, 200)], 0, null).X1);
    }

    [Fact]
    public void A_track_keeps_its_place_against_small_gains()
    {
        var layout = new LabelLayout();
        PixelRect box = new(100, 100, 140, 200);
        PixelRect crowd = new(0, 60, 640, 99); // hides everything above
        layout.Begin();
        var below = layout.Place(Label, Frame, [box, crowd], 0, trackId: 7);
        Assert.Equal(200, below.Y1);
        layout.Begin();
        Assert.Equal(below, layout.Place(Label, Frame, [box], 0, trackId: 7)); // nothing in the way any more: stays
        layout.Begin();
        Assert.Equal(84, layout.Place(Label, Frame, [box, new(90, 195, 400, 300)], 0, trackId: 7).Y1); // much in the way: moves
    }
}
