namespace SegBatch.Tables;

/// <summary>
/// Adds up the tracks of one video, instance by instance in order of frames. Sums are double and taken in that order, so the result
/// does not depend on anything else. Memory grows with the number of tracks, not of frames.
/// </summary>
public sealed class TrackSummary(string video, Func<int, string> className)
{
    private readonly Dictionary<long, Track> _tracks = [];
    private long _processedFrames;

    /// <summary>Number of tracks seen.</summary>
    public int Count => _tracks.Count;

    /// <summary>Takes the instances of the next frame, also when there are none.</summary>
    public void Add(ReadOnlySpan<InstanceRow> instances)
    {
        foreach (ref readonly var row in instances)
        {
            if (row.TrackId is not { } id)
            {
                continue;
            }

            if (!_tracks.TryGetValue(id, out var track))
            {
                _tracks.Add(id, track = new Track(row.Frame, row.TimeS));
            }

            track.Add(in row, _processedFrames);
        }

        _processedFrames++;
    }

    /// <summary>The tracks by id.</summary>
    public IEnumerable<TrackRow> Rows() => _tracks.OrderBy(pair => pair.Key).Select(pair => pair.Value.ToRow(video, pair.Key, className));

    private sealed class Track(long firstFrame, double firstTimeS)
    {
        private readonly SortedList<int, double> _scoreByClass = [];
        private long _lastFrame;
        private long _lastOrdinal = -1;
        private double _lastTimeS;
        private long _frames;
        private long _sightings;
        private long _gaps;
        private double _score;
        private float _maxScore;
        private double _area;
        private double _path;
        private (double X, double Y)? _start;
        private (double X, double Y)? _end;

        /// <param name="row">A sighting, or a row interpolated between two.</param>
        /// <param name="ordinal">Count of frames before this one, skipped ones left out, so that a stride makes no gaps.</param>
        public void Add(in InstanceRow row, long ordinal)
        {
            _frames++;
            if (row.Source == InstanceRow.Interpolated)
            {
                return; // a guess between two sightings: it measures nothing
            }

            _gaps += _lastOrdinal >= 0 && ordinal > _lastOrdinal + 1 ? 1 : 0;
            (_lastOrdinal, _lastFrame, _lastTimeS) = (ordinal, row.Frame, row.TimeS);
            _sightings++;
            var score = row.Score ?? 0;
            _scoreByClass[row.ClassId] = _scoreByClass.GetValueOrDefault(row.ClassId) + score;
            _score += score;
            _maxScore = Math.Max(_maxScore, score);
            _area += row.MaskArea;
            if (row.Centroid is { } centroid)
            {
                _path += _end is { } before ? Distance(before, centroid) : 0;
                _start ??= centroid;
                _end = centroid;
            }
        }

        public TrackRow ToRow(string video, long id, Func<int, string> className)
        {
            var (majority, weight) = _scoreByClass.First();
            foreach (var (candidate, candidateWeight) in _scoreByClass)
            {
                (majority, weight) = candidateWeight > weight ? (candidate, candidateWeight) : (majority, weight);
            }

            var seconds = _lastTimeS - firstTimeS;
            return new TrackRow(
                video,
                id,
                majority,
                className(majority),
                _score > 0 ? weight / _score : 1,
                firstFrame,
                _lastFrame,
                firstTimeS,
                _lastTimeS,
                _frames,
                _gaps,
                _score / _sightings,
                _maxScore,
                _area / _sightings,
                _path,
                _start is { } start && _end is { } end ? Distance(start, end) : 0,
                seconds > 0 ? _path / seconds : null
            );
        }

        private static double Distance((double X, double Y) a, (double X, double Y) b) =>
            Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));
    }
}
