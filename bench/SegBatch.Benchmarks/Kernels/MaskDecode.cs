using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>
/// The mask of one object in a 1080p frame from 32 prototypes of 96x160, as run lengths. At this size the padding is a whole number of
/// cells, so both modes sample the map alike and one baseline serves both.
/// </summary>
[MemoryDiagnoser]
public class MaskDecode
{
    /// <summary>So close to 0 that single precision may see the other sign.</summary>
    private const double Tie = 1e-4;

    private static readonly FrameSize s_map = new(160, 96);

    private readonly float[] _prototypes = HeadOutputs.Prototypes(s_map);
    private readonly float[] _coefficients = [1, .. HeadOutputs.RandomCoefficients(new Random(11))[1..].Select(value => value * 0.03f)];
    private readonly RunBuffer _runs = new();
    private PrototypeMasks _masks = new(MaskMode.Exact);
    private Box _box;

    /// <summary>Width and height of the box in frame pixels.</summary>
    [Params("120x260", "300x500", "800x900")]
    public string Size { get; set; } = "300x500";

    [Params(MaskMode.Exact, MaskMode.Reference)]
    public MaskMode Mode { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var (width, height) = Size switch
        {
            "120x260" => (120, 260),
            "300x500" => (300, 500),
            _ => (800, 900),
        };
        _masks = new(Mode);
        _box = new Box(700.3f, 100.6f, 700.3f + width, 100.6f + height);
        FitFirstMap();
    }

    [Benchmark(Baseline = true)]
    public int Pixelwise()
    {
        var map = PixelwiseMask.Product(_coefficients, _prototypes, s_map);
        return PixelwiseMask.Runs(map, s_map, SyntheticFrame.Letterbox, _box).Count;
    }

    [Benchmark]
    public int RunLengths()
    {
        _runs.Clear();
        _masks.TryAppend(_coefficients, _prototypes, s_map, SyntheticFrame.Letterbox, _box, _runs, out var mask);
        return mask.Counts.Length;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        foreach (var mode in Enum.GetValues<MaskMode>())
        {
            foreach (var size in new[] { "120x260", "300x500", "800x900" })
            {
                var kernel = new MaskDecode { Mode = mode, Size = size };
                kernel.Setup();
                yield return new($"mask of {size} pixels, {mode}", kernel.Difference());
            }
        }
    }

    /// <summary>Makes the first map an ellipse that nearly fills the box; the other maps make its edge uneven.</summary>
    private void FitFirstMap()
    {
        var letterbox = SyntheticFrame.Letterbox;
        for (var cell = 0; cell < s_map.Area; cell++)
        {
            var x = ((cell % s_map.Width + 0.5) * letterbox.Input.Width / s_map.Width - letterbox.PadLeft) / letterbox.GainX;
            var y = ((cell / s_map.Width + 0.5) * letterbox.Input.Height / s_map.Height - letterbox.PadTop) / letterbox.GainY;
            var (u, v) = ((x - _box.CenterX) / (0.48 * _box.Width), (y - _box.CenterY) / (0.48 * _box.Height));
            _prototypes[cell] = (float)(1 - u * u - v * v);
        }
    }

    private string? Difference()
    {
        var letterbox = SyntheticFrame.Letterbox;
        var map = PixelwiseMask.Product(_coefficients, _prototypes, s_map);
        var expected = Bitmap(PixelwiseMask.Runs(map, s_map, letterbox, _box).ToArray());
        RunLengths();
        _runs.Clear();
        _masks.TryAppend(_coefficients, _prototypes, s_map, letterbox, _box, _runs, out var mask);
        var found = Bitmap(mask.Counts);
        var (set, different) = (0, 0);
        for (var i = 0; i < found.Length; i++)
        {
            var (x, y) = (i % letterbox.Source.Width, i / letterbox.Source.Width);
            set += expected[i];
            different += found[i] != expected[i] && Math.Abs(PixelwiseMask.Logit(map, s_map, letterbox, x, y)) > Tie ? 1 : 0;
        }

        return set == 0 ? "the mask is empty: nothing was compared"
            : different > 0 ? $"{different} of {set} pixels"
            : null;
    }

    private static byte[] Bitmap(ReadOnlyMemory<int> counts)
    {
        var bitmap = new byte[SyntheticFrame.Size.Area];
        new RleMask(SyntheticFrame.Size, counts).ToBitmap(bitmap);
        return bitmap;
    }
}
