using SegBatch.Geometry;
using SegBatch.Refining;
using Xunit;

namespace SegBatch.Tests.Refining;

public class PromptTests
{
    [Fact]
    public void Prompts_are_written_in_pixels_of_the_input_with_the_labels_of_segment_anything()
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(640, 360), new FrameSize(1024, 1024)).AtTopLeft();
        Assert.Equal([16, 32, 160, 320, 2, 3], Written(Prompt.Around(new Box(10, 20, 100, 200)), letterbox));
        Assert.Equal([16, 32, 0, 0, 1, -1], Written(Prompt.At(10, 20), letterbox));
        Assert.Equal([80, 80, 16, 32, 160, 320, 1, 2, 3], Written(new Prompt(50, 50, new Box(10, 20, 100, 200)), letterbox));
    }

    /// <summary>Points, then labels.</summary>
    private static float[] Written(Prompt prompt, LetterboxTransform letterbox)
    {
        var (points, labels) = (new float[2 * prompt.Points], new float[prompt.Points]);
        prompt.Write(letterbox, points, labels);
        return [.. points, .. labels];
    }
}
