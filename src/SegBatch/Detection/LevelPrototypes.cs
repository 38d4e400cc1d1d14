using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>
/// Head of anchor-free networks whose graph was trimmed (<see cref="TrimmedHead"/>): the class logits of all anchors are scanned, and only
/// what passes gets a score, a box and coefficients. Finds what <see cref="AnchorFreePrototypes"/> finds in the untrimmed outputs, in
/// the same order.
/// </summary>
public sealed class LevelPrototypes : IDetectionHead
{
    private readonly TrimmedHead _head;
    private readonly AnchorObjects _objects;
    private readonly float _conf;

    internal LevelPrototypes(TrimmedHead head, DetectionOptions options)
    {
        _head = head;
        _conf = options.Conf;
        _objects = new AnchorObjects(options, head.Classes, head.Coefficients);
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var prototypes = PrototypeTensor.Of(outputs[_head.Prototypes], _head.Coefficients, batchIndex);
        var candidates = AnchorObjects.NoCandidates();
        var first = 0;
        for (var i = 0; i < _head.Levels.Count; i++)
        {
            var level = _head.Levels[i];
            var cells = Cells(outputs, level.Scores, _head.Classes, level.Stride, letterbox.Input);
            _ = Cells(outputs, level.Box, 4 * _head.Bins, level.Stride, letterbox.Input);
            _ = Cells(outputs, level.Coefficients, _head.Coefficients, level.Stride, letterbox.Input);
            var logits = outputs[level.Scores.Output].Of(batchIndex)[(level.Scores.First * cells)..];
            CandidateScan.ByClass<Logit>(logits, _head.Classes, cells, _conf, _objects.Wanted, candidates, first);
            first += cells;
        }

        _objects.Collect(candidates, new LevelAnchors(_head, outputs, batchIndex), prototypes, letterbox, detections);
    }

    /// <summary>The number of cells of a level: the input divided by the stride, or the outputs are not those of this head.</summary>
    private static int Cells(IReadOnlyList<OutputTensor> outputs, LevelChannels part, int channels, int stride, FrameSize input)
    {
        var shape = outputs[part.Output].Shape;
        if (
            shape is [_, var all, var height, var width]
            && all >= part.First + channels
            && height * stride == input.Height
            && width * stride == input.Width
        )
        {
            return height * width;
        }

        throw new HeadLayoutException(
            $"expected [batch, {part.First + channels}, {input.Height / stride}, {input.Width / stride}] of stride {stride} for input {input}, "
                + $"got output {part.Output} [{string.Join(", ", shape)}]: the model's outputs changed"
        );
    }
}
