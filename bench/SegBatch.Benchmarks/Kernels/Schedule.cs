using BenchmarkDotNet.Attributes;
using SegBatch.Pipeline;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>The graph of a video, annotated and with one frame a batch, whose stages do nothing; per frame.</summary>
[MemoryDiagnoser]
public class Schedule
{
    internal const int Frames = 2_000;
    private const int Workers = 2;
    private const int Room = 4; // as VideoPipeline has it
    private readonly List<int> _arrived = new(Frames);

    /// <summary>A loop that calls the same stages one after the other.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Frames)]
    public int Loop()
    {
        _arrived.Clear();
        for (var i = 0; i < Frames; i++)
        {
            var frame = Same(Same(new Frame(i)));
            foreach (var found in Split(frame))
            {
                _arrived.Add(Same(Same(found)).Index);
            }
        }

        return _arrived.Count;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public async Task<int> Graph()
    {
        _arrived.Clear();
        await RunAsync();
        return _arrived.Count;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new Schedule();
        kernel.Loop();
        int[] expected = [.. kernel._arrived];
        kernel._arrived.Clear();
        kernel.RunAsync().GetAwaiter().GetResult();
        return [Comparison.Of<int>($"graph of {Frames} frames", kernel._arrived.ToArray(), expected)];
    }

    private async Task RunAsync()
    {
        using var slots = new SemaphoreSlim(Workers);
        using var graph = new DataflowGraph("clip.mp4", message => new FrameRange(((Frame)message).Index, ((Frame)message).Index), default);
        var decoded = graph.Source("decode", _ => Read());
        var letterboxed = graph.Stage("letterbox", decoded, Same);
        var inferred = graph.Stage("infer", letterboxed, Same, Workers, slots);
        var detected = graph.Expand("detect", inferred, Split, Workers, room: Workers);
        var tracked = graph.Stage("track", detected, Same, room: Room);
        var annotated = graph.Stage("annotate", tracked, Same, room: Room);
        graph.Sink("write", annotated, frame => _arrived.Add(frame.Index), Room);
        await graph.CompleteAsync();
    }

    private static async IAsyncEnumerable<Frame> Read()
    {
        await Task.CompletedTask;
        for (var i = 0; i < Frames; i++)
        {
            yield return new Frame(i);
        }
    }

    private static Frame Same(Frame frame) => frame;

    private static Frame[] Split(Frame frame) => [frame];

    private sealed class Frame(int index) : IDisposable
    {
        public int Index => index;

        public void Dispose() { }
    }
}
