using System.Buffers;
using System.Collections;
using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Gpu;

/// <summary>
/// What came back from the device for a batch: its objects, and as the one tensor [cells] their mask logits. Owns the memory of both.
/// </summary>
internal sealed class SelectedOutputs : IReadOnlyList<OutputTensor>, IDisposable
{
    private readonly SelectedObject[] _objects;
    private readonly OutputTensor _logits;
    private float[]? _memory;

    /// <param name="logits">Copied.</param>
    /// <param name="prototypes">Size of the prototype maps that the logits were computed on.</param>
    public SelectedOutputs(IReadOnlyList<SelectedObject> objects, ReadOnlySpan<float> logits, FrameSize prototypes)
    {
        _objects = [.. objects];
        _memory = ArrayPool<float>.Shared.Rent(logits.Length);
        logits.CopyTo(_memory);
        _logits = new(_memory.AsMemory(0, logits.Length), [logits.Length]);
        Prototypes = prototypes;
    }

    public FrameSize Prototypes { get; }

    public int Count => 1;

    public OutputTensor this[int index] => index == 0 ? _logits : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The objects of one picture, best first.</summary>
    public IEnumerable<SelectedObject> Of(int picture) => _objects.Where(item => item.Picture == picture);

    /// <summary>Row-major on the window that its box asks for.</summary>
    public ReadOnlySpan<float> LogitsOf(in SelectedObject item) => _logits.Values.Span.Slice(item.FirstLogit, item.Logits);

    public IEnumerator<OutputTensor> GetEnumerator()
    {
        yield return _logits;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _memory, null) is { } memory)
        {
            ArrayPool<float>.Shared.Return(memory);
        }
    }
}
