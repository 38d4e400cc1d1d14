using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.IntegrationTests.Output;

/// <summary>Frames with made-up objects whose rows are known: object <c>i</c> of frame <c>f</c> is a one-pixel-wide bar.</summary>
internal static class TestFrames
{
    private static readonly float[] Scores = [0.9f, 0.8f, 0.7f];

    internal static readonly FrameSize Size = new(100, 50);

    internal static readonly TableContext Context = new()
    {
        Conf = 0.25f,
        ClassNames = ["person", "it's a \"car\", or not"],
        VideoPath = "/archive/it's here/gate.mp4",
        ModelSha256 = "abc123",
        OptionsJson = """{"detect":{"conf":0.25},"note":"it's"}""",
    };

    /// <summary>
    /// Writes count frames from the first at 10 per second; frame f has f % 4 objects of score 0.9, 0.8, 0.7; the first one has track 1, the
    /// second one track 2; one more of score 0.2 is in every frame.
    /// </summary>
    internal static void WriteTo(Action<TrackedFrame> write, int count, int first = 0)
    {
        for (var f = first; f < first + count; f++)
        {
            using var frame = Frame(f);
            write(frame);
        }
    }

    /// <param name="cameraMotion">Into this frame; null where nobody looked.</param>
    internal static TrackedFrame Frame(int f, AffineMotion? cameraMotion = null)
    {
        var frame = new VideoFrame(new FramePool(1));
        (frame.Index, frame.Pts, frame.TimeBase) = (f, 512L * f, new Rational(1, 5120));
        (frame.TimeSeconds, frame.Size, frame.Corrupt) = (f / 10.0, Size, f == 3);
        var list = new DetectionList();
        var tracks = new List<TrackedObject>();
        for (var i = 0; i < f % 4; i++)
        {
            list.Items.Add(Object(f, i, Scores[i]));
            if (i < 2)
            {
                tracks.Add(new TrackedObject(i + 1, i, new Box(f, i, f + 0.5f, i + 1)));
            }
        }

        list.Items.Add(Object(f, f % 4, 0.2f));
        return new TrackedFrame(new DetectedFrame(frame, list), tracks) { CameraMotion = cameraMotion };
    }

    /// <summary>A bar of 10 pixels in column f % 100, from row i × 10.</summary>
    private static DetectedObject Object(int f, int i, float score)
    {
        var before = f % Size.Width * Size.Height + 10 * i;
        var rest = (int)Size.Area - before - 10;
        var counts = rest > 0 ? new[] { before, 10, rest } : [before, 10];
        return new DetectedObject(new Box(f % 100, 10 * i, f % 100 + 1, 10 * i + 10), score, i % 2, new RleMask(Size, counts));
    }
}
