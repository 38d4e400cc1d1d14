using SegBatch.Geometry;
using SegBatch.Tables;

namespace SegBatch.Output;

/// <summary>The rows of one file of `instances` or `candidates`, in their order.</summary>
internal sealed class TableInstances : IDisposable
{
    private const string Columns =
        "frame, instance, class_id, class_name, score, x1, y1, x2, y2, mask_height, mask_width, mask_area, centroid_x, centroid_y, source";
    private const string TrackColumns = "track_id, track_x1, track_y1, track_x2, track_y2";

    private readonly ParquetRows _rows;
    private readonly bool _hasTracks;
    private readonly bool _hasMasks;
    private readonly int _maskColumn;
    private readonly Dictionary<int, string> _names;

    /// <param name="path">The file.</param>
    /// <param name="isInstances">Whether it has the columns of tracks.</param>
    /// <param name="masks">False leaves the text of the masks out, which is most of the file.</param>
    /// <param name="names">Names of classes by number, filled while rows are read.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public TableInstances(string path, bool isInstances, bool masks, Dictionary<int, string> names)
    {
        (_hasTracks, _hasMasks, _names) = (isInstances, masks, names);
        _maskColumn = isInstances ? 20 : 15;
        _rows = new ParquetRows(path, $"{Columns}{(isInstances ? $", {TrackColumns}" : "")}{(masks ? ", mask_rle" : "")}");
    }

    /// <summary>Frame and number of the next row; both beyond all others after the last one.</summary>
    public (long Frame, int Instance) Next => _rows.HasRow ? (_rows.Value<long>(0), _rows.Value<int>(1)) : (long.MaxValue, int.MaxValue);

    /// <summary>The next row, and moves on.</summary>
    public TableDetection Take(in FrameRow frame, MaskText text)
    {
        var row = new InstanceRow(
            frame.Video,
            frame.Frame,
            frame.Pts,
            frame.TimeS,
            _rows.Value<int>(1),
            _hasTracks ? _rows.Maybe<long>(15) : null,
            _rows.Value<int>(2),
            ClassName(_rows.Value<int>(2)),
            _rows.Maybe<float>(4),
            Box(5),
            _hasTracks && !_rows.IsNull(16) ? Box(16) : null,
            _hasMasks ? text.Copy(_rows.Utf8(_maskColumn)) : default,
            new FrameSize(_rows.Value<int>(10), _rows.Value<int>(9)),
            _rows.Value<long>(11),
            _rows.IsNull(12) ? null : (_rows.Value<float>(12), _rows.Value<float>(13)),
            _rows.Utf8(14).SequenceEqual("detected"u8) ? InstanceRow.Detected : _rows.Text(14)!
        );
        _rows.Next();
        return new TableDetection(row, _hasTracks);
    }

    public void Dispose() => _rows.Dispose();

    private Box Box(int column) =>
        new(_rows.Value<float>(column), _rows.Value<float>(column + 1), _rows.Value<float>(column + 2), _rows.Value<float>(column + 3));

    private string ClassName(int id)
    {
        if (!_names.TryGetValue(id, out var name))
        {
            _names[id] = name = _rows.Text(3)!;
        }

        return name;
    }
}
