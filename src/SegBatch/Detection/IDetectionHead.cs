using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Turns the raw outputs of a network layout into detections. Stateless after construction; called from many threads at once.</summary>
public interface IDetectionHead
{
    /// <summary>Decodes one picture of a batch.</summary>
    /// <param name="outputs">The network's outputs, in the order of the model's <c>OutputNames</c>; axis 0 is the batch.</param>
    /// <param name="batchIndex">Which picture.</param>
    /// <param name="letterbox">How that picture lies in the input.</param>
    /// <param name="detections">Receives the objects; cleared first.</param>
    void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections);
}
