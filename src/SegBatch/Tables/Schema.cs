namespace SegBatch.Tables;

/// <summary>
/// Every table: columns, types, units, meanings. Changing a name or a type breaks other people's queries; raise
/// <see cref="Version"/> with any change. <c>docs/output-formats.md</c> repeats this, and a test compares.
/// </summary>
public static class Schema
{
    /// <summary>Written into every file.</summary>
    public const string Version = "1";

    private const string Pixels = "frame pixels";
    private const string Seconds = "s";

    public static Table<FrameRow> Frames { get; } =
        new(
            "frames",
            "one row per decoded frame, also when nothing was found",
            Column<FrameRow>.Text("video", "", "key of the video", (in row) => row.Video),
            Column<FrameRow>.BigInt("frame", "", "index from 0 in order of presentation", (in row) => row.Frame),
            Column<FrameRow>.BigInt(
                "pts",
                "time base",
                "presentation time by the stream's own clock; NULL if the file has none",
                (in row) => row.Pts
            ),
            Column<FrameRow>.Integer(
                "time_base_num",
                Seconds,
                "a tick of pts lasts time_base_num / time_base_den",
                (in row) => checked((int)row.TimeBase.Numerator)
            ),
            Column<FrameRow>.Integer("time_base_den", "", "see time_base_num", (in row) => checked((int)row.TimeBase.Denominator)),
            Column<FrameRow>.Double("time_s", Seconds, "time from the stream's start", (in row) => row.TimeS),
            Column<FrameRow>.Integer("width", "pixels", "of the upright picture, rotation applied", (in row) => row.Size.Width),
            Column<FrameRow>.Integer("height", "pixels", "of the upright picture, rotation applied", (in row) => row.Size.Height),
            Column<FrameRow>.Integer("instances", "", "rows of this frame in `instances`", (in row) => row.Instances),
            Column<FrameRow>.Boolean("corrupt", "", "the decoder reported damage or concealment", (in row) => row.Corrupt),
            Column<FrameRow>.Boolean(
                "pts_synthesised",
                "",
                "pts is NULL and time_s comes from the frame rate",
                (in row) => row.Pts is null
            ),
            Column<FrameRow>.Text(
                "file",
                "",
                "name of the picture where the source is a folder of pictures; else NULL",
                (in row) => row.File
            )
        );

