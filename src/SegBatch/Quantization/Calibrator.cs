using Microsoft.ML.OnnxRuntime;
using SegBatch.Inference;
using SegBatch.Onnx;

namespace SegBatch.Quantization;

/// <summary>Runs a network on pictures and watches the values of its inner tensors.</summary>
internal sealed class Calibrator(ModelCard card, QuantizationPlan plan)
{
    /// <summary>Inner tensors that are held at once; beyond that the network is run several times.</summary>
    private const long MostBytes = 512L << 20;

    private readonly string[] _observed = [.. plan.Observed];

    /// <param name="samples">Pictures; all their values are seen.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="stopping">Ends the work early.</param>
    /// <returns>The range of each observed tensor.</returns>
    /// <exception cref="ModelException">The network fails on a picture, or computes values that are not finite.</exception>
    public IReadOnlyDictionary<string, QuantizedRange> Run(
        IReadOnlyList<FrameSample> samples,
        IProgress<double>? progress,
        CancellationToken stopping
    )
    {
        var histograms = _observed.ToDictionary(name => name, _ => new ActivationHistogram());
        var done = 0;
        foreach (var shape in samples.GroupBy(sample => sample.Letterbox.Input))
        {
            var input = new InputShape(card.FixedBatch ?? 1, shape.Key);
            foreach (var part in Parts(input))
            {
                using var session = Open(input, part);
                foreach (var sample in shape)
                {
                    stopping.ThrowIfCancellationRequested();
                    Watch(session, input, sample, part, histograms);
                    progress?.Report(Math.Min(1, ++done / (double)samples.Count));
                }
            }
        }

        return histograms.ToDictionary(pair => pair.Key, pair => RangeChoice.LeastSquares(pair.Value, plan.FunctionBehind(pair.Key)));
    }

    private void Watch(
        InferenceSession session,
        InputShape input,
        FrameSample sample,
        string[] names,
        Dictionary<string, ActivationHistogram> histograms
    )
    {
        var tensor = new float[input.Batch * sample.Levels.Length];
        sample.CopyTo(tensor);
        try
        {
            using var value = OrtValue.CreateTensorValueFromMemory(tensor, Array.ConvertAll(input.Dimensions, side => (long)side));
            using var run = new RunOptions();
            using var outputs = session.Run(run, [plan.Input], [value], names);
            for (var i = 0; i < names.Length; i++)
            {
                var values = outputs[i].GetTensorDataAsSpan<float>();
                histograms[names[i]].Add(values[..(values.Length / input.Batch)]);
            }
        }
        catch (Exception error) when (error is OnnxRuntimeException or ArgumentException)
        {
            throw new ModelException(
                ModelException.Run,
                $"Model {card.File.Path} failed on frame {sample.Frame} of {sample.Source} while its values were looked at: {error.Message}",
                error
            );
        }
    }

    /// <summary>The observed tensors in groups that fit into memory at this input size.</summary>
    private List<string[]> Parts(InputShape input)
    {
        using var session = Open(input, _observed);
        var parts = new List<string[]>();
        var (part, bytes) = (new List<string>(), 0L);
        foreach (var name in _observed)
        {
            var size = 4 * session.OutputMetadata[name].Dimensions.Aggregate(1L, (product, side) => product * Math.Max(1, side));
            if (part.Count > 0 && bytes + size > MostBytes)
            {
                parts.Add([.. part]);
                (part, bytes) = ([], 0);
            }

            part.Add(name);
            bytes += size;
        }

        parts.Add([.. part]);
        return parts;
    }

    private InferenceSession Open(InputShape input, string[] names)
    {
        var graph = QuantizableModel.Read(card);
        graph.ClearOutputs();
        foreach (var name in names)
        {
            graph.OutputOfAnyShape(name);
        }

        graph.RemoveUnused();
        using var options = SessionSettings.Create(
            new ExecutionDevice(ExecutionProvider.Cpu, 0),
            new InferenceOptions(),
            isHalf: false,
            null
        );
        options.IntraOpNumThreads = Environment.ProcessorCount;
        input.Prepare(options, card);
        try
        {
            return new InferenceSession(graph.ToBytes(), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException(
                ModelException.Quantization,
                $"The inner tensors of {card.File.Path} cannot be looked at: {OnnxRuntimeLog.Reason(error)}.",
                error
            );
        }
    }
}
