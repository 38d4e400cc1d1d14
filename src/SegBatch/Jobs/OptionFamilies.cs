using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Letterboxing;
using SegBatch.Output;
using SegBatch.Stitching;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>Makes keys that get and set one property of one option record inside a draft; and values as those properties have them.</summary>
internal static class OptionFamilies
{
    public static OptionKey Source(
        string section,
        string name,
        OptionValue value,
        string help,
        Func<SourceOptions, object?> get,
        Func<SourceOptions, object?, SourceOptions> apply
    ) => new(section, name, value, help, draft => get(draft.Source), (draft, v) => draft with { Source = apply(draft.Source, v) });

    public static OptionKey Decode(
        string section,
        string name,
        OptionValue value,
        string help,
        Func<DecodingOptions, object?> get,
        Func<DecodingOptions, object?, DecodingOptions> apply
    ) => Source(section, name, value, help, o => get(o.Decoding), (o, v) => o with { Decoding = apply(o.Decoding, v) });

    public static OptionKey Letterbox(
        string name,
        OptionValue value,
        string help,
        Func<LetterboxOptions, object?> get,
        Func<LetterboxOptions, object?, LetterboxOptions> apply
    ) => Source("detect", name, value, help, o => get(o.Letterbox), (o, v) => o with { Letterbox = apply(o.Letterbox, v) });

    public static OptionKey Detect(
        string name,
        OptionValue value,
        string help,
        Func<DetectionOptions, object?> get,
        Func<DetectionOptions, object?, DetectionOptions> apply
    ) => Source("detect", name, value, help, o => get(o.Detection), (o, v) => o with { Detection = apply(o.Detection, v) });

    public static OptionKey Track(
        string name,
        OptionValue value,
        string help,
        Func<TrackingOptions, object?> get,
        Func<TrackingOptions, object?, TrackingOptions> apply
    ) => Source("track", name, value, help, o => get(o.Tracking), (o, v) => o with { Tracking = apply(o.Tracking, v) });

    public static OptionKey Offline(
        string name,
        OptionValue value,
        string help,
        Func<OfflineOptions, object?> get,
        Func<OfflineOptions, object?, OfflineOptions> apply
    ) => Source("track", name, value, help, o => get(o.Offline), (o, v) => o with { Offline = apply(o.Offline, v) });

    public static OptionKey Annotate(
        string name,
        OptionValue value,
        string help,
        Func<AnnotationOptions, object?> get,
        Func<AnnotationOptions, object?, AnnotationOptions> apply
    ) => Source("annotate", name, value, help, o => get(o.Annotation), (o, v) => o with { Annotation = apply(o.Annotation, v) });

    public static OptionKey Encode(
        string name,
        OptionValue value,
        string help,
        Func<VideoEncodingOptions, object?> get,
        Func<VideoEncodingOptions, object?, VideoEncodingOptions> apply
    ) => Source("annotate", name, value, help, o => get(o.Encoding), (o, v) => o with { Encoding = apply(o.Encoding, v) });

    public static OptionKey Run(
        string name,
        OptionValue value,
        string help,
        Func<RunOptions, object?> get,
        Func<RunOptions, object?, RunOptions> apply
    ) => new("run", name, value, help, draft => get(draft.Run), (draft, v) => draft with { Run = apply(draft.Run, v) });

    public static int Int(object? value) => (int)(long)value!;

    public static int? Maybe(object? value) => (int?)(long?)value;

    public static float Float(object? value) => (float)(double)value!;

    public static T Enum<T>(object? value)
        where T : struct, Enum => System.Enum.Parse<T>((string)value!, ignoreCase: true);
}
