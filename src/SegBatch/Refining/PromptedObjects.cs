using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Refining;

/// <summary>
/// Objects that are prompted at the same place in every frame. As a head it stands behind the image encoder itself, for jobs without a
/// detector.
/// </summary>
/// <param name="model">Its decoder is asked.</param>
/// <param name="prompts">What for; an object's score is the decoder's own estimate of the mask's IoU.</param>
public sealed class PromptedObjects(PromptModel model, IReadOnlyList<FixedPrompt> prompts) : IDetectionHead
{
    /// <inheritdoc/>
    /// <exception cref="ModelException">A run failed, or a prompt lies outside the frame.</exception>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        using var decoder = model.Decoder.Open(outputs, batchIndex, letterbox);
        foreach (var prompt in prompts)
        {
            Append(decoder, prompt, letterbox.Source, detections);
        }
    }

    /// <summary>Adds a prompted object where the decoder sees one, behind everything that scores as much.</summary>
    internal static void Append(FrameDecoder decoder, in FixedPrompt prompt, FrameSize frame, DetectionList detections)
    {
        Check(prompt.Prompt, frame);
        if (!decoder.TryDecode(prompt.Prompt, detections.Runs, out var mask, out var quality))
        {
            return;
        }

        var score = Math.Clamp(quality, 0f, 1f);
        var items = detections.Items;
        var place = items.Count;
        while (place > 0 && items[place - 1].Score < score)
        {
            place--;
        }

        items.Insert(place, new DetectedObject(mask.Bounds, score, prompt.ClassId, mask));
    }

    private static void Check(in Prompt prompt, FrameSize frame)
    {
        var isPointOutside = prompt is { PointX: { } x, PointY: { } y } && (x < 0 || y < 0 || x > frame.Width || y > frame.Height);
        var isBoxOutside = prompt.Box is { } box && box.ClipTo(frame).Area <= 0;
        if (isPointOutside || isBoxOutside)
        {
            throw new ModelException(
                ModelException.Options,
                $"refine: a prompt ({(isPointOutside ? $"point {prompt.PointX}, {prompt.PointY}" : $"{prompt.Box}")}) lies outside the frame, "
                    + $"which is {frame} (width x height). Prompts are in pixels of the upright frame."
            );
        }
    }
}
