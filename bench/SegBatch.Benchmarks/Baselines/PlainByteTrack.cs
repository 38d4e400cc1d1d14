using SegBatch.Geometry;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>
/// ByteTrack (Zhang et al., ECCV 2022, algorithm 1) with the reference's thresholds, straight from the page: new objects each frame,
/// LINQ for the sets. Without what only matters when objects lie on each other or are gone for longer than the buffer.
/// </summary>
internal sealed class PlainByteTrack
{
    private readonly List<Track> _tracks = [];
    private long _frame;
    private long _lastId;

    /// <returns>Confirmed tracks seen in this frame, by id.</returns>
    public List<(long Id, int Detection)> Update(TrackInput[] detections)
    {
        _frame++;
        var all = Enumerable.Range(0, detections.Length).ToList();
        var high = all.Where(i => detections[i].Score >= 0.25f).ToList();
        var low = all.Where(i => detections[i].Score is > 0.1f and < 0.25f).ToList();
        var known = _tracks.Where(track => track.Confirmed).ToList();
        foreach (var track in known)
        {
            track.Predict(_frame);
        }

        var rest = Match(known, high, detections, fuse: true, 0.8);
        Match([.. rest.Where(track => track.LastFrame == _frame - 1)], low, detections, fuse: false, 0.5);
        var tentative = _tracks.Where(track => !track.Confirmed).ToList();
        foreach (var track in Match(tentative, high, detections, fuse: true, 0.7))
        {
            _tracks.Remove(track);
        }

        foreach (var i in high)
        {
            _tracks.Add(new Track(++_lastId, detections[i].Box, i, _frame));
        }

        _tracks.RemoveAll(track => _frame - track.LastFrame > 30);
        return
        [
            .. _tracks
                .Where(track => track.Confirmed && track.LastFrame == _frame)
                .OrderBy(track => track.Id)
                .Select(track => (track.Id, track.Detection)),
        ];
    }

    /// <summary>Takes matched detections out of the candidates and returns the tracks left alone.</summary>
    private List<Track> Match(List<Track> tracks, List<int> candidates, TrackInput[] detections, bool fuse, double limit)
    {
        var cost = new double[tracks.Count, candidates.Count];
        for (var row = 0; row < tracks.Count; row++)
        {
            for (var column = 0; column < candidates.Count; column++)
            {
                var detection = detections[candidates[column]];
                cost[row, column] = 1 - Box.IoU(tracks[row].Estimate, detection.Box) * (fuse ? detection.Score : 1);
            }
        }

        var columns = PlainAssignment.Solve(cost, limit);
        var unmatched = new List<Track>();
        for (var row = 0; row < tracks.Count; row++)
        {
            if (columns[row] < 0)
            {
                unmatched.Add(tracks[row]);
            }
            else
            {
                tracks[row].See(detections[candidates[columns[row]]].Box, candidates[columns[row]], _frame);
            }
        }

        var matched = columns.Where(column => column >= 0).Select(column => candidates[column]).ToHashSet();
        candidates.RemoveAll(matched.Contains);
        return unmatched;
    }

    private sealed class Track(long id, Box box, int detection, long frame)
    {
        private readonly PlainKalman _motion = new(Measure(box));

        public long Id { get; } = id;

        public bool Confirmed { get; private set; } = frame == 1;

        public long LastFrame { get; private set; } = frame;

        public int Detection { get; private set; } = detection;

        public Box Estimate
        {
            get
            {
                var (x, y, height) = (_motion.Mean[0], _motion.Mean[1], _motion.Mean[3]);
                var width = _motion.Mean[2] * height;
                return new((float)(x - width / 2), (float)(y - height / 2), (float)(x + width / 2), (float)(y + height / 2));
            }
        }

        public void Predict(long now)
        {
            if (LastFrame != now - 1)
            {
                _motion.Mean[7] = 0; // unseen, it must not go on growing
            }

            _motion.Predict();
        }

        public void See(Box box, int detection, long now)
        {
            _motion.Update(Measure(box));
            (Detection, LastFrame, Confirmed) = (detection, now, true);
        }

        private static double[] Measure(Box box) =>
            [box.X1 + box.Width / 2.0, box.Y1 + box.Height / 2.0, (double)box.Width / box.Height, box.Height];
    }
}
