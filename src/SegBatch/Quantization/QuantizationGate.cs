using Microsoft.ML.OnnxRuntime;
using SegBatch.Detection;
using SegBatch.Evaluation;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;

namespace SegBatch.Quantization;

/// <summary>Compares what a candidate finds with what its original finds on the same frames, and measures both.</summary>
internal static class QuantizationGate
{
    /// <exception cref="ModelException">One of them cannot be run, or is of no known layout.</exception>
    public static QuantizationCheck Compare(
        ModelCard original,
        ModelCard candidate,
        IReadOnlyList<FrameSample> samples,
        DetectionOptions detection,
        IProgress<double>? progress,
        CancellationToken stopping
    )
    {
        var (recorded, found) = (new List<RecordedFrame>(), new Dictionary<long, IReadOnlyList<RunInstance>>());
        var (originalMs, candidateMs) = (new List<double>(), new List<double>());
        var (ours, theirs) = (HeadOf(original, detection), HeadOf(candidate, detection));
        foreach (var shape in samples.GroupBy(sample => sample.Letterbox.Input))
        {
            using var one = new Network(original, ours, shape.Key);
            using var other = new Network(candidate, theirs, shape.Key);
            one.Find(shape.First(), stopping);
            other.Find(shape.First(), stopping);
            foreach (var sample in shape)
            {
                stopping.ThrowIfCancellationRequested();
                // Alternating, and each first as often as second: other programs on the machine disturb both alike.
                var index = recorded.Count;
                var first = index % 2 == 0 ? one.Find(sample, stopping) : null;
                var second = other.Find(sample, stopping);
                var reference = first ?? one.Find(sample, stopping);
                originalMs.Add(reference.Milliseconds);
                candidateMs.Add(second.Milliseconds);
                recorded.Add(
                    new RecordedFrame(
                        index,
                        IsClipped: false,
                        [
                            .. reference.Objects.Select(item => new RecordedObject(
                                Corners(item.Box),
                                item.Score,
                                item.ClassId,
                                null,
                                item.Mask
                            )),
                        ]
                    )
                );
                found[index] = [.. second.Objects.Select(item => Instance(item, candidate))];
                progress?.Report(recorded.Count / (double)samples.Count);
            }
        }

        var recording = new Recording("predict", "", original.File.Path, 0, recorded);
        return new QuantizationCheck(
            Comparison.Of(recording, new RunInstances("", found), 0, commonFrames: false, Matching.Masks),
            [.. samples.Select(sample => sample.Letterbox.Input).Distinct()],
            Distribution.Of(originalMs).Median,
            Distribution.Of(candidateMs).Median
        );
    }

    /// <summary>The head that decodes a network's outputs.</summary>
    /// <exception cref="ModelException">The outputs are of no known layout.</exception>
    public static IDetectionHead HeadOf(ModelCard card, DetectionOptions options)
    {
        try
        {
            return DetectionHeads.Choose(card, options, out _);
        }
        catch (HeadLayoutException error)
        {
            throw new ModelException(ModelException.Quantization, $"Model {card.File.Path} cannot be compared: {error.Message}", error);
        }
    }

    private static RunInstance Instance(DetectedObject item, ModelCard card) =>
        new(
            item.ClassId,
            card.ClassName(item.ClassId),
            item.Score,
            Corners(item.Box),
            TrackId: null,
            TrackBox: null,
            CocoRle.ToString(item.Mask.Counts.Span),
            item.Mask.Size
        );

    private static BoxCorners Corners(Box box) => new(box.X1, box.Y1, box.X2, box.Y2);

    /// <param name="Objects">With masks of their own memory.</param>
    /// <param name="Milliseconds">CPU time of the run alone.</param>
    private sealed record Findings(List<DetectedObject> Objects, double Milliseconds);

    /// <summary>A network prepared for one input size.</summary>
    private sealed class Network : IDisposable
    {
        private readonly ModelCard _card;
        private readonly IDetectionHead _head;
        private readonly ShapeSession _session;
        private readonly float[] _tensor;

        public Network(ModelCard card, IDetectionHead head, FrameSize input)
        {
            var shape = new InputShape(card.FixedBatch ?? 1, input);
            (_card, _head) = (card, head);
            using var settings = SessionSettings.Create(
                new ExecutionDevice(ExecutionProvider.Cpu, 0),
                new InferenceOptions(),
                card.File.HasHalfWeights,
                engineCache: null
            );
            try
            {
                _session = new ShapeSession(card, shape, settings);
            }
            catch (OnnxRuntimeException error)
            {
                throw new ModelException(
                    ModelException.Refused,
                    $"Model {card.File.Path} cannot be prepared for input {shape}: {OnnxRuntimeLog.Reason(error)}.",
                    error
                );
            }

            _tensor = new float[shape.Batch * 3 * input.Area];
        }

        public Findings Find(FrameSample sample, CancellationToken stopping)
        {
            sample.CopyTo(_tensor);
            var before = Environment.CpuUsage.TotalTime;
            try
            {
                var (outputs, memory) = _session.Run(_tensor, stopping);
                using (memory)
                {
                    var spent = Environment.CpuUsage.TotalTime - before;
                    using var detections = new DetectionList();
                    _head.Decode(outputs, 0, sample.Letterbox, detections);
                    return new Findings(
                        [.. detections.Items.Select(item => item with { Mask = item.Mask.Copy() })],
                        spent.TotalMilliseconds
                    );
                }
            }
            catch (OnnxRuntimeException error)
            {
                stopping.ThrowIfCancellationRequested();
                throw new ModelException(
                    ModelException.Run,
                    $"Model {_card.File.Path} failed on frame {sample.Frame} of {sample.Source}: {OnnxRuntimeLog.Reason(error)}.",
                    error
                );
            }
        }

        public void Dispose() => _session.Dispose();
    }
}
