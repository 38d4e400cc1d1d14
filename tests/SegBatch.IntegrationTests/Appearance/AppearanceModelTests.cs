using SegBatch.Appearance;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Output;
using SegBatch.Letterboxing;
using SegBatch.Masks;
using SegBatch.Native;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Tests;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Appearance;

/// <summary>Looks of objects, from pixels through a real encoder to ids.</summary>
[Collection("native memory")]
public sealed class AppearanceModelTests : IDisposable
{
    private const int Turn = 30;

    private static readonly FrameSize s_size = new(320, 160);

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-appearance-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Encoder => SharedData.Path("models/reid-colour-grid.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// A picture with a red and a blue half, as RGB and as YUV, in boxes at odd places: mean colours of a grid know what must come out. They
    /// are counted from grey, so red is (1/2, -1/2, -1/2), and its cosine with blue -1/3. More objects than fit one run, and one whose score
    /// does not count.
    /// </summary>
    [Theory]
    [InlineData("png")]
    [InlineData("mp4")]
    public async Task Crops_become_vectors_of_unit_length(string ending)
    {
        var clip = Path.Combine(_folder, $"halves.{ending}");
        string[] halves = ["-f", "lavfi", "-i", "color=red:s=160x160:r=10", "-f", "lavfi", "-i", "color=blue:s=160x160:r=10"];
        await FFmpegTool.Make([.. halves, "-filter_complex", "hstack", "-frames:v", "1", .. Lossless(ending), clip]);
        using var looks = AppearanceModel.Open(Encoder, "cpu");
        using var detections = new DetectionList();
        var (red, blue, both) = (new Box(11.2f, 21.7f, 60.9f, 99.4f), new Box(201.5f, -30, 400, 77.7f), new Box(121, 33, 199, 111));
        for (var i = 0; i < 11; i++)
        {
            Add(detections, red, 0.9f);
            Add(detections, blue, 0.8f);
            Add(detections, both, 0.7f);
        }

        Add(detections, red, 0.3f);
        var buffers = NativeBuffers.Outstanding;
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        using var frames = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(frames, Token))
        {
            using (frame)
            {
                looks.Describe(frame, detections, 0.4f, Token);
            }
        }

        Assert.Equal(34, detections.Items.Count);
        var rows = detections.Appearance.ToArray().Chunk(detections.Appearance.Length / 34).ToArray();
        Assert.Equal(48, rows[0].Length);
        Assert.All(rows[..33], row => Assert.Equal(1, Cosine(row, row), 1e-5));
        Assert.Equal(0, rows[33].Max(MathF.Abs)); // not looked at
        for (var i = 0; i < 33; i += 3)
        {
            Assert.Equal(-1 / 3f, Cosine(rows[i], rows[i + 1]), 0.02); // red and blue
            Assert.Equal(1 / 3f, Cosine(rows[i], rows[i + 2]), 0.02); // half of it is as red, half as blue
            Assert.Equal(rows[0], rows[i]);
            Assert.Equal(rows[2], rows[i + 2]);
        }

        Assert.Equal(buffers + 1, NativeBuffers.Outstanding); // the crops of one run, kept for the next
        looks.Dispose();
        Assert.Equal(buffers, NativeBuffers.Outstanding);
    }

    /// <summary>
    /// Crops at odd and even places, smaller and larger than the input, and partly outside: against bilinear interpolation in double
    /// precision of the whole frame as it is letterboxed at its own size. Fixed-point weights and levels are off by a level or two.
    /// </summary>
    [Theory]
    [InlineData("png", 3, 5, 121, 98)]
    [InlineData("mp4", 3, 5, 121, 98)]
    [InlineData("mp4", 40, 22, 55, 31)]
    [InlineData("mp4", 7, 1, 8, 2)]
    [InlineData("mp4", -20, 61, 90, 300)]
    public async Task A_crop_is_its_part_of_the_frame_stretched(string ending, int left, int top, int right, int bottom)
    {
        var clip = Path.Combine(_folder, $"bars.{ending}");
        await FFmpegTool.Make(["-f", "lavfi", "-i", "testsrc2=s=160x120:r=5", "-frames:v", "1", .. Lossless(ending), clip]);
        var (size, input) = (new FrameSize(160, 120), new FrameSize(48, 64));
        var (whole, crop) = (new float[3 * size.Area], new float[3 * input.Area]);
        var resizer = new CropResizer(input);
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        using var frames = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(frames, Token))
        {
            using (frame)
            {
                Assert.Equal(ending == "png", frame.HasRgb);
                var letterboxer = new Letterboxer(LetterboxTransform.Square(size, size), reference: false);
                if (frame.HasRgb)
                {
                    letterboxer.Fill(frame.Rgb, whole);
                }
                else
                {
                    letterboxer.Fill(frame.Yuv, whole);
                }

                resizer.Fill(frame, new Box(left + 0.2f, top + 0.2f, right - 0.2f, bottom - 0.2f), crop);
            }
        }