    public static Table<InstanceRow> Instances { get; } =
        new(
            "instances",
            "one row per object and frame",
            Column<InstanceRow>.Text("video", "", "key of the video", (in row) => row.Video),
            Column<InstanceRow>.BigInt("frame", "", "index from 0 in order of presentation", (in row) => row.Frame),
            Column<InstanceRow>.BigInt(
                "pts",
                "time base",
                "presentation time by the stream's own clock; NULL if the file has none",
                (in row) => row.Pts
            ),
            Column<InstanceRow>.Double("time_s", Seconds, "time from the stream's start", (in row) => row.TimeS),
            Column<InstanceRow>.Integer(
                "instance",
                "",
                "order of detection in the frame, by score, from 0, then interpolated rows; numbers missing here are in `candidates`",
                (in row) => row.Instance
            ),
            Column<InstanceRow>.BigInt(
                "track_id",
                "",
                "from 1 in each video; NULL when no tracker confirmed the object",
                (in row) => row.TrackId
            ),
            Column<InstanceRow>.Integer("class_id", "", "the model's number of the class", (in row) => row.ClassId),
            Column<InstanceRow>.Text("class_name", "", "the model's name of the class", (in row) => row.ClassName),
            Column<InstanceRow>.Float(
                "score",
                "0 to 1",
                "confidence of the detection; NULL for an interpolated row",
                (in row) => row.Score
            ),
            Column<InstanceRow>.Float("x1", Pixels, "left edge of the detector's box", (in row) => row.Box.X1),
            Column<InstanceRow>.Float("y1", Pixels, "top edge of the detector's box", (in row) => row.Box.Y1),
            Column<InstanceRow>.Float("x2", Pixels, "right edge of the detector's box, exclusive", (in row) => row.Box.X2),
            Column<InstanceRow>.Float("y2", Pixels, "bottom edge of the detector's box, exclusive", (in row) => row.Box.Y2),
            Column<InstanceRow>.Float(
                "track_x1",
                Pixels,
                "left edge of the tracker's estimate, may lie outside the frame; NULL without a track",
                (in row) => row.TrackBox?.X1
            ),
            Column<InstanceRow>.Float("track_y1", Pixels, "top edge of the tracker's estimate", (in row) => row.TrackBox?.Y1),
            Column<InstanceRow>.Float("track_x2", Pixels, "right edge of the tracker's estimate, exclusive", (in row) => row.TrackBox?.X2),
            Column<InstanceRow>.Float("track_y2", Pixels, "bottom edge of the tracker's estimate, exclusive", (in row) => row.TrackBox?.Y2),
            Column<InstanceRow>.Ascii(
                "mask_rle",
                "pixels",
                "COCO compressed run lengths of the mask, column by column, at mask_height × mask_width",
                (in row) => row.MaskRle
            ),
            Column<InstanceRow>.Integer("mask_height", "pixels", "height of the mask: that of the frame", (in row) => row.MaskSize.Height),
            Column<InstanceRow>.Integer("mask_width", "pixels", "width of the mask: that of the frame", (in row) => row.MaskSize.Width),
            Column<InstanceRow>.BigInt("mask_area", "pixels", "pixels of the mask that are set", (in row) => row.MaskArea),
            Column<InstanceRow>.Float(
                "centroid_x",
                Pixels,
                "mean of the centres of the mask's pixels; pixel 0 has its centre at 0.5; NULL for an empty mask",
                (in row) => (float?)row.Centroid?.X
            ),
            Column<InstanceRow>.Float("centroid_y", Pixels, "as centroid_x, downwards", (in row) => (float?)row.Centroid?.Y),
            Column<InstanceRow>.Text("source", "", "`detected`, or `interpolated` between two sightings of a track", (in row) => row.Source)
        );

    public static Table<InstanceRow> Candidates { get; } =
        Instances.Without(
            "candidates",
            "one row per weak detection that no track claimed, down to the tracker's low threshold: what `retrack` needs beside `instances`",
            "track_id",
            "track_x1",
            "track_y1",
            "track_x2",
            "track_y2"
        );

    public static Table<EvidenceRow> Evidence { get; } =
        new(
            "evidence",
            "one row per frame whose camera motion was looked at: what `retrack` needs for trackers that go by it",
            Column<EvidenceRow>.Text("video", "", "key of the video", (in row) => row.Video),
            Column<EvidenceRow>.BigInt("frame", "", "index from 0 in order of presentation", (in row) => row.Frame),
            Column<EvidenceRow>.Double(
                "motion_a",
                "",
                "a point (x, y) of the background in the frame before lies at (a x + b y + tx, c x + d y + ty) in this one",
                (in row) => row.CameraMotion.A
            ),
            Column<EvidenceRow>.Double("motion_b", "", "see motion_a", (in row) => row.CameraMotion.B),
            Column<EvidenceRow>.Double("motion_tx", Pixels, "see motion_a", (in row) => row.CameraMotion.Tx),
            Column<EvidenceRow>.Double("motion_c", "", "see motion_a", (in row) => row.CameraMotion.C),
            Column<EvidenceRow>.Double("motion_d", "", "see motion_a", (in row) => row.CameraMotion.D),
            Column<EvidenceRow>.Double("motion_ty", Pixels, "see motion_a", (in row) => row.CameraMotion.Ty)
        );

