using Microsoft.ML.OnnxRuntime;
using SegBatch.Onnx;

namespace SegBatch.Inference;

/// <summary>
/// Proves that the part of a graph that is to be removed computes what <see cref="TrimmedHead"/> says: runs it alone on made-up maps
/// and compares every value it gives with the formulas in double precision. Also finds the strides of the levels that way.
/// </summary>
internal static class HeadProbe
{
    /// <summary>Maps hold values of ± this much: scores from almost 0 to almost 1, distributions from flat to one bin.</summary>
    private const float Range = 8;

    private const double BoxTolerance = 2e-3; // input pixels; single precision of the arithmetic in boxes of some hundred pixels
    private const double ScoreTolerance = 1e-6;

    /// <summary>Finest strides to try: that of all known networks first.</summary>
    private static readonly int[] s_finest = [8, 4, 16, 2, 32];

    /// <summary>The strides of the levels; each is twice the one before.</summary>
    /// <param name="graph">Edited: only the part to be removed is left of it.</param>
    /// <param name="bytes">Gives the file of the edited graph.</param>
    /// <param name="maps">The values where the graph is to end.</param>
    /// <exception cref="HeadTrimException">No strides make the formulas agree with the graph.</exception>
    public static int[] Strides(
        GraphBuilder graph,
        Func<byte[]> bytes,
        ModelCard card,
        string predictions,
        HeadParts parts,
        IReadOnlyList<(string Name, int Channels)> maps
    )
    {
        graph.ClearOutputs();
        graph.Output(predictions, TensorProto.Types.DataType.Float, -1, -1, -1);
        foreach (var (name, channels) in maps)
        {
            graph.Cut(name);
            graph.Input(name, TensorProto.Types.DataType.Float, -1, channels, -1, -1);
        }

        graph.DropWeightsBehindShapes(predictions);
        graph.RemoveUnused();
        graph.RemoveUnusedInputs();
        using var options = new SessionOptions { IntraOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        options.EnableMemoryPattern = false;
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL; // strides that do not fit fail inside the run
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        using var session = new InferenceSession(bytes(), options);
        string? why = null;
        foreach (var finest in s_finest)
        {
            int[] strides = [.. Enumerable.Range(0, parts.Box.Count).Select(level => finest << level)];
            if (Disagreement(session, card, parts, strides, maps) is not { } here)
            {
                return strides;
            }

            why ??= here; // the usual strides are the first to be tried: what they say is the most telling
        }

        throw new HeadTrimException($"its boxes and scores are not those of a known formula ({why})");
    }

    /// <summary>Null where formulas and graph agree.</summary>
    private static string? Disagreement(
        InferenceSession session,
        ModelCard card,
        HeadParts parts,
        int[] strides,
        IReadOnlyList<(string Name, int Channels)> maps
    )
    {
        var batch = card.FixedBatch ?? 2;
        var height = card.Input.Shape[2] > 0 ? card.Input.Shape[2] : 2 * Math.Max(strides[^1], card.Stride);
        var width = card.Input.Shape[3] > 0 ? card.Input.Shape[3] : 3 * Math.Max(strides[^1], card.Stride);
        if (height % strides[^1] != 0 || width % strides[^1] != 0)
        {
            return $"{width}x{height} is no multiple of {strides[^1]}";
        }

        var values = new Dictionary<string, float[]>();
        var inputs = new Dictionary<string, OrtValue>();
        try
        {
            var random = new Random(1);
            foreach (var (name, channels) in maps)
            {
                var level = LevelOf(parts, name);
                var map = values[name] = new float[batch * channels * (height / strides[level]) * (width / strides[level])];
                foreach (ref var value in map.AsSpan())
                {
                    value = (random.NextSingle() - 0.5f) * 2 * Range;
                }

                inputs[name] = OrtValue.CreateTensorValueFromMemory(
                    map,
                    [batch, channels, height / strides[level], width / strides[level]]
                );
            }

            if (session.InputNames.Contains(card.Input.Name)) // what reads it are shapes
            {
                inputs[card.Input.Name] = OrtValue.CreateTensorValueFromMemory(
                    new float[batch * 3 * height * width],
                    [batch, 3, height, width]
                );
            }

            using var runOptions = new RunOptions();
            using var outputs = session.Run(runOptions, inputs.Keys, inputs.Values, session.OutputNames);
            var computed = new HeadFormulas(parts, strides, maps.ToDictionary(map => map.Name, map => map.Channels), values, width, height);
            return computed.Compare(outputs[0], batch, BoxTolerance, ScoreTolerance);
        }
        catch (OnnxRuntimeException error)
        {
            return OnnxRuntimeLog.Reason(error);
        }
        finally
        {
            foreach (var input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    private static int LevelOf(HeadParts parts, string map) =>
        Enumerable
            .Range(0, parts.Box.Count)
            .First(level => parts.Box[level].Map == map || parts.Scores[level].Map == map || parts.Coefficients[level].Map == map);
}
