using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using Xunit;

namespace SegBatch.Tests.Inference;

public sealed class ModelCardTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly ModelFile _file;

    public ModelCardTests()
    {
        File.WriteAllBytes(_path, [8, 8, 7 << 3 | 2, 0]);
        _file = ModelFile.Check(_path);
    }

    public void Dispose() => File.Delete(_path);

    private ModelCard Card(int[] shape, string elementType = "float32") =>
        new()
        {
            File = _file,
            Inputs = [new("images", elementType, shape, [.. shape.Select(size => size < 0 ? "open" : "")])],
            Outputs = [],
            Metadata = new Dictionary<string, string>(),
            ImgSz = shape is [_, _, > 0, > 0] ? (shape[2], shape[3]) : (640, 640),
        };

    // The table of the letterbox specification: source, then size and left/top padding of the square and of the rectangle.
    [Theory]
    [InlineData(1920, 1080, 0, 140, 640, 384, 0, 12)]
    [InlineData(810, 1080, 80, 0, 480, 640, 0, 0)]
    [InlineData(1000, 667, 0, 106, 640, 448, 0, 10)]
    [InlineData(333, 777, 183, 0, 288, 640, 7, 0)]
    public void Open_inputs_take_rectangles_unless_told_otherwise(
        int w,
        int h,
        int left,
        int top,
        int rectW,
        int rectH,
        int rectLeft,
        int rectTop
    )
    {
        var card = Card([-1, 3, -1, -1]);

        var rect = card.Letterbox(new(w, h), new());
        var square = card.Letterbox(new(w, h), new() { Letterbox = LetterboxShape.Square });

        Assert.Equal((new FrameSize(rectW, rectH), rectLeft, rectTop), (rect.Input, rect.PadLeft, rect.PadTop));
        Assert.Equal((new FrameSize(640, 640), left, top), (square.Input, square.PadLeft, square.PadTop));
    }

    [Theory]
    [InlineData("-1 -1 -1", true)] // torchvision's own recipe: one picture, every axis open
    [InlineData("3 -1 -1", true)]
    [InlineData("-1 -1 -1 -1", true)]
    [InlineData("-1 -1 3", false)] // channels last
    [InlineData("-1 512 512", false)] // grey pictures
    [InlineData("480 640 3", false)]
    [InlineData("1 -1 -1 3", false)]
    [InlineData("-1 -1 640 3", false)]
    public void Pictures_have_their_channels_first(string shape, bool isTaken)
    {
        var card = Card(Array.ConvertAll(shape.Split(' '), int.Parse));
        if (isTaken)
        {
            Assert.Equal(card.Inputs[0], card.Input);
            return;
        }

        var error = Assert.Throws<ModelException>(() => card.Input);
        Assert.Contains("does not take pictures as expected", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(320, 320)]
    [InlineData(321, 352)]
    public void Imgsz_is_rounded_up_to_the_stride(int asked, int side)
    {
        var options = new LetterboxOptions { ImgSz = (asked, asked), Letterbox = LetterboxShape.Square };

        Assert.Equal(new FrameSize(side, side), Card([-1, 3, -1, -1]).Letterbox(new(1920, 1080), options).Input);
    }

    [Fact]
    public void Fixed_inputs_are_square_and_refuse_what_they_cannot_feed()
    {
        var card = Card([1, 3, 384, 640]);
        var source = new FrameSize(1000, 1000);

        Assert.Equal(new FrameSize(640, 384), card.Letterbox(source, new()).Input);
        Assert.Equal(new FrameSize(640, 384), card.Letterbox(source, new() { ImgSz = (370, 640) }).Input);
        var rect = Assert.Throws<ModelException>(() => card.Letterbox(source, new() { Letterbox = LetterboxShape.Rect }));
        var size = Assert.Throws<ModelException>(() => card.Letterbox(source, new() { ImgSz = (640, 640) }));
        Assert.Contains("dynamic=True", rect.Message, StringComparison.Ordinal);
        Assert.Contains("640x384", size.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_without_a_batch_axis_takes_one_picture_of_any_size()
    {
        var anySize = new InputConvention
        {
            Fit = InputFit.KeepAspect,
            ShortSide = 800,
            LongSide = 1333,
            SideMultiple = 32,
        };
        var card = Card([3, -1, -1]) with { Convention = anySize };
        Assert.Equal((false, true, 1), (card.HasBatchAxis, card.IsDynamic, card.FixedBatch));
        Assert.Equal(new FrameSize(640, 384), card.Letterbox(new(640, 360), new()).Input); // as it is, padded to multiples of 32
        Assert.Equal(new FrameSize(1344, 768), card.Letterbox(new(1920, 1080), new()).Input);

        // A stated size bounds the short and the long side, whichever way the frame lies, and enlarges.
        var stated = new LetterboxOptions { ImgSz = (400, 666) };
        Assert.Equal(new FrameSize(666, 375), card.Letterbox(new(320, 180), stated).Resized);
        Assert.Equal(new FrameSize(375, 666), card.Letterbox(new(180, 320), stated).Resized);
        Assert.Equal(new FrameSize(100, 56), (card with { StatedImgSz = (100, 100) }).Letterbox(new(320, 180), new()).Resized);
        var refusal = Assert.Throws<ModelException>(() => card.Letterbox(new(640, 360), new() { Letterbox = LetterboxShape.Square }));
        Assert.Contains("leave letterbox out", refusal.Message, StringComparison.Ordinal);

        var single = Card([-1, 3, -1, -1]) with { Convention = new InputConvention { IsSinglePicture = true } };
        Assert.Equal(1, single.FixedBatch);
        Assert.Null(Card([-1, 3, -1, -1]).FixedBatch);
    }

    [Fact]
    public void Fixed_inputs_are_filled_as_their_convention_says()
    {
        var card = Card([1, 3, 550, 550]) with { Convention = new InputConvention { Fit = InputFit.Stretch } };
        var stretched = card.Letterbox(new(1920, 1080), new() { ImgSz = (550, 550) }); // a size that no stride divides is its own
        Assert.Equal((new FrameSize(550, 550), new FrameSize(550, 550)), (stretched.Resized, stretched.Input));
        Assert.Equal(550 / 1080.0, stretched.GainY);

        var corner = Card([3, 384, 640]) with { Convention = new InputConvention { Padding = PadSide.BottomRight } };
        var placed = corner.Letterbox(new(1920, 1080), new());
        Assert.Equal((0, 0, 24), (placed.PadLeft, placed.PadTop, placed.PadBottom));
    }

    [Fact]
    public void Inputs_that_are_no_picture_are_refused_with_what_they_are()
    {
        var refusal = Assert.Throws<ModelException>(() => Card([1, 640, 640, 3], "uint8").Input);

        Assert.Equal(ModelException.Input, refusal.Code);
        Assert.Contains("images uint8 [1, 640, 640, 3]", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_without_a_name_have_one() => Assert.Equal("class7", Card([1, 3, 64, 64]).ClassName(7));
}
