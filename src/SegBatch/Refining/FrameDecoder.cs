using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;

namespace SegBatch.Refining;

/// <summary>What the encoder says of one frame, to be asked for the masks of any number of objects. For one thread at a time.</summary>
internal sealed class FrameDecoder : IDisposable
{
    private readonly MaskDecoder _decoder;
    private readonly LetterboxTransform _letterbox;
    private readonly List<OrtValue> _embeddings = [];
    private readonly List<OrtValue> _rest = [];
    private readonly RunOptions _options = new();

    internal FrameDecoder(MaskDecoder decoder, IReadOnlyList<OutputTensor> embeddings, int batchIndex, in LetterboxTransform letterbox)
    {
        (_decoder, _letterbox) = (decoder, letterbox);
        try
        {
            for (var i = 0; i < embeddings.Count; i++)
            {
                if (decoder.Layout.Embeddings[i] is not null)
                {
                    _embeddings.Add(Copy(embeddings[i].Of(batchIndex), [1, .. embeddings[i].Shape.Skip(1).Select(side => (long)side)]));
                }
            }

            AddRest(decoder.Layout);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Appends the best mask of one object; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="quality">The decoder's own estimate of the mask's IoU.</param>
    /// <exception cref="ModelException">The run failed.</exception>
    public bool TryDecode(in Prompt prompt, RunBuffer runs, out RleMask mask, out float quality)
    {
        Span<float> points = stackalloc float[2 * prompt.Points];
        Span<float> labels = stackalloc float[prompt.Points];
        prompt.Write(_letterbox, points, labels);
        using var pointValues = Copy<float>(points, [1, prompt.Points, 2]);
        using var labelValues = Copy<float>(labels, [1, prompt.Points]);
        try
        {
            using var outputs = _decoder.Session.Run(
                _options,
                _decoder.InputNames,
                [.. _embeddings, pointValues, labelValues, .. _rest],
                _decoder.OutputNames
            );
            return TryBest(outputs[0], outputs[1], runs, out mask, out quality);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException(
                ModelException.Run,
                $"Prompt decoder {_decoder.Card.File.Path} failed: {OnnxRuntimeLog.Reason(error, lines: 4)}.",
                error
            );
        }
    }

    public void Dispose()
    {
        foreach (var value in _embeddings.Concat(_rest))
        {
            value.Dispose();
        }

        _options.Dispose();
    }

    private void AddRest(DecoderLayout layout)
    {
        if (layout.MaskInput is { } mask)
        {
            long[] shape = [.. mask.Shape.Select(side => side > 0 ? side : 1L)];
            _rest.Add(Copy<float>(new float[shape.Aggregate(1L, (product, side) => product * side)], shape));
        }

        if (layout.HasMaskInput is not null)
        {
            _rest.Add(Copy<float>([0f], [1]));
        }

        if (layout.OriginalSize is { } size)
        {
            var (height, width) = (_letterbox.Source.Height, _letterbox.Source.Width);
            _rest.Add(
                size.ElementType switch
                {
                    "int64" => Copy<long>([height, width], [2]),
                    "int32" => Copy<int>([height, width], [2]),
                    _ => Copy<float>([height, width], [2]),
                }
            );
        }
    }

    /// <summary>The mask with the largest quality; the first of equal ones. None where the network overflowed.</summary>
    private bool TryBest(OrtValue qualities, OrtValue masks, RunBuffer runs, out RleMask mask, out float quality)
    {
        var numbers = qualities.GetTensorDataAsSpan<float>();
        var info = masks.GetTensorTypeAndShape();
        if (
            info.ElementDataType != TensorElementType.Float
            || info.Shape is not [1, var count, var height, var width]
            || numbers.Length != count
        )
        {
            throw new ModelException(
                ModelException.Pair,
                $"Prompt decoder {_decoder.Card.File.Path} gave {_decoder.Layout.Masks} [{string.Join(", ", info.Shape)}] of "
                    + $"{info.ElementDataType} and {numbers.Length} {_decoder.Layout.Quality}; expected [1, masks, height, width] of float32 "
                    + "and as many numbers."
            );
        }

        var best = Best(numbers);
        if (best < 0)
        {
            (mask, quality) = (default, 0);
            return false;
        }

        quality = numbers[best];
        var size = new FrameSize(checked((int)width), checked((int)height));
        var points = checked((int)size.Area);
        var logits = masks.GetTensorDataAsSpan<float>().Slice(best * points, points);
        var frame = _letterbox.Source;
        var covered = _decoder.Layout.IsLowResolution ? _letterbox : new LetterboxTransform(frame, frame, frame, 0, 0);
        return _decoder.Masks.TryAppend(logits, size, covered, runs, out mask);
    }

    /// <summary>The first of the largest numbers; -1 where none is a number.</summary>
    internal static int Best(ReadOnlySpan<float> numbers)
    {
        var (best, highest) = (-1, float.NegativeInfinity);
        for (var i = 0; i < numbers.Length; i++)
        {
            (best, highest) = numbers[i] > highest ? (i, numbers[i]) : (best, highest);
        }

        return best;
    }

    private static OrtValue Copy<T>(ReadOnlySpan<T> values, long[] shape)
        where T : unmanaged
    {
        var type =
            typeof(T) == typeof(float) ? TensorElementType.Float
            : typeof(T) == typeof(long) ? TensorElementType.Int64
            : TensorElementType.Int32;
        var tensor = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
        values.CopyTo(tensor.GetTensorMutableDataAsSpan<T>());
        return tensor;
    }
}
