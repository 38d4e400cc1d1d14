using System.Text;
using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Masks;
using SegBatch.Output;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>A frame of ten objects to rows (text, area and centroid of each mask), and to Parquet files.</summary>
[MemoryDiagnoser]
public class TableRows
{
    private static readonly TableContext s_context = new()
    {
        Conf = 0.25f,
        ClassNames = ["person", "car", "dog"],
        VideoPath = "clip.mp4",
        ModelSha256 = "00",
        OptionsJson = "{}",
    };

    private readonly TrackedFrame _frame = Blobs.Frame(Blobs.Objects());
    private readonly RowMapper _mapper = new("clip", s_context);
    private DirectoryInfo? _folder;
    private TablesWriter? _writer;

    [GlobalSetup(Target = nameof(Write))]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("segbatch-bench-");
        _writer = new TablesWriter(_folder.FullName, "clip", s_context);
    }

    [GlobalCleanup(Target = nameof(Write))]
    public void Close()
    {
        _writer?.Dispose();
        _folder?.Delete(recursive: true);
    }

    [Benchmark(Baseline = true)]
    public int Plain() => _frame.Detections.Sum(found => Expected(found.Mask).Text.Length);

    [Benchmark]
    public int Map()
    {
        _mapper.Map(_frame);
        return _mapper.Instances.Length;
    }

    [Benchmark]
    public void Write()
    {
        _frame.Frame.Index++;
        _writer!.Write(_frame);
    }

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new TableRows();
        kernel.Map();
        (string, long, float, float)[] found =
        [
            .. kernel
                ._mapper.Instances.ToArray()
                .Select(row =>
                    (Encoding.ASCII.GetString(row.MaskRle.Span), row.MaskArea, (float)row.Centroid!.Value.X, (float)row.Centroid.Value.Y)
                ),
        ];
        (string, long, float, float)[] expected = [.. kernel._frame.Detections.Select(detection => Expected(detection.Mask))];
        return [Comparison.Of<(string, long, float, float)>($"{found.Length} rows of a frame", found, expected)];
    }

    /// <summary>By way of a bitmap.</summary>
    private static (string Text, long Area, float X, float Y) Expected(RleMask mask)
    {
        var bitmap = new byte[mask.Size.Area];
        mask.ToBitmap(bitmap);
        var (area, sumX, sumY) = (0L, 0.0, 0.0);
        for (var y = 0; y < mask.Size.Height; y++)
        {
            for (var x = 0; x < mask.Size.Width; x++)
            {
                if (bitmap[y * mask.Size.Width + x] != 0)
                {
                    (area, sumX, sumY) = (area + 1, sumX + x + 0.5, sumY + y + 0.5);
                }
            }
        }

        return (PlainRle.Encode(mask.Counts.ToArray()), area, (float)(sumX / area), (float)(sumY / area));
    }
}
