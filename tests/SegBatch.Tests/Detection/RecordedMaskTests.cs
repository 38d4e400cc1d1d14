using System.Text.Json;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Reference masks, native and at input size, against recordings: every pixel but those whose logit is within 1e-4 of 0.</summary>
public sealed class RecordedMaskTests
{
    [Fact]
    public void Small_recorded_masks_are_reproduced()
    {
        using var cases = RecordedData.Json("masks.json");
        CheckAll(cases, name => Path.Combine(AppContext.BaseDirectory, "Data", name), expectedMasks: 24);
    }

    [Fact]
    public void Every_recorded_mask_is_reproduced()
    {
        using var cases = SharedData.Json("reference/oracle/08_masks/cases.json.gz");
        CheckAll(cases, name => SharedData.Path("reference/oracle/08_masks/" + name), expectedMasks: 213);
    }

    private static void CheckAll(JsonDocument document, Func<string, string> pathOf, int expectedMasks)
    {
        var masks = 0;
        foreach (var test in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var prototypes = NpyFile.Read(pathOf(test.GetProperty("proto").GetString()!));
            var input = new FrameSize(test.GetProperty("input_w").GetInt32(), test.GetProperty("input_h").GetInt32());
            var source = new FrameSize(test.GetProperty("src_w").GetInt32(), test.GetProperty("src_h").GetInt32());
            var native = LetterboxTransform.Square(source, input);
            Assert.Equal(test.GetProperty("letterbox_left").GetInt32(), native.PadLeft);
            Check(test, prototypes, native, "boxes_src", "native");
            Check(test, prototypes, LetterboxTransform.Square(input, input), "boxes_input", "input");
            masks += test.GetProperty("coeffs").GetArrayLength();
        }

        Assert.Equal(expectedMasks, masks);
    }

    private static void Check(
        JsonElement test,
        (float[] Values, int[] Shape) prototypes,
        LetterboxTransform letterbox,
        string boxes,
        string kind
    )
    {
        var size = new FrameSize(prototypes.Shape[2], prototypes.Shape[1]);
        var producer = new PrototypeMasks(MaskMode.Reference);
        using var runs = new RunBuffer();
        for (var i = 0; i < test.GetProperty("coeffs").GetArrayLength(); i++)
        {
            var box = Floats(test.GetProperty(boxes)[i]);
            var any = producer.TryAppend(
                Floats(test.GetProperty("coeffs")[i]),
                prototypes.Values,
                size,
                letterbox,
                new Box(box[0], box[1], box[2], box[3]),
                runs,
                out var mask
            );
            var expected = CocoRle.Decode(test.GetProperty($"mask_{kind}_rle")[i].GetString());
            int[] counts = any ? mask.Counts.ToArray() : [checked((int)letterbox.Source.Area)];
            var differing = Runs.DifferingPixels(expected, counts);
            var ambiguous = test.GetProperty($"ambiguous_{kind}")[i].GetInt32();
            Assert.True(
                differing <= ambiguous,
                $"case {test.GetProperty("i").GetInt32()} {kind} mask {i}: {differing} pixels differ, {ambiguous} are ambiguous"
            );
        }
    }

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
