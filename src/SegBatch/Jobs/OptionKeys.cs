using System.Text.Json;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Letterboxing;
using SegBatch.Motion;
using SegBatch.Output;
using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>
/// Every key of a manifest that sets an option, once: the reader, the command line, the JSON schema, the run record and the
/// documentation all go by this table. Defaults are the property initialisers of the option records.
/// </summary>
public static class OptionKeys
{
    private static readonly string[] Accelerations = ["cuda", "vaapi", "qsv"];

    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Decode("", "start", OptionValue.Moment, "first moment that is read", o => o.Start, (o, v) => o with { Start = (Moment)v! }),
        Decode("", "end", OptionValue.Moment, "first moment that is not read any more", o => o.End, (o, v) => o with { End = (Moment)v! }),
        Decode("", "stride", Integer(1, 1_000_000), "read every n-th frame", o => o.Stride, (o, v) => o with { Stride = Int(v) }) with
        {
            Aliases = ["vid_stride"],
        },
        Decode(
            "decode",
            "hwaccel",
            Choice(["none", "auto", .. Accelerations]),
            "hardware decoder; software where it fails",
            Hardware,
            Hardware
        ),
        Decode(
            "decode",
            "threads",
            Integer(1, 64).OrAuto(),
            "decoder threads per video",
            o => o.Threads,
            (o, v) => o with { Threads = Maybe(v) }
        ) with
        {
            Aliases = ["decode_threads"],
        },
        Letterbox(
            "imgsz",
            Size.OrAuto(),
            "input size, rounded up to the model's stride; auto is the model's own",
            o => o.ImgSz,
            (o, v) => o with { ImgSz = v is (int height, int width) ? (height, width) : null }
        ),
        Letterbox(
            "letterbox",
            Choice("square", "rect").OrAuto(),
            "pad to the full input, or only to the next multiple of the stride; auto is rect where the model allows it",
            o => o.Letterbox,
            (o, v) => o with { Letterbox = v is null ? null : Enum<LetterboxShape>(v) }
        ),
        Detect("conf", Number(0, 1), "lowest score of a detection", o => o.Conf, (o, v) => o with { Conf = Float(v) }),
        Detect(
            "iou",
            Number(0, 1),
            "overlap above which the weaker of two boxes is suppressed",
            o => o.Iou,
            (o, v) => o with { Iou = Float(v) }
        ),
        Detect("max_det", Integer(1, 30_000), "most detections per frame", o => o.MaxDet, (o, v) => o with { MaxDet = Int(v) }),
        Source("detect", "classes", Names, "class names or ids to keep", o => o.Classes, (o, v) => o with { Classes = (string[])v! }),
        Detect("agnostic_nms", Flag, "suppress across classes", o => o.AgnosticNms, (o, v) => o with { AgnosticNms = (bool)v! }),
        Detect(
            "masks",
            Choice("exact", "reference"),
            "how masks reach source resolution",
            o => o.Masks,
            (o, v) => o with { Masks = Enum<MaskMode>(v) }
        ),
        Detect(
            "retina_masks",
            Choice("true") with
            {
                Hint = "Masks always have the source's resolution here; leave it out.",
            },
            "the same as masks: exact",
            _ => null,
            (o, _) => o with { Masks = MaskMode.Exact }
        ) with
        {
            IsHabit = true,
        },
        Detect(
            "min_region",
            Integer(0, 1_000_000_000),
            "semantic models: pixels from which a connected region of a class is an object; 0 makes no objects",
            o => o.MinRegion,
            (o, v) => o with { MinRegion = Int(v) }
        ),
        Track("tracker", Trackers, "tracker, or none", o => o.Tracker, (o, v) => o with { Tracker = (string)v! }),
        Track(
            "lost_seconds",
            Number(0, 86_400).OrAuto(),
            "how long a track may stay unseen; auto counts track_buffer frames",
            o => o.LostSeconds,
            (o, v) => o with { LostSeconds = (double?)v }
        ),
        Track(
            "track_buffer",
            Integer(0, 1_000_000),
            "frames a track may stay unseen, where lost_seconds is auto",
            o => o.TrackBuffer,
            (o, v) => o with { TrackBuffer = Int(v) }
        ),
        Track(
            "track_high_thresh",
            Number(0, 1),
            "scores from here on are associated first",
            o => o.TrackHighThresh,
            (o, v) => o with { TrackHighThresh = Float(v) }
        ),
        Track(
            "track_low_thresh",
            Number(0, 1),
            "scores above this are associated second",
            o => o.TrackLowThresh,
            (o, v) => o with { TrackLowThresh = Float(v) }
        ),
        Track(
            "new_track_thresh",
            Number(0, 1),
            "score that starts a track",
            o => o.NewTrackThresh,
            (o, v) => o with { NewTrackThresh = Float(v) }
        ),
        Track(
            "match_thresh",
            Number(0, 1),
            "cost limit of the first association",
            o => o.MatchThresh,
            (o, v) => o with { MatchThresh = Float(v) }
        ),
        Track(
            "fuse_score",
            Flag,
            "multiply IoU and score in the first association",
            o => o.FuseScore,
            (o, v) => o with { FuseScore = (bool)v! }
        ),
        Track(
            "gmc_method",
            Choice("none", "sparseOptFlow", "motionVectors"),
            "botsort: how the camera's motion is found; its default is sparseOptFlow",
            o => Name(o.GmcMethod),
            (o, v) => o with { GmcMethod = Enum<CameraMotionMethod>(v) }
        ),
        Track(
            "delta_t",
            Integer(1, 1000),
            "ocsort, deepocsort: frames over which the direction of motion is taken",
            o => o.DeltaT,
            (o, v) => o with { DeltaT = Int(v) }
        ),
        Track(
            "inertia",
            Number(0, 1),
            "ocsort, deepocsort: cost of a detection right behind the track",
            o => o.Inertia,
            (o, v) => o with { Inertia = Float(v) }
        ),
        Track("use_byte", Flag, "ocsort, deepocsort: associate low scores too", o => o.UseByte, (o, v) => o with { UseByte = (bool)v! }),
        Track(
            "reset_velocity_offset_occ",
            Integer(1, 1000),
            "fasttrack: sightings to go back for the velocity of a hidden track",
            o => o.ResetVelocityOffsetOcc,
            (o, v) => o with { ResetVelocityOffsetOcc = Int(v) }
        ),
        Track(
            "reset_pos_offset_occ",
            Integer(1, 1000),
            "fasttrack: sightings to go back for the box of a hidden track",
            o => o.ResetPosOffsetOcc,
            (o, v) => o with { ResetPosOffsetOcc = Int(v) }
        ),
        Track(
            "enlarge_bbox_occ",
            Number(0.1, 10),
            "fasttrack: factor of a hidden track's size",
            o => o.EnlargeBboxOcc,
            (o, v) => o with { EnlargeBboxOcc = Float(v) }
        ),
        Track(
            "dampen_motion_occ",
            Number(0, 1),
            "fasttrack: factor of a hidden track's velocity",
            o => o.DampenMotionOcc,
            (o, v) => o with { DampenMotionOcc = Float(v) }
        ),
        Track(
            "active_occ_to_lost_thresh",
            Integer(0, 1_000_000),
            "fasttrack: frames a track may be hidden before it is lost",
            o => o.ActiveOccToLostThresh,
            (o, v) => o with { ActiveOccToLostThresh = Int(v) }
        ),
        Track(
            "occ_cover_thresh",
            Number(0, 1),
            "fasttrack: share of a box above which another hides it",
            o => o.OccCoverThresh,
            (o, v) => o with { OccCoverThresh = Float(v) }
        ),
        Track(
            "occ_reappear_window",
            Integer(0, 1_000_000),
            "fasttrack: frames after a track was hidden in which it may be found again, beyond track_buffer",
            o => o.OccReappearWindow,
            (o, v) => o with { OccReappearWindow = Int(v) }
        ),
        Track(
            "init_iou_suppress",
            Number(0, 1),
            "fasttrack: overlap with a track above which a detection starts none",
            o => o.InitIouSuppress,
            (o, v) => o with { InitIouSuppress = Float(v) }
        ),
        Track(
            "with_reid",
            Flag,
            "botsort, tracktrack: compare what objects look like, by an appearance model",
            o => o.WithReid,
            (o, v) => o with { WithReid = (bool)v! }
        ),
        Track(
            "model",
            OptionValue.File(".onnx").OrAuto() with
            {
                Hint = "Export an encoder or classifier to ONNX (yolo export model=FILE.pt format=onnx dynamic=True).",
            },
            "botsort, tracktrack: the appearance model; one vector or one score per class for a crop",
            o => o.AppearanceModel,
            (o, v) => o with { AppearanceModel = (string?)v }
        ) with
        {
            Aliases = ["reid_model"],
        },
        Track(
            "proximity_thresh",
            Number(0, 1),
            "botsort: least overlap at which looks are compared",
            o => o.ProximityThresh,
            (o, v) => o with { ProximityThresh = Float(v) }
        ),
        Track(
            "appearance_thresh",
            Number(0, 1),
            "botsort: least likeness of looks, 1 for the same",
            o => o.AppearanceThresh,
            (o, v) => o with { AppearanceThresh = Float(v) }
        ),
        TrackTrack(
            "lost_match_thr",
            "cost limit for tracks that are lost; 0 sets none of its own",
            o => o.LostMatchThr,
            (o, v) => o with { LostMatchThr = v }
        ),
        TrackTrack("iou_weight", "weight of the overlap in the cost", o => o.IouWeight, (o, v) => o with { IouWeight = v }),
        TrackTrack(
            "reid_weight",
            "weight of the looks in the cost, with_reid only",
            o => o.ReidWeight,
            (o, v) => o with { ReidWeight = v }
        ),
        TrackTrack("conf_weight", "weight of the score in the cost", o => o.ConfWeight, (o, v) => o with { ConfWeight = v }),
        TrackTrack("angle_weight", "weight of the direction in the cost", o => o.AngleWeight, (o, v) => o with { AngleWeight = v }),
        TrackTrack("penalty_p", "added to the cost of a low score", o => o.PenaltyP, (o, v) => o with { PenaltyP = v }),
        TrackTrack(
            "penalty_q",
            "read and without effect: boxes that suppression had left out are not tracked",
            o => o.PenaltyQ,
            (o, v) => o with { PenaltyQ = v }
        ),
        TrackTrack(
            "reduce_step",
            "by how much the cost limit falls from round to round",
            o => o.ReduceStep,
            (o, v) => o with { ReduceStep = v }
        ),
        TrackTrack("tai_thr", "overlap above which a detection starts no track", o => o.TaiThr, (o, v) => o with { TaiThr = v }),
        Track(
            "min_track_len",
            Integer(1, 1000),
            "tracktrack: sightings before a track shows",
            o => o.MinTrackLen,
            (o, v) => o with { MinTrackLen = Int(v) }
        ),
        Offline(
            "offline",
            Flag,
            "stitch tracks, fill gaps and remove ghosts when the whole video was seen; {max_gap: …} is true with these offline_ keys",
            o => o.Enabled,
            (o, v) => o with { Enabled = (bool)v! }
        ),
        Offline(
            "offline_max_gap",
            Number(0, 3600),
            "longest time in seconds between the end of a track and its continuation",
            o => o.MaxGap,
            (o, v) => o with { MaxGap = (double)v! }
        ),
        Offline(
            "offline_max_fill",
            Number(0, 3600),
            "gaps up to so many seconds are filled with interpolated rows; 0 fills none",
            o => o.MaxFill,
            (o, v) => o with { MaxFill = (double)v! }
        ),
        Offline(
            "offline_min_sightings",
            Integer(1, 1_000_000),
            "tracks with fewer detections are dissolved; 1 keeps all",
            o => o.MinSightings,
            (o, v) => o with { MinSightings = Int(v) }
        ),
        Track(
            "mask_weight",
            Number(0, 1),
            "masktrack: share of the masks in a likeness; the rest is the boxes'",
            o => o.MaskWeight,
            (o, v) => o with { MaskWeight = Float(v) }
        ),
        Track(
            "class_penalty",
            Number(0, 1),
            "masktrack: share of a likeness taken off where classes differ",
            o => o.ClassPenalty,
            (o, v) => o with { ClassPenalty = Float(v) }
        ),
        Track(
            "hidden_cover",
            Number(0, 1),
            "masktrack: share of a track's shape from which on other tracks' masks hide it",
            o => o.HiddenCover,
            (o, v) => o with { HiddenCover = Float(v) }
        ),
        Track(
            "hidden_patience",
            Number(0, 1000),
            "masktrack: how many times as long a hidden track may stay unseen",
            o => o.HiddenPatience,
            (o, v) => o with { HiddenPatience = Float(v) }
        ),
        Encode("video", Flag, "write annotated videos", o => o.Video, (o, v) => o with { Video = (bool)v! }) with
        {
            Aliases = ["save"],
        },
        Annotate(
            "color_by",
            Choice("track", "class"),
            "what a colour stands for",
            o => o.ColorBy,
            (o, v) => o with { ColorBy = Enum<ColorBy>(v) }
        ),
        Annotate("masks", Flag, "tint masks", o => o.Masks, (o, v) => o with { Masks = (bool)v! }) with
        {
            Aliases = ["show_masks"],
        },
        Annotate("contours", Flag, "outline masks", o => o.Contours, (o, v) => o with { Contours = (bool)v! }) with
        {
            Aliases = ["show_contours"],
        },
        Annotate("boxes", Flag, "draw boxes", o => o.Boxes, (o, v) => o with { Boxes = (bool)v! }) with
        {
            Aliases = ["show_boxes"],
        },
        Annotate("labels", Flag, "write id and class name", o => o.Labels, (o, v) => o with { Labels = (bool)v! }) with
        {
            Aliases = ["show_labels"],
        },
        Annotate("conf", Flag, "write the score behind the name", o => o.ShowConf, (o, v) => o with { ShowConf = (bool)v! }) with
        {
            Aliases = ["show_conf"],
        },
        Annotate(
            "trace_seconds",
            Number(0, 3600),
            "length of the path drawn behind a track; 0 draws none",
            o => o.TraceSeconds,
            (o, v) => o with { TraceSeconds = (double)v! }
        ),
        Annotate(
            "line_width",
            Integer(1, 100).OrAuto(),
            "pixels; auto goes by the picture's size",
            o => o.LineWidth,
            (o, v) => o with { LineWidth = Maybe(v) }
        ),
        Annotate(
            "mask_opacity",
            Number(0, 1),
            "share of the mask's colour in the mix",
            o => o.MaskOpacity,
            (o, v) => o with { MaskOpacity = Float(v) }
        ),
        Encode(
            "codec",
            Choice("h264", "hevc", "av1"),
            "codec of annotated videos",
            o => o.Codec,
            (o, v) => o with { Codec = Enum<VideoCodec>(v) }
        ),
        Encode(
            "container",
            Choice("mp4", "mkv"),
            "container of annotated videos",
            o => o.Container,
            (o, v) => o with { Container = (string)v! }
        ),
        Encode(
            "crf",
            Integer(0, 63),
            "constant rate factor: lower is better and larger; at most 51 for h264 and hevc",
            o => o.Crf,
            (o, v) => o with { Crf = Int(v) }
        ),
        Encode(
            "preset",
            Presets,
            "encoder preset; for av1 the nearest of its numbers",
            o => o.Preset,
            (o, v) => o with { Preset = (string)v! }
        ),
        Encode("audio", Choice("copy", "none"), "what happens to sound", o => o.Audio, (o, v) => o with { Audio = Enum<AudioPolicy>(v) }),
        Run("device", Devices, "where the network runs", o => o.Device, (o, v) => o with { Device = (string)v! }),
        Run(
            "batch",
            Integer(1, 256).OrAuto(),
            "pictures per run of the network; auto is 1 on the CPU, 8 on a GPU",
            o => o.Batch,
            (o, v) => o with { Batch = Maybe(v) }
        ),
        Run(
            "videos",
            Integer(1, 256).OrAuto(),
            "videos in work at once; auto goes by cores or GPU",
            o => o.Videos,
            (o, v) => o with { Videos = Maybe(v) }
        ),
        Run(
            "precision",
            Choice("auto", "fp32", "fp16"),
            "arithmetic of the network on a GPU",
            o => o.Precision,
            (o, v) => o with { Precision = (string)v! }
        ),
        Run("half", Flag, "the same as precision: fp16", _ => null, (o, v) => o with { Precision = (bool)v! ? "fp16" : "fp32" }) with
        {
            IsHabit = true,
        },
        Run(
            "candidates",
            Flag,
            "keep what only the tracker saw, for tracking again",
            o => o.Candidates,
            (o, v) => o with { Candidates = (bool)v! }
        ),
    ];

    /// <summary>Sections of a manifest that hold option keys.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["decode", "detect", "track", "annotate", "run"];

    private static OptionValue Trackers =>
        Choice([.. Tracking.Trackers.Names]) with
        {
            // The files of these names come with Ultralytics, and mean the tracker; other files are read, see TrackerFile.
            Habit = word => TrackerFile.BuiltIn(word) ?? word,
            FileEndings = [".yaml", ".yml"],
        };

    private static OptionKey TrackTrack(
        string name,
        string help,
        Func<Tracking.TrackingOptions, float> get,
        Func<Tracking.TrackingOptions, float, Tracking.TrackingOptions> apply
    ) => Track(name, Number(0, 1), $"tracktrack: {help}", o => get(o), (o, v) => apply(o, Float(v)));

    private static OptionValue Presets =>
        Choice("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow");

    private static OptionValue Devices =>
        Choice("auto", "cpu", "cuda", "cuda:N", "tensorrt", "tensorrt:N") with
        {
            Habit = word =>
                word == "gpu" ? "cuda"
                : word.Length is 1 or 2 && word.All(char.IsAsciiDigit) ? $"cuda:{word}"
                : word,
        };

    /// <summary>As the tracker files write it.</summary>
    private static string Name(CameraMotionMethod method) => JsonNamingPolicy.CamelCase.ConvertName(method.ToString());

    /// <summary>Everything as the reference does it: colour, letterbox, masks, tracker.</summary>
    public static SourceOptions Reference(SourceOptions options) =>
        options with
        {
            Decoding = options.Decoding with { ReferenceRgb = true },
            Letterbox = options.Letterbox with { Reference = true },
            Detection = options.Detection with { Masks = MaskMode.Reference },
            Tracking = options.Tracking with { LostSeconds = null },
        };

    private static string Hardware(DecodingOptions options) =>
        options.HardwareAccelerations switch
        {
            [] => "none",
            [var only] => only,
            _ => "auto",
        };

    private static DecodingOptions Hardware(DecodingOptions options, object? value) =>
        options with
        {
            HardwareAccelerations = (string)value! switch
            {
                "auto" => Accelerations,
                "none" => [],
                var named => [named],
            },
        };
}
