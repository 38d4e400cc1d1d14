using SegBatch.Geometry;
using SegBatch.Tables;

namespace SegBatch.Demo;

/// <summary>An object of a generated clip in a frame, exactly. Columns: <see cref="TruthTable.Instances"/>.</summary>
/// <param name="TrackId">The object; the same when it comes back after leaving.</param>
/// <param name="Box">Around the visible pixels.</param>
/// <param name="MaskRle">COCO compressed counts of the visible pixels, ASCII.</param>
/// <param name="Visible">Visible pixels / area of the whole shape, 0 to 1.</param>
public readonly record struct TruthRow(
    string Video,
    long Frame,
    double TimeS,
    long TrackId,
    int ClassId,
    string ClassName,
    Box Box,
    ReadOnlyMemory<byte> MaskRle,
    FrameSize MaskSize,
    long MaskArea,
    double Visible
);

/// <summary>The truth in the columns of `instances`, as far as they apply.</summary>
public static class TruthTable
{
    public static Table<TruthRow> Instances { get; } =
        new(
            "truth",
            "one row per object and frame in which at least one of its pixels is seen",
            Column<TruthRow>.Text("video", "", "key of the video", (in row) => row.Video),
            Column<TruthRow>.BigInt("frame", "", "index from 0 in order of presentation", (in row) => row.Frame),
            Column<TruthRow>.Double("time_s", "s", "time from the stream's start", (in row) => row.TimeS),
            Column<TruthRow>.BigInt("track_id", "", "the object; the same when it comes back after leaving", (in row) => row.TrackId),
            Column<TruthRow>.Integer("class_id", "", "the demo model's number of the class", (in row) => row.ClassId),
            Column<TruthRow>.Text("class_name", "", "the demo model's name of the class", (in row) => row.ClassName),
            Column<TruthRow>.Float("x1", "frame pixels", "left edge of the visible part", (in row) => row.Box.X1),
            Column<TruthRow>.Float("y1", "frame pixels", "top edge of the visible part", (in row) => row.Box.Y1),
            Column<TruthRow>.Float("x2", "frame pixels", "right edge of the visible part, exclusive", (in row) => row.Box.X2),
            Column<TruthRow>.Float("y2", "frame pixels", "bottom edge of the visible part, exclusive", (in row) => row.Box.Y2),
            Column<TruthRow>.Ascii("mask_rle", "", "COCO compressed counts of the visible pixels", (in row) => row.MaskRle),
            Column<TruthRow>.Integer("mask_height", "pixels", "height of the mask, that of the frame", (in row) => row.MaskSize.Height),
            Column<TruthRow>.Integer("mask_width", "pixels", "width of the mask, that of the frame", (in row) => row.MaskSize.Width),
            Column<TruthRow>.BigInt("mask_area", "pixels", "visible pixels", (in row) => row.MaskArea),
            Column<TruthRow>.Double("visible", "0 to 1", "visible pixels / area of the whole shape", (in row) => row.Visible)
        );
}
