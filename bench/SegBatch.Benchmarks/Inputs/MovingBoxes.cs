using SegBatch.Geometry;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Inputs;

/// <summary>
/// Fifty boxes on their own small ellipses in a 1080p frame. Each is weak for two frames in 25 and not found for three in 50. After
/// <see cref="Period"/> frames everything repeats.
/// </summary>
internal static class MovingBoxes
{
    public const int Objects = 50;
    public const int Period = 200;

    public static TrackInput[][] Frames() => [.. Enumerable.Range(0, Period).Select(Frame)];

    private static TrackInput[] Frame(int frame)
    {
        var boxes = new List<TrackInput>();
        for (var i = 0; i < Objects; i++)
        {
            if ((frame + 7 * i) % 50 is >= 20 and < 23)
            {
                continue;
            }

            var angle = 2 * Math.PI * frame / Period + i;
            var shake = 5 * Math.Sin(37 * angle); // a detector is never still
            var x = (float)(96 + 192 * (i % 10) + 50 * Math.Cos(angle) + shake);
            var y = (float)(108 + 216 * (i / 10) + 20 * Math.Sin(angle) - shake);
            var (width, height) = (60 + i, 130 + i);
            var score = (frame + 11 * i) % 25 < 2 ? 0.15f : 0.5f + 0.008f * i;
            boxes.Add(new(new Box(x - width / 2f, y - height / 2f, x + width / 2f, y + height / 2f), score, 0));
        }

        return [.. boxes.OrderByDescending(box => box.Score)];
    }
}
