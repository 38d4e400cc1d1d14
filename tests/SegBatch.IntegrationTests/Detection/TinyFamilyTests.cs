using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using Xunit;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>
/// Every layout through the whole pipeline, without any file beside the repository: networks that find something only in the input that
/// their family wants. Means, deviations and places are written here once more, from the families' own configurations.
/// </summary>
[Collection("native memory")]
public sealed class TinyFamilyTests : IDisposable
{
    private const byte Red = 200;
    private const byte Green = 100;
    private const byte Blue = 40;

    private static readonly float[] s_frameBox = [16, 12, 48, 36];

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-families-").FullName;

    public TinyFamilyTests()
    {
        Directory.CreateDirectory(Pictures);
        PlainPicture.Write(Path.Combine(Pictures, "1.bmp"), Red, Green, Blue);
        PlainPicture.Write(Path.Combine(Pictures, "2.bmp"), Blue, Green, Red); // what a network sees whose colours are swapped
    }

    private string Pictures => Path.Combine(_folder, "pictures");

    public static TheoryData<string> Layouts() => [.. TinyFamily.Layouts];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Every_layout_is_recognised_fed_and_read(string layout)
    {
        var path = Path.Combine(_folder, "model.onnx");
        Family(layout).Write(layout, path);
        Assert.InRange(new FileInfo(path).Length, 1, 150_000);
        var card = ModelLayouts.Read(path);
        Assert.Equal(layout.Split(' ')[0], ModelLayouts.Recognise(card).Name);

        var found = await FamilyRun.Of(card, Pictures, TestContext.Current.CancellationToken);
        var item = Assert.Single(found[0]);
        var score = layout.StartsWith("semantic", StringComparison.Ordinal) ? 1 : 0.9f; // classes of pixels have none
        Assert.Equal((1, score), (item.ClassId, MathF.Round(item.Score, 5)));
        var isWhole = layout is "query" or "mask-queries"; // their masks are not cut to the box; the latter has no other box than its mask's
        var box = layout == "mask-queries" ? new Box(0, 0, 64, 48) : new Box(16, 12, 48, 36);
        Assert.InRange(Box.IoU(box, item.Box), 0.999f, 1f);
        Assert.Equal(new FrameSize(64, 48), item.Mask.Size);
        Assert.Equal(isWhole ? 64 * 48 : 32 * 24, item.Mask.Area);
        Assert.Empty(found[1]);
    }

    [Fact]
    public async Task What_a_job_states_changes_what_is_fed()
    {
        var path = Path.Combine(_folder, "model.onnx");
        Family("mmdeploy").Write("mmdeploy", path);
        var swapped = ModelLayouts.Read(path, new ModelOverrides { Channels = ChannelOrder.Rgb, Labels = LabelNumbers.FromOne });
        var found = await FamilyRun.Of(swapped, Pictures, TestContext.Current.CancellationToken);
        Assert.Empty(found[0]);
        Assert.Equal(0, Assert.Single(found[1]).ClassId); // its label 1 is now the first class
    }

    private static TinyFamily Family(string layout)
    {
        float[] rgb = [Red, Green, Blue];
        float[] bgr = [Blue, Green, Red];
        return layout switch
        {
            "anchor-free" or "end-to-end" or "yolov5" => Padded(Normal(rgb, [0, 0, 0], [255, 255, 255]), 8, _ => 114 / 255f),
            "mmdeploy" => Padded(
                Normal(bgr, [103.53f, 116.28f, 123.675f], [57.375f, 57.12f, 58.395f]),
                0,
                channel => (114 - new[] { 103.53f, 116.28f, 123.675f }[channel]) / new[] { 57.375f, 57.12f, 58.395f }[channel]
            ),
            "yolact" => new TinyFamily(Normal(rgb, [123.68f, 116.78f, 103.94f], [58.4f, 57.12f, 57.38f]), 1, 3, 55, 55)
            {
                Box = [.. s_frameBox.Select((value, i) => value * 55 / (i % 2 == 0 ? 64 : 48))],
            },
            "query" or "mask-queries" => new TinyFamily(Normal(rgb, [123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f]), 1, 3, 60, 60)
            {
                Box = [.. s_frameBox.Select((value, i) => value * 60 / (i % 2 == 0 ? 64 : 48))],
            },
            "semantic" or "semantic map" => new TinyFamily(
                Normal(rgb, [123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f]),
                1,
                3,
                48,
                64
            )
            {
                Box = s_frameBox,
            },
            // An export of fixed size: no padding either.
            "mask-rcnn-zoo" => new TinyFamily(Normal(bgr, [102.9801f, 115.9465f, 122.7717f], [1, 1, 1]), 3, 48, 64)
            {
                Box = s_frameBox,
                InputName = "image",
            },
            // As torchvision's own recipe writes it: one picture, every axis open.
            "mask-rcnn open" => new TinyFamily(Normal(rgb, [0, 0, 0], [255, 255, 255]), -1, -1, -1)
            {
                Box = s_frameBox,
                InputName = "images_tensors",
            },
            "detectron2" => new TinyFamily(bgr, 3, -1, -1) { Box = s_frameBox, InputName = "image" },
            _ => new TinyFamily(Normal(rgb, [0, 0, 0], [255, 255, 255]), 1, 3, -1, -1) { Box = s_frameBox, InputName = "image" },
        };
    }

    /// <summary>A network of 64x64 that knows where the 48 rows of the picture lie, and what is around them.</summary>
    private static TinyFamily Padded(float[] values, int top, Func<int, float> paddingOf)
    {
        var expected = new float[3 * 64 * 64];
        for (var i = 0; i < expected.Length; i++)
        {
            var (channel, row) = (i / 4096, i / 64 % 64);
            expected[i] = row >= top && row < top + 48 ? values[channel] : paddingOf(channel);
        }

        return new TinyFamily(expected, 1, 3, 64, 64) { Box = [16, 12 + top, 48, 36 + top] };
    }

    private static float[] Normal(float[] levels, float[] mean, float[] deviation) =>
        [.. levels.Select((level, i) => (level - mean[i]) / deviation[i])];
}
