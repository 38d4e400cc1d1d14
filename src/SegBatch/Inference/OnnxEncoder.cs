using Microsoft.ML.OnnxRuntime;
using SegBatch.Geometry;

namespace SegBatch.Inference;

/// <summary>
/// An ONNX network that turns each picture into one vector: an encoder of re-identification, or a classifier. Shared by all videos; any
/// number of threads may run it at once.
/// </summary>
public sealed class OnnxEncoder : IDisposable
{
    /// <summary>Pixels a side where the file leaves them open and its metadata says nothing: what classifiers are exported for.</summary>
    private const int UsualSide = 224;

    private readonly ShapeSession _session;

    private OnnxEncoder(ModelCard card, FrameSize input, ShapeSession session, ExecutionDevice device)
    {
        (Card, Input, _session, Device) = (card, input, session, device);
        Dimensions = session.Outputs[0].Shape.Skip(1).Aggregate(1, (product, size) => product * size);
    }

    public ModelCard Card { get; }

    /// <summary>Width and height of the pictures in pixels.</summary>
    public FrameSize Input { get; }

    /// <summary>Values of a vector.</summary>
    public int Dimensions { get; }

    public ExecutionDevice Device { get; }

    /// <summary>Pictures that every run must have; null where any number may be run.</summary>
    public int? FixedBatch => Card.FixedBatch;

    /// <summary>Reads the model and prepares it to run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">auto, cpu, cuda, cuda:N, tensorrt or tensorrt:N.</param>
    /// <exception cref="ModelException">The file is unusable, does not give one vector per picture, or the device does not run it.</exception>
    public static OnnxEncoder Open(string path, string device)
    {
        var card = ModelCard.Read(path);
        var shape = card.Input.Shape; // refuses what takes no pictures
        var (height, width) = card.Metadata.ContainsKey("imgsz") ? card.ImgSz : (UsualSide, UsualSide);
        var input = new FrameSize(shape[3] > 0 ? shape[3] : width, shape[2] > 0 ? shape[2] : height);
        var providers = ExecutionProviders.Choose(device);
        while (true)
        {
            var taken = providers.Taken;
            try
            {
                using var settings = SessionSettings.Create(taken, new InferenceOptions(), card.File.HasHalfWeights, engineCache: null);
                var session = new ShapeSession(card, new InputShape(card.FixedBatch ?? 0, input), settings);
                return GivesVectors(session.Outputs[0]) ? new OnnxEncoder(card, input, session, taken) : throw NoVectors(card, session);
            }
            catch (OnnxRuntimeException error)
            {
                var reason = OnnxRuntimeLog.Reason(error);
                if (!providers.StepDown(taken, reason))
                {
                    throw new ModelException(
                        ModelException.Refused,
                        $"Appearance model {path} cannot be prepared for {input} on {taken}: {reason}. Export it again, or leave with_reid out.",
                        error
                    );
                }
            }
        }
    }

    /// <summary>Runs on the calling thread.</summary>
    /// <param name="pictures">[pictures, 3, height, width], R, G, B from 0 to 1.</param>
    /// <param name="vectors">Receives the first rows, pictures × <see cref="Dimensions"/>; as many as it has room for.</param>
    /// <exception cref="ModelException">The run failed.</exception>
    public void Run(Memory<float> pictures, Span<float> vectors, CancellationToken cancellationToken)
    {
        try
        {
            var (outputs, memory) = _session.Run(pictures, cancellationToken);
            using (memory)
            {
                outputs[0].Values.Span[..vectors.Length].CopyTo(vectors);
            }
        }
        catch (OnnxRuntimeException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException(
                ModelException.Run,
                $"Appearance model {Card.File.Path} failed on {Device}: {OnnxRuntimeLog.Reason(error, lines: 4)}.",
                error
            );
        }
    }

    /// <summary>Call it after every run has ended.</summary>
    public void Dispose() => _session.Dispose();

    /// <summary>[batch, values], also with axes of length 1 behind.</summary>
    private static bool GivesVectors(ModelTensor output) =>
        output is { ElementType: "float32" or "float16", Shape: [_, > 0, .. var rest] } && rest.All(size => size == 1);

    private static ModelException NoVectors(ModelCard card, ShapeSession session)
    {
        var output = session.Outputs[0];
        session.Dispose();
        return new ModelException(
            ModelException.Options,
            $"Appearance model {card.File.Path} gives {output.Name} {output.ElementType} {output}, not one vector per picture [batch, values]. "
                + "Name an encoder of re-identification or a classifier."
        );
    }
}
