using SegBatch.Geometry;
using SegBatch.Tables;

namespace SegBatch.Output;

/// <summary>
/// Reads the tables of one finished video frame by frame, in order, and puts together again what the detector had found in each: the
/// rows of `instances` and `candidates` by their numbers. Memory does not grow with the video's length: every file is in that order.
/// </summary>
public sealed class VideoTablesReader : IDisposable
{
    private const string FrameColumns = "video, frame, pts, time_base_num, time_base_den, time_s, width, height, instances, corrupt, file";

    private readonly List<IDisposable> _open = [];
    private readonly ParquetRows _frames;
    private readonly TableInstances _instances;
    private readonly TableInstances? _candidates;
    private readonly ParquetRows? _evidence;
    private readonly string _path;
    private string? _video;

    /// <param name="files">Tables that a <see cref="VideoTables"/> wrote.</param>
    /// <param name="masks">False leaves the text of the masks out, which is most of what there is to read.</param>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    public VideoTablesReader(VideoTableFiles files, bool masks = true)
    {
        var names = new Dictionary<int, string>();
        _path = files.Frames;
        try
        {
            _frames = Keep(new ParquetRows(files.Frames, FrameColumns));
            _instances = Keep(new TableInstances(files.Instances, true, masks, names));
            _candidates = files.Candidates is { } candidates ? Keep(new TableInstances(candidates, false, masks, names)) : null;
            _evidence = files.Evidence is { } evidence
                ? Keep(new ParquetRows(evidence, "frame, motion_a, motion_b, motion_tx, motion_c, motion_d, motion_ty"))
                : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads the next frame, also one in which nothing was found; false after the last one.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or not in order.</exception>
    public bool Next(TableFrame frame)
    {
        frame.Detections.Clear();
        frame.Text.Clear();
        if (!_frames.HasRow)
        {
            return AllRead();
        }

        frame.Frame = ReadFrame();
        frame.CameraMotion = ReadMotion(frame.Frame.Frame);
        while (true)
        {
            var (a, b) = (_instances.Next, _candidates?.Next ?? (long.MaxValue, int.MaxValue));
            var first = Math.Min(a.Frame, b.Frame);
            if (first > frame.Frame.Frame)
            {
                return true;
            }

            if (first < frame.Frame.Frame)
            {
                throw OutOfOrder(first);
            }

            var source = a.CompareTo(b) <= 0 ? _instances : _candidates!;
            frame.Detections.Add(source.Take(frame.Frame, frame.Text));
        }
    }

    public void Dispose()
    {
        foreach (var open in _open)
        {
            open.Dispose();
        }
    }

    private FrameRow ReadFrame()
    {
        var row = new FrameRow(
            _video ??= _frames.Text(0)!,
            _frames.Value<long>(1),
            _frames.Maybe<long>(2),
            new Rational(_frames.Value<int>(3), _frames.Value<int>(4)),
            _frames.Value<double>(5),
            new FrameSize(_frames.Value<int>(6), _frames.Value<int>(7)),
            _frames.Value<int>(8),
            _frames.Value<bool>(9),
            _frames.Text(10)
        );
        _frames.Next();
        return row;
    }

    private AffineMotion? ReadMotion(long frame)
    {
        if (_evidence is not { HasRow: true } || _evidence.Value<long>(0) != frame)
        {
            return null;
        }

        var motion = new AffineMotion(Cell(1), Cell(2), Cell(3), Cell(4), Cell(5), Cell(6));
        _evidence.Next();
        return motion;

        double Cell(int column) => _evidence.Value<double>(column);
    }

    private bool AllRead() =>
        Math.Min(_instances.Next.Frame, _candidates?.Next.Frame ?? long.MaxValue) is var rest and not long.MaxValue
            ? throw OutOfOrder(rest)
            : false;

    private InvalidDataException OutOfOrder(long frame) =>
        new($"Rows of frame {frame} are not where {_path} has that frame: the tables of this video do not belong together.");

    private T Keep<T>(T opened)
        where T : IDisposable
    {
        _open.Add(opened);
        return opened;
    }
}
