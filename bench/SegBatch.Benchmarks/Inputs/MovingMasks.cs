using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Inputs;

/// <summary>
/// Thirty ellipses of about 130x250 pixels in a 1080p frame, in three rows in which each one covers a part of its neighbour, to and fro.
/// Each is not found for three frames in 50. After <see cref="Period"/> frames everything repeats.
/// </summary>
internal static class MovingMasks
{
    public const int Period = 100;

    private const int PerRow = 10;
    private const int Rows = 3;

    /// <summary>Detections with their masks, frame by frame.</summary>
    public static (TrackInput[] Detections, RleMask[] Masks)[] Frames() =>
        [
            .. Enumerable
                .Range(0, Period)
                .Select(frame =>
                {
                    var found = Frame(frame).ToArray();
                    return (
                        Array.ConvertAll(found, item => new TrackInput(item.Box, item.Score, item.ClassId)),
                        Array.ConvertAll(found, item => item.Mask)
                    );
                }),
        ];

    private static IEnumerable<DetectedObject> Frame(int frame)
    {
        for (var i = 0; i < PerRow * Rows; i++)
        {
            if ((frame + (7 * i)) % 50 is < 20 or >= 23)
            {
                var mask = Mask(Place(i, frame), i % PerRow < PerRow - 1 ? Place(i + 1, frame) : default);
                yield return new DetectedObject(mask.Bounds, 0.9f - (0.01f * i), 0, mask);
            }
        }
    }

    private static Box Place(int index, int frame)
    {
        var angle = (2 * Math.PI * frame / Period) + index;
        var x = 150 + (170 * (index % PerRow)) + (45 * Math.Cos(angle));
        var y = 190 + (340 * (index / PerRow)) + (20 * Math.Sin(angle));
        var (width, height) = (130 + (index % 5 * 8), 240 + index);
        return new Box((float)(x - (width / 2)), (float)(y - (height / 2)), (float)(x + (width / 2)), (float)(y + (height / 2)));
    }

    /// <summary>What of one ellipse the other does not cover.</summary>
    private static RleMask Mask(Box own, Box nearer)
    {
        var size = SyntheticFrame.Size;
        var counts = new List<int>();
        var written = 0;
        for (var x = Math.Max(0, (int)own.X1); x < Math.Min(size.Width, own.X2); x++)
        {
            var ((top, bottom), (cutTop, cutBottom)) = (Column(own, x), Column(nearer, x));
            if (cutTop >= cutBottom)
            {
                (cutTop, cutBottom) = (bottom, bottom);
            }

            Set(x, top, Math.Min(bottom, cutTop));
            Set(x, Math.Max(top, cutBottom), bottom);
        }

        counts.Add((int)size.Area - written);
        return new RleMask(size, counts.ToArray());

        void Set(int x, int from, int to)
        {
            if (from < to)
            {
                counts.Add((x * size.Height) + from - written);
                counts.Add(to - from);
                written = (x * size.Height) + to;
            }
        }
    }

    private static (int Top, int Bottom) Column(Box box, int x)
    {
        var u = (x + 0.5 - box.CenterX) / (0.5 * box.Width);
        if (!(Math.Abs(u) < 1))
        {
            return (0, 0);
        }

        var half = 0.5 * box.Height * Math.Sqrt(1 - (u * u));
        return ((int)(box.CenterY - half), (int)(box.CenterY + half));
    }
}
