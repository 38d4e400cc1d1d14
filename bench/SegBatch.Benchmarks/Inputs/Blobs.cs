using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Inputs;

/// <summary>Ten objects of about 300x500 pixels in a 1080p frame, with wavy outlines, each with a track.</summary>
internal static class Blobs
{
    public const int Count = 10;

    /// <summary>An object in the given box: what of it lies in a wavy ellipse.</summary>
    public static DetectedObject At(Box box, float score, int classId)
    {
        var size = SyntheticFrame.Size;
        var bitmap = new byte[size.Area];
        for (var y = (int)Math.Max(0, box.Y1); y < Math.Min(size.Height, box.Y2); y++)
        {
            for (var x = (int)Math.Max(0, box.X1); x < Math.Min(size.Width, box.X2); x++)
            {
                var (u, v) = ((x - box.CenterX) / box.Width * 2, (y - box.CenterY) / box.Height * 2);
                var reach = 0.9 + 0.1 * Math.Sin(9 * Math.Atan2(v, u));
                bitmap[y * size.Width + x] = u * u + v * v < reach * reach ? (byte)1 : (byte)0;
            }
        }

        return new(box, score, classId, RleMask.FromBitmap(bitmap, size));
    }

    public static List<DetectedObject> Objects() =>
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i =>
                {
                    var (x, y) = (50 + 370 * (i % 5) + 20 * (i / 5), 30 + 480 * (i / 5));
                    return At(new Box(x, y, x + 300 + 4 * i, y + 500 + 6 * i), 0.95f - 0.05f * i, i % 3);
                }),
        ];

    public static List<TrackedObject> Tracks(IReadOnlyList<DetectedObject> objects) =>
        [.. objects.Select((found, i) => new TrackedObject(i + 1, i, found.Box))];

    /// <summary>The objects as one frame; the pool owns no samples.</summary>
    public static TrackedFrame Frame(List<DetectedObject> objects)
    {
        var frame = new VideoFrame(new FramePool(1)) { TimeBase = new Rational(1, 25), Size = SyntheticFrame.Size };
        var list = new DetectionList();
        list.Items.AddRange(objects);
        return new TrackedFrame(new DetectedFrame(frame, list), Tracks(objects));
    }
}
