using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Native;

namespace SegBatch.Appearance;

/// <summary>
/// Says of the objects of a frame what they look like: each box, stretched to the encoder's input, becomes a vector of unit length. Shared
/// by all videos; any number of threads may call it at once.
/// </summary>
public sealed class AppearanceModel : IDisposable
{
    /// <summary>Crops per run at most: bounds the memory of a run, 600 KB a crop at 224 × 224.</summary>
    private const int MostCrops = 16;

    private readonly OnnxEncoder _encoder;
    private readonly CropResizer _crops;
    private readonly int _cropsPerRun;
    private readonly Stack<NativeBuffer<float>> _free = [];
    private readonly Lock _gate = new();

    private AppearanceModel(OnnxEncoder encoder)
    {
        _encoder = encoder;
        _crops = new CropResizer(encoder.Input);
        _cropsPerRun = encoder.FixedBatch ?? MostCrops;
    }

    /// <summary>SHA-256 of the model's file in lower-case hex.</summary>
    public string Sha256 => _encoder.Card.File.Sha256;

    /// <param name="path">An encoder or classifier: pictures [batch, 3, height, width] in, R, G, B from 0 to 1; one vector each out.</param>
    /// <param name="device">auto, cpu, cuda, cuda:N, tensorrt or tensorrt:N.</param>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    public static AppearanceModel Open(string path, string device) => new(OnnxEncoder.Open(path, device));

    /// <summary>Looks at the objects of a frame, all of them in as few runs as can be.</summary>
    /// <param name="frame">Whose pixels they are in.</param>
    /// <param name="detections">Receives <see cref="DetectionList.Appearance"/>: rows of unit length, zeros for objects of lower score.</param>
    /// <param name="leastScore">Objects below are not looked at.</param>
    /// <exception cref="ModelException">A run failed.</exception>
    public void Describe(VideoFrame frame, DetectionList detections, float leastScore, CancellationToken cancellationToken)
    {
        var rows = detections.MakeAppearance(_encoder.Dimensions);
        var wanted = detections.Items.Count(item => item.Score >= leastScore);
        if (wanted == 0)
        {
            return;
        }

        var pictures = Rent();
        try
        {
            var next = 0;
            while (wanted > 0)
            {
                var first = next;
                var count = 0;
                for (; count < _cropsPerRun && next < detections.Items.Count; next++)
                {
                    if (detections.Items[next].Score >= leastScore)
                    {
                        _crops.Fill(frame, detections.Items[next].Box, pictures.GetSpan()[(count++ * _crops.Values)..]);
                    }
                }

                Run(pictures, count, rows, detections, first, leastScore, cancellationToken);
                wanted -= count;
            }
        }
        finally
        {
            Return(pictures);
        }
    }

    /// <summary>Call it after every call of <see cref="Describe"/> has ended.</summary>
    public void Dispose()
    {
        while (_free.TryPop(out var pictures))
        {
            pictures.Dispose();
        }

        _encoder.Dispose();
    }

    /// <summary>Runs on crops of the objects that count, from one on, and writes their rows.</summary>
    private void Run(
        NativeBuffer<float> pictures,
        int count,
        Span<float> rows,
        DetectionList detections,
        int first,
        float leastScore,
        CancellationToken cancellationToken
    )
    {
        var (length, fed) = (_encoder.Dimensions, _encoder.FixedBatch ?? count);
        pictures.GetSpan()[(count * _crops.Values)..(fed * _crops.Values)].Clear();
        var vectors = new float[count * length];
        _encoder.Run(pictures.Memory[..(fed * _crops.Values)], vectors, cancellationToken);
        for (var (index, done) = (first, 0); done < count; index++)
        {
            if (detections.Items[index].Score >= leastScore)
            {
                var row = rows.Slice(index * length, length);
                vectors.AsSpan(done++ * length, length).CopyTo(row);
                UnitVector.Normalize(row);
            }
        }
    }

    private NativeBuffer<float> Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var pictures))
            {
                return pictures;
            }
        }

        return new NativeBuffer<float>(_cropsPerRun * _crops.Values);
    }

    private void Return(NativeBuffer<float> pictures)
    {
        lock (_gate)
        {
            _free.Push(pictures);
        }
    }
}
