using System.Globalization;
using System.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace SegBatch.Inference;

/// <summary>Makes a <see cref="ModelCard"/> from a file's own words and the job's.</summary>
internal static class ModelCardReader
{
    private const int MaxClasses = 100_000;
    private const int MaxSide = 16_384;

    public static ModelCard Read(string path, ModelOverrides overrides)
    {
        var file = ModelFile.Check(path);
        OnnxRuntimeLog.Start();
        using var options = new SessionOptions
        {
            // Only looked at, never run: skip everything that costs time.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
        };
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        try
        {
            using var session = new InferenceSession(path, options);
            return Card(file, session, overrides);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                ModelException.Refused,
                $"Model {path} is refused by ONNX Runtime {OrtEnv.Instance().GetVersionString()}: {OnnxRuntimeLog.Reason(e)}. "
                    + "Export it again, with an opset this version knows.",
                e
            );
        }
    }

    private static ModelCard Card(ModelFile file, InferenceSession session, ModelOverrides overrides)
    {
        var metadata = session.ModelMetadata.CustomMetadataMap;
        var notes = new List<string>();
        var inputs = session.InputNames.Select(name => Tensor(name, session.InputMetadata[name])).ToArray();
        var fixedSize = inputs is [{ Shape: [_, _, > 0, > 0] or [3, > 0, > 0] } only]
            ? (only.Shape[^2], only.Shape[^1])
            : ((int, int)?)null;
        if (overrides.Stride is < 1 or > MaxSide)
        {
            throw Unreadable(file, "stride", overrides.Stride.ToString()!, "expected a positive number");
        }

        var statedSize = overrides.ImgSz ?? Stated(file, metadata, "imgsz", value => ((int, int)?)ImgSz(value));
        var (outputs, scales) = OutputOrigin.Of(
            file.Path,
            [.. session.OutputNames.Select(name => Tensor(name, session.OutputMetadata[name]))]
        );
        return new ModelCard
        {
            File = file,
            Inputs = inputs,
            Outputs = outputs,
            Scales = scales,
            Metadata = new SortedDictionary<string, string>(metadata, StringComparer.Ordinal),
            Names = overrides.Names ?? Stated(file, metadata, "names", Names) ?? [],
            Task = overrides.Task ?? metadata.GetValueOrDefault("task"),
            Stride = overrides.Stride ?? Stated(file, metadata, "stride", value => (int?)Side(value)) ?? 32,
            ImgSz = fixedSize ?? statedSize ?? (640, 640),
            StatedImgSz = statedSize,
            Overrides = overrides,
            EndToEnd = overrides.EndToEnd ?? Stated(file, metadata, "end2end", value => value as bool?),
            HasNms = HasNms(metadata, notes),
            Notes = notes,
        };
    }

    /// <summary>The parsed value of a key that results depend on: absent is fine, unreadable is not.</summary>
    private static T? Stated<T>(ModelFile file, Dictionary<string, string> metadata, string key, Func<object?, T?> read)
    {
        if (!metadata.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text))
        {
            return default;
        }

        try
        {
            return read(PythonLiteral.Parse(text));
        }
        catch (FormatException e)
        {
            throw Unreadable(file, key, text, e.Message);
        }
    }

    private static ModelException Unreadable(ModelFile file, string key, string text, string why) =>
        new(
            ModelException.Metadata,
            $"Model {file.Path} has unreadable metadata '{key}': {why}, in \"{(text.Length > 200 ? text[..200] + "…" : text)}\". "
                + $"State it in the job instead (model: {{path: …, {key}: …}})."
        );

    /// <summary>{0: 'person', 1: 'bicycle'} or ['person', 'bicycle']; ids without a name become "class7".</summary>
    private static string[] Names(object? value)
    {
        var items = value switch
        {
            PythonDict dict => dict.Items.Select(item => (Id: Id(item.Key), Name: Name(item.Value))).ToArray(),
            List<object?> list => list.Select((name, id) => (Id: id, Name: Name(name))).ToArray(),
            _ => throw new FormatException("expected a dict of names by class id, or a list"),
        };
        var names = Enumerable.Range(0, items.Length == 0 ? 0 : items.Max(item => item.Id) + 1).Select(id => $"class{id}").ToArray();
        foreach (var (id, name) in items)
        {
            names[id] = name;
        }

        return names;
    }

    private static int Id(object? key) =>
        key switch
        {
            long id and >= 0 and < MaxClasses => (int)id,
            string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < MaxClasses => id,
            _ => throw new FormatException($"class id {key ?? "None"} is not a number from 0 to {MaxClasses - 1}"),
        };

    private static string Name(object? name) =>
        name switch
        {
            string text => text,
            long or double or BigInteger or bool => Convert.ToString(name, CultureInfo.InvariantCulture)!,
            _ => throw new FormatException("a class name is not a string"),
        };

    private static (int Height, int Width) ImgSz(object? value) =>
        value switch
        {
            List<object?> and [var height, var width] => (Side(height), Side(width)),
            List<object?> and [var side] => (Side(side), Side(side)),
            _ => (Side(value), Side(value)),
        };

    private static int Side(object? value) =>
        value switch
        {
            long side and > 0 and <= MaxSide => (int)side,
            double side and > 0 and <= MaxSide when double.IsInteger(side) => (int)side,
            _ => throw new FormatException($"expected a whole number from 1 to {MaxSide}"),
        };

    private static bool HasNms(Dictionary<string, string> metadata, List<string> notes)
    {
        if (!metadata.TryGetValue("args", out var text))
        {
            return false;
        }

        try
        {
            return PythonLiteral.Parse(text) is PythonDict args && args.TryGet("nms", out var nms) && nms is true;
        }
        catch (FormatException e)
        {
            notes.Add($"metadata 'args' is unreadable ({e.Message}) and was left aside");
            return false;
        }
    }

    internal static ModelTensor Tensor(string name, NodeMetadata node) =>
        node.IsTensor
            ? new(name, ElementType(node), node.Dimensions, [.. node.SymbolicDimensions.Select(axis => axis ?? "")])
            : new(name, node.OnnxValueType.ToString(), [], []);

    private static string ElementType(NodeMetadata node) =>
        node.ElementDataType switch
        {
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float => "float32",
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double => "float64",
            var other => other.ToString().ToLowerInvariant(),
        };
}
