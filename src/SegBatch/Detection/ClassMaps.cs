using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Head of semantic networks: every pixel has a class. Gives a mask for each class of the frame, and the connected regions of each class
/// as objects, largest first, with score 1 because a class map has none. Outputs: see <see cref="ClassMapLayout"/>.
/// </summary>
public sealed class ClassMaps : IDetectionHead
{
    [ThreadStatic]
    private static Scratch? t_scratch;

    private readonly SamplingTables _samplings = new(MaskMode.Exact);
    private readonly ClassMapLayout _layout;
    private readonly DetectionOptions _options;
    private readonly HashSet<int>? _wanted;
    private readonly ushort[] _labelOf;

    internal ClassMaps(ClassMapLayout layout, DetectionOptions options)
    {
        (_layout, _options, _wanted) = (layout, options, options.Classes?.ToHashSet());
        _labelOf = [.. Enumerable.Range(0, layout.Above is null ? layout.Channels ?? 0 : 2).Select(channel => Label(channel))];
    }

    /// <inheritdoc/>
    /// <exception cref="HeadLayoutException">The output has another shape than it had, or a class that nobody named.</exception>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var scratch = t_scratch ??= new Scratch();
        var output = outputs[_layout.Output];
        var shape = output.Shape;
        var size = shape.Length >= 2 ? new FrameSize(shape[^1], shape[^2]) : default;
        if (_layout.Channels is { } channels)
        {
            if (shape is not [_, var got, > 0, > 0] || got != channels)
            {
                throw new HeadLayoutException(
                    $"expected scores [batch, {channels}, height, width], got [{string.Join(", ", shape)}]: the model's outputs changed"
                );
            }

            var scores = _layout.Above is { } above ? scratch.Against(above, output.Of(batchIndex)) : output.Of(batchIndex);
            scratch.Sampler.Scores(scores, size, _samplings.For(letterbox, size), _labelOf, scratch.Runs);
        }
        else
        {
            var numbers = output.Of(batchIndex);
            if (numbers.Length != size.Area || numbers.IsEmpty)
            {
                throw new HeadLayoutException(
                    $"expected a class map [batch, height, width], got [{string.Join(", ", shape)}]: the model's outputs changed"
                );
            }

            var labels = scratch.Sampler.LabelBuffer(numbers.Length);
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = Label((int)numbers[i]);
            }

            scratch.Sampler.Labels(labels, size, _samplings.For(letterbox, size), scratch.Runs);
        }

        AppendClasses(scratch, detections);
        if (_options.MinRegion > 0)
        {
            AppendObjects(scratch, detections);
        }
    }

    private static void AppendClasses(Scratch scratch, DetectionList detections)
    {
        var runs = scratch.Runs.Runs;
        var groups = scratch.Numbers(runs.Length);
        var classes = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            groups[i] = runs[i].Label;
            classes = Math.Max(classes, runs[i].Label + 1);
        }

        scratch.Groups.Sort(groups, classes);
        for (var classId = 0; classId < classes; classId++)
        {
            if (!scratch.Groups.Of(classId).IsEmpty)
            {
                detections.Regions.Add(new(classId, scratch.Groups.Append(classId, scratch.Runs, detections.Runs)));
            }
        }
    }

    private void AppendObjects(Scratch scratch, DetectionList detections)
    {
        var count = scratch.Connected.Find(scratch.Runs);
        scratch.Groups.Sort(scratch.Connected.RegionOfRun, count);
        scratch.Large.Clear();
        for (var region = 0; region < count; region++)
        {
            if (scratch.Groups.Area(region, scratch.Runs) is var area && area >= _options.MinRegion)
            {
                scratch.Large.Add((area, region));
            }
        }

        scratch.Large.Sort(static (a, b) => a.Area != b.Area ? b.Area.CompareTo(a.Area) : a.Region.CompareTo(b.Region));
        for (var i = 0; i < Math.Min(scratch.Large.Count, _options.MaxDet); i++)
        {
            var region = scratch.Large[i].Region;
            var classId = scratch.Runs.Runs[scratch.Groups.Of(region)[0]].Label;
            var box = scratch.Groups.Bounds(region, scratch.Runs);
            var mask = scratch.Groups.Append(region, scratch.Runs, detections.Runs);
            detections.Items.Add(new DetectedObject(box, 1f, classId, mask));
        }
    }

    /// <summary>The class of a channel or number; <see cref="LabelRuns.Nothing"/> for what is left out.</summary>
    private ushort Label(int channel)
    {
        var classId = channel - _layout.FirstClass;
        if (channel == _layout.Background || (_wanted is not null && !_wanted.Contains(classId)))
        {
            return LabelRuns.Nothing;
        }

        return classId >= 0 && classId < (_layout.Classes ?? LabelRuns.Nothing)
            ? (ushort)classId
            : throw new HeadLayoutException(
                $"expected classes 0 to {(_layout.Classes ?? LabelRuns.Nothing) - 1}, got class {classId}: the class names are not those of this model"
            );
    }

    /// <summary>Memory of one thread, reused from frame to frame.</summary>
    private sealed class Scratch
    {
        private int[] _numbers = [];
        private float[] _scores = [];

        public ClassMapSampler Sampler { get; } = new();

        public LabelRuns Runs { get; } = new();

        public ConnectedRegions Connected { get; } = new();

        public RunGroups Groups { get; } = new();

        public List<(long Area, int Region)> Large { get; } = [];

        /// <summary>Scores of one channel behind a background that has the same score everywhere: two channels that compete.</summary>
        public ReadOnlySpan<float> Against(float background, ReadOnlySpan<float> scores)
        {
            if (_scores.Length < 2 * scores.Length)
            {
                _scores = new float[2 * scores.Length];
            }

            _scores.AsSpan(0, scores.Length).Fill(background);
            scores.CopyTo(_scores.AsSpan(scores.Length));
            return _scores.AsSpan(0, 2 * scores.Length);
        }

        public Span<int> Numbers(int length)
        {
            if (_numbers.Length < length)
            {
                _numbers = new int[Math.Max(length, 2 * _numbers.Length)];
            }

            return _numbers.AsSpan(0, length);
        }
    }
}
