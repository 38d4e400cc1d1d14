using System.Text.Json.Nodes;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Jobs;
using SegBatch.Letterboxing;
using SegBatch.Output;
using SegBatch.Stitching;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class SettingsTests
{
    [Fact]
    public void Options_are_written_under_the_manifests_names()
    {
        var options = new SourceOptions
        {
            Decoding = new DecodingOptions { Start = Moment.AtSeconds(90), End = Moment.AtFrame(2250) },
            Letterbox = new LetterboxOptions { ImgSz = (384, 640), Letterbox = LetterboxShape.Rect },
            Detection = new DetectionOptions { Conf = 0.4f, Masks = MaskMode.Reference },
            Classes = ["person", "7"],
            Annotation = new AnnotationOptions { ColorBy = ColorBy.Class },
            Encoding = new VideoEncodingOptions { Codec = VideoCodec.Av1 },
            Offline = new OfflineOptions
            {
                Enabled = true,
                MaxGap = 2.5,
                MinSightings = 4,
            },
        };
        var expected = JsonNode.Parse(
            """
            {
              "start": 90, "end": {"frame": 2250}, "stride": 1,
              "detect": {
                "imgsz": [384, 640], "letterbox": "rect", "conf": 0.4, "iou": 0.7, "max_det": 300, "classes": ["person", "7"],
                "agnostic_nms": false, "masks": "reference", "min_region": 40
              },
              "track": {
                "tracker": "bytetrack", "lost_seconds": null, "track_buffer": 30, "track_high_thresh": 0.25, "track_low_thresh": 0.1,
                "new_track_thresh": 0.25, "match_thresh": 0.8, "fuse_score": true, "gmc_method": "none", "delta_t": 3, "inertia": 0.2, "use_byte": false,
                "reset_velocity_offset_occ": 5, "reset_pos_offset_occ": 3, "enlarge_bbox_occ": 1.1, "dampen_motion_occ": 0.5,
                "active_occ_to_lost_thresh": 10, "occ_cover_thresh": 0.7, "occ_reappear_window": 40, "init_iou_suppress": 0.7,
                "with_reid": false, "model": null, "proximity_thresh": 0.5, "appearance_thresh": 0.8, "lost_match_thr": 0,
                "iou_weight": 0.5, "reid_weight": 0.5, "conf_weight": 0.1, "angle_weight": 0.05, "penalty_p": 0.2, "penalty_q": 0.4,
                "reduce_step": 0.05, "tai_thr": 0.55, "min_track_len": 3,
                "offline": true, "offline_max_gap": 2.5, "offline_max_fill": 1, "offline_min_sightings": 4,
                "mask_weight": 0.6, "class_penalty": 0.3, "hidden_cover": 0.5, "hidden_patience": 3
              },
              "annotate": {
                "video": true, "color_by": "class", "masks": true, "contours": true, "boxes": true, "labels": true, "conf": true,
                "trace_seconds": 2, "line_width": null, "mask_opacity": 0.5, "codec": "av1", "container": "mp4", "crf": 23,
                "preset": "superfast", "audio": "copy"
              },
              "mode": "default"
            }
            """
        );
        var actual = EffectiveOptions.ToJson(options);
        Assert.True(JsonNode.DeepEquals(expected, actual), actual.ToJsonString());
    }

    [Fact]
    public void What_was_written_and_read_again_does_not_differ()
    {
        var settings = EffectiveOptions.ToJson(
            new SourceOptions
            {
                Decoding = new DecodingOptions { Start = Moment.AtSeconds(90), End = Moment.AtSeconds(100.1) },
                Detection = new DetectionOptions { Conf = 1 / 3f },
                Classes = ["é"],
            }
        );
        var again = JsonNode.Parse(settings.ToJsonString(RecordJson.Options))!.AsObject();
        Assert.Empty(EffectiveOptions.Differences(again, settings));
    }

    [Fact]
    public void Differences_are_named_with_both_values()
    {
        var before = EffectiveOptions.ToJson(new SourceOptions());
        var now = EffectiveOptions.ToJson(
            new SourceOptions
            {
                Detection = new DetectionOptions { Conf = 0.4f },
                Classes = ["person"],
                Decoding = new DecodingOptions { Stride = 2 },
            }
        );
        Assert.Equal(
            ["stride: was 1, now 2", "detect.conf: was 0.25, now 0.4", "detect.classes: was null, now [\"person\"]"],
            EffectiveOptions.Differences(before, now)
        );
    }

    [Fact]
    public void How_the_machine_is_used_is_no_setting()
    {
        var options = new SourceOptions
        {
            Decoding = new DecodingOptions { Threads = 4, HardwareAccelerations = ["cuda"] },
        };
        Assert.Empty(EffectiveOptions.Differences(EffectiveOptions.ToJson(new SourceOptions()), EffectiveOptions.ToJson(options)));
    }

    private static string? Shown(OptionKey key, JobDraft draft) => EffectiveOptions.ToJson(key.Get(draft))?.ToJsonString();

    [Fact]
    public void Every_key_reads_back_what_it_sets()
    {
        foreach (var key in OptionKeys.All.Where(key => !key.IsHabit))
        {
            foreach (var word in Words(key.Value))
            {
                var (value, problem) = key.Value.Parse([word]);
                Assert.True(problem is null, $"{key.FullName} {word}: {problem}");
                var draft = key.Apply(new JobDraft(), value);
                var shown = EffectiveOptions.ToJson(key.Get(draft))?.ToJsonString() ?? "null";
                var expected = key.Value.Kind switch
                {
                    _ when word == "auto" && key.Value.TakesAuto => "null",
                    OptionKind.Choice or OptionKind.File => $"\"{word}\"",
                    OptionKind.Size => $"[{word},{word}]",
                    OptionKind.Names => $"[\"{word}\"]",
                    _ => word,
                };
                Assert.Equal((key.FullName, expected), (key.FullName, shown));
                var others = OptionKeys.All.Where(other =>
                    other != key && !other.IsHabit && Shown(other, draft) != Shown(other, new JobDraft())
                );
                // Only these words mean more than their own key: trackers with defaults of their own.
                string[] own = word switch
                {
                    "deepocsort" => ["track.track_high_thresh 0.3", "track.new_track_thresh 0.3"],
                    "botsort" => ["track.gmc_method \"sparseOptFlow\""],
                    "tracktrack" =>
                    [
                        "track.track_high_thresh 0.6",
                        "track.track_low_thresh 0.25",
                        "track.new_track_thresh 0.7",
                        "track.match_thresh 0.7",
                        "track.gmc_method \"sparseOptFlow\"",
                    ],
                    _ => [],
                };
                Assert.Equal(own, others.Select(other => $"{other.FullName} {Shown(other, draft)}"));
            }
        }
    }

    [Fact]
    public void No_name_means_two_keys_of_a_section() =>
        Assert.All(
            OptionKeys.All.GroupBy(key => key.Section),
            section =>
            {
                var names = section.SelectMany(key => key.Aliases.Append(key.Name)).ToList();
                Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            }
        );

    /// <summary>Words a value may be, other than most defaults.</summary>
    private static IEnumerable<string> Words(OptionValue value)
    {
        string[] words = value.Kind switch
        {
            OptionKind.Flag => ["true", "false"],
            OptionKind.Integer => [$"{value.Min}", $"{value.Max}", "7"],
            OptionKind.Number => [$"{value.Min}", $"{value.Max}", "0.3125"],
            OptionKind.Choice => [.. value.Choices.Select(choice => choice.Replace(":N", ":3", StringComparison.Ordinal))],
            OptionKind.Moment => ["90", "0.5"],
            OptionKind.Size => ["640"],
            OptionKind.File => [$"reid{value.FileEndings[0]}"],
            _ => ["person"],
        };
        return value.TakesAuto ? words.Append("auto") : words;
    }
}