    public static Table<RegionRow> Regions { get; } =
        new(
            "regions",
            "one row per class and frame: all pixels of that class",
            Column<RegionRow>.Text("video", "", "key of the video", (in row) => row.Video),
            Column<RegionRow>.BigInt("frame", "", "index from 0 in order of presentation", (in row) => row.Frame),
            Column<RegionRow>.BigInt(
                "pts",
                "time base",
                "presentation time by the stream's own clock; NULL if the file has none",
                (in row) => row.Pts
            ),
            Column<RegionRow>.Double("time_s", Seconds, "time from the stream's start", (in row) => row.TimeS),
            Column<RegionRow>.Integer("class_id", "", "the model's number of the class", (in row) => row.ClassId),
            Column<RegionRow>.Text("class_name", "", "the model's name of the class", (in row) => row.ClassName),
            Column<RegionRow>.Ascii(
                "mask_rle",
                "pixels",
                "COCO compressed run lengths of the class's pixels, column by column, at mask_height × mask_width",
                (in row) => row.MaskRle
            ),
            Column<RegionRow>.Integer("mask_height", "pixels", "height of the mask: that of the frame", (in row) => row.MaskSize.Height),
            Column<RegionRow>.Integer("mask_width", "pixels", "width of the mask: that of the frame", (in row) => row.MaskSize.Width),
            Column<RegionRow>.BigInt("area", "pixels", "pixels of the class", (in row) => row.MaskArea),
            Column<RegionRow>.Double("share", "0 to 1", "the class's part of the frame's pixels", (in row) => row.Share)
        );

    public static Table<TrackRow> Tracks { get; } =
        new(
            "tracks",
            "one row per track",
            Column<TrackRow>.Text("video", "", "key of the video", (in row) => row.Video),
            Column<TrackRow>.BigInt("track_id", "", "from 1 in each video", (in row) => row.TrackId),
            Column<TrackRow>.Integer(
                "class_id",
                "",
                "class with the largest sum of scores over the track; the lower number if equal",
                (in row) => row.ClassId
            ),
            Column<TrackRow>.Text("class_name", "", "the model's name of that class", (in row) => row.ClassName),
            Column<TrackRow>.Double("class_share", "0 to 1", "that class's part of the sum of scores", (in row) => row.ClassShare),
            Column<TrackRow>.BigInt("first_frame", "", "first frame with the track", (in row) => row.FirstFrame),
            Column<TrackRow>.BigInt("last_frame", "", "last frame with the track", (in row) => row.LastFrame),
            Column<TrackRow>.Double("first_time_s", Seconds, "time of first_frame from the stream's start", (in row) => row.FirstTimeS),
            Column<TrackRow>.Double("last_time_s", Seconds, "time of last_frame from the stream's start", (in row) => row.LastTimeS),
            Column<TrackRow>.BigInt(
                "frames",
                "",
                "frames with the track: its rows in `instances`, interpolated ones too",
                (in row) => row.Frames
            ),
            Column<TrackRow>.BigInt(
                "gaps",
                "",
                "times the track was out of sight between first_frame and last_frame",
                (in row) => row.Gaps
            ),
            Column<TrackRow>.Double("mean_score", "0 to 1", "mean confidence of its detections", (in row) => row.MeanScore),
            Column<TrackRow>.Float("max_score", "0 to 1", "best confidence of its detections", (in row) => row.MaxScore),
            Column<TrackRow>.Double("mean_area", "pixels", "mean of mask_area", (in row) => row.MeanArea),
            Column<TrackRow>.Double(
                "path_length_px",
                Pixels,
                "length of the path of the mask's centroid from sighting to sighting",
                (in row) => row.PathLengthPx
            ),
            Column<TrackRow>.Double(
                "displacement_px",
                Pixels,
                "distance from the first to the last centroid",
                (in row) => row.DisplacementPx
            ),
            Column<TrackRow>.Double(
                "mean_speed_px_s",
                "pixels/s",
                "path_length_px over last_time_s − first_time_s; NULL when no time passed",
                (in row) => row.MeanSpeedPxS
            )
        );
}