        var (x0, y0) = (Math.Max(0, left), Math.Max(0, top));
        var (width, height) = (Math.Min(160, right) - x0, Math.Min(120, bottom) - y0);
        for (var i = 0; i < crop.Length; i++)
        {
            var (plane, y, x) = (i / (int)input.Area, i % (int)input.Area / input.Width, i % input.Width);
            var (u, v) = ((x + 0.5) * width / input.Width - 0.5, (y + 0.5) * height / input.Height - 0.5);
            var (l, t) = ((int)Math.Floor(u), (int)Math.Floor(v));
            var upper = At(l, t) * (1 - u + l) + At(l + 1, t) * (u - l);
            var lower = At(l, t + 1) * (1 - u + l) + At(l + 1, t + 1) * (u - l);
            Assert.Equal(upper * (1 - v + t) + lower * (v - t), crop[i], 2 / 255.0);

            double At(int column, int row) =>
                whole[plane * size.Area + (y0 + Math.Clamp(row, 0, height - 1)) * size.Width + x0 + Math.Clamp(column, 0, width - 1)];
        }
    }

    /// <summary>
    /// Two objects that meet, seen through each other, and turn back. By boxes the motion carries each on into the other's place.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ids_swap_by_boxes_and_stay_by_looks(bool withReid)
    {
        var clip = Path.Combine(_folder, "turn.mp4");
        const string Place = "4*min(n\\,60-n)";
        string[] inputs = ["color=black:s=320x160:r=25", "color=red:s=40x80:r=25", "color=blue@0.5:s=40x80:r=25,format=rgba"];
        await FFmpegTool.Make(
            [
                .. inputs.SelectMany(input => new[] { "-f", "lavfi", "-i", input }),
                "-filter_complex",
                $"[0][1]overlay=x='20+{Place}':y=40[a];[a][2]overlay=x='260-{Place}':y=40",
                "-frames:v",
                $"{2 * Turn + 1}",
                .. Lossless("mp4"),
                clip,
            ]
        );
        var options = new TrackingOptions { Tracker = "botsort", WithReid = withReid };
        using var looks = withReid ? AppearanceModel.Open(Encoder, "cpu") : null;
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        var last = new Recorder();
        var pipeline = new VideoPipeline(
            new FrameNumbers(),
            new Turning(),
            new PipelineOptions { Appearance = looks, AppearanceFrom = Trackers.ComparesLooksFrom(options) ?? 1 }
        );
        var report = await pipeline.RunAsync(reader, Trackers.Create(options, 25), annotator: null, [last], framesDone: null, Token);

        Assert.Equal(2 * Turn + 1, report.Frames);
        Assert.Equal([1L, 2L], last.Ids.Order());
        Assert.Equal(withReid ? 1 : 2, last.Ids[0]); // the red one, which was track 1 in the first frame
    }

    [Fact]
    public void What_gives_no_vectors_is_refused()
    {
        var error = Assert.Throws<ModelException>(() => AppearanceModel.Open(SharedData.Path("models/yolov8n-seg.onnx"), "cpu"));
        Assert.Equal(ModelException.Options, error.Code);
        Assert.Contains("not one vector per picture", error.Message, StringComparison.Ordinal);
    }

    private static string[] Lossless(string ending) => ending == "png" ? [] : ["-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p"];

    private static float Cosine(float[] a, float[] b) => a.Zip(b).Sum(pair => pair.First * pair.Second);

    private static void Add(DetectionList detections, Box box, float score) =>
        detections.Items.Add(new DetectedObject(box, score, 0, new RleMask(s_size, new[] { (int)s_size.Area })));

    /// <summary>A network that says nothing but the number of each frame.</summary>
    private sealed class FrameNumbers : ISegmentationModel
    {
        public ModelCard Card { get; } = ModelCard.Read(SharedData.Path("demo-model/shapes-seg.onnx"));

        public int BatchSize => 2;

        public int MaxConcurrency => 1;

        public SemaphoreSlim Slots { get; } = new(1);

        public RawPredictions Infer(TensorBatch batch, CancellationToken cancellationToken)
        {
            var numbers = Enumerable.Range(0, batch.Capacity).Select(i => i < batch.Count ? batch.Frame(i).Index : -1f).ToArray();
            return new RawPredictions(batch, [new OutputTensor(numbers, [batch.Capacity])], memory: null);
        }
    }

    /// <summary>The boxes of the two objects, red first.</summary>
    private sealed class Turning : IDetectionHead
    {
        public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
        {
            var frame = outputs[0].Of(batchIndex)[0];
            var place = 4 * Math.Min(frame, 2 * Turn - frame);
            Add(detections, new Box(20 + place, 40, 60 + place, 120), 0.6f);
            Add(detections, new Box(260 - place, 40, 300 - place, 120), 0.6f);
        }
    }

    /// <summary>The ids of the last frame, by detection.</summary>
    private sealed class Recorder : IResultWriter
    {
        public long[] Ids { get; private set; } = [];

        public void Write(TrackedFrame frame) =>
            Ids = [.. frame.Tracks.OrderBy(track => track.DetectionIndex).Select(track => track.TrackId)];

        public IReadOnlyList<StagedFile> Finish() => [];

        public void Dispose() { }
    }
}
