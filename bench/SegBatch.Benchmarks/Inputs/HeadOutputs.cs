using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Benchmarks.Inputs;

/// <summary>
/// Outputs of a network of 80 classes and 32 prototypes at 640x640: predictions [1, 116, 8400], prototypes [1, 32, 160, 160]. Made up
/// (30 objects, each claimed by the anchors near its middle), or recorded from a real frame where the shared recordings are there.
/// </summary>
internal sealed record HeadOutputs(OutputTensor[] Tensors, LetterboxTransform Letterbox)
{
    public const int Classes = 80;
    public const int Coefficients = 32;
    public const int Anchors = 8400;
    public const string Synthetic = "synthetic";
    public const string Recorded = "recorded";

    private const int Objects = 30;
    private const string Recording = "reference/frames/raw/yolov8n-seg-640.000100.";
    private static readonly FrameSize s_input = new(640, 640);
    private static readonly FrameSize s_map = new(160, 160);

    /// <summary>What <see cref="Load"/> can give here.</summary>
    public static IEnumerable<string> Sources => FindRecording() is null ? [Synthetic] : [Synthetic, Recorded];

    public static HeadOutputs Load(string source) => source == Synthetic ? MakeUp() : Read();

    /// <summary>Smooth maps: three waves each, whose sums make blobs.</summary>
    public static float[] Prototypes(FrameSize size)
    {
        var random = new Random(5);
        var maps = new float[Coefficients * size.Area];
        for (var map = 0; map < Coefficients; map++)
        {
            var (a, b, c) = (random.NextDouble() * 0.15, random.NextDouble() * 0.15, random.NextDouble() * 0.1);
            for (var cell = 0; cell < size.Area; cell++)
            {
                var (x, y) = (cell % size.Width, cell / size.Width);
                maps[map * size.Area + cell] = (float)(Math.Sin(a * x + map) + Math.Cos(b * y - map) + Math.Sin(c * (x + y)));
            }
        }

        return maps;
    }

    /// <summary>Mask coefficients of one object.</summary>
    public static float[] RandomCoefficients(Random random) =>
        [.. Enumerable.Range(0, Coefficients).Select(_ => (float)(random.NextDouble() * 2 - 1))];

    private static HeadOutputs MakeUp()
    {
        var random = new Random(3);
        var values = new float[(4 + Classes + Coefficients) * Anchors];
        for (var i = 4 * Anchors; i < (4 + Classes) * Anchors; i++)
        {
            values[i] = (float)(random.NextDouble() * 0.02);
        }

        for (var i = 0; i < Objects; i++)
        {
            var (width, height) = (random.Next(20, 120), random.Next(40, 200));
            var (x, y) = (random.Next(width / 2, 640 - width / 2), random.Next(140 + height / 2, 500 - height / 2));
            var (classId, coefficients) = (random.Next(4), RandomCoefficients(random));
            foreach (
                var (anchor, centerX, centerY) in Grid(
                    height < 80 ? 8
                    : height < 140 ? 16
                    : 32
                )
            )
            {
                if (Math.Abs(centerX - x) < 0.3 * width && Math.Abs(centerY - y) < 0.2 * height)
                {
                    float Jitter() => (float)(random.NextDouble() * 4 - 2);
                    float[] box = [x + Jitter(), y + Jitter(), width + Jitter(), height + Jitter()];
                    Put(values, anchor, 0, box);
                    Put(values, anchor, 4 + classId, [(float)(0.3 + 0.65 * random.NextDouble())]);
                    Put(values, anchor, 4 + Classes, coefficients);
                }
            }
        }

        return new(
            [new(values, [1, 4 + Classes + Coefficients, Anchors]), new(Prototypes(s_map), [1, Coefficients, s_map.Height, s_map.Width])],
            LetterboxTransform.Square(SyntheticFrame.Size, s_input)
        );
    }

    /// <summary>Anchors of one stride in the order of the output, with their centres in input pixels.</summary>
    private static IEnumerable<(int Anchor, double X, double Y)> Grid(int stride)
    {
        var first = stride switch
        {
            8 => 0,
            16 => 6400,
            _ => 8000,
        };
        var side = 640 / stride;
        return Enumerable.Range(0, side * side).Select(i => (first + i, (i % side + 0.5) * stride, (i / side + 0.5) * stride));
    }

    private static void Put(float[] values, int anchor, int row, ReadOnlySpan<float> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            values[(row + i) * Anchors + anchor] = numbers[i];
        }
    }

    private static HeadOutputs Read()
    {
        var path = FindRecording() ?? throw new FileNotFoundException($"shared/{Recording}output0.npy is absent: set SEGBATCH_SHARED");
        return new(
            [ReadNpy(path + "output0.npy"), ReadNpy(path + "output1.npy")],
            LetterboxTransform.Square(new FrameSize(768, 576), s_input)
        );
    }

    /// <summary>float32 in C order, format 1.0 of numpy.lib.format: 10 bytes, a header of the length in the last two, the values.</summary>
    private static OutputTensor ReadNpy(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var headerLength = BitConverter.ToUInt16(bytes, 8);
        var header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        var shape = header.Split('(')[1].Split(')')[0].Split(',', StringSplitOptions.RemoveEmptyEntries);
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + headerLength)).ToArray();
        return new(values, [.. shape.Select(side => int.Parse(side, CultureInfo.InvariantCulture))]);
    }

    private static string? FindRecording()
    {
        var roots = new List<string>();
        if (Environment.GetEnvironmentVariable("SEGBATCH_SHARED") is { Length: > 0 } named)
        {
            roots.Add(named);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            roots.Add(Path.Combine(folder.FullName, "shared"));
        }

        return roots.Select(root => Path.Combine(root, Recording)).FirstOrDefault(path => File.Exists(path + "output0.npy"));
    }
}
