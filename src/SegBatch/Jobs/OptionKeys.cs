using SegBatch.Detection;

namespace SegBatch.Jobs;

/// <summary>
/// Every key of a manifest that sets an option, once: the reader, the command line, the JSON schema, the run record and the
/// documentation all go by this table. Defaults are the property initialisers of the option records.
/// </summary>
public static class OptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [.. ReadOptionKeys.All, .. DetectOptionKeys.All, .. TrackOptionKeys.All, .. AnnotateOptionKeys.All, .. RunOptionKeys.All];

    /// <summary>Sections of a manifest that hold option keys.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["decode", "detect", "track", "annotate", "run"];

    /// <summary>Everything as the reference does it: colour, letterbox, masks, tracker.</summary>
    public static SourceOptions Reference(SourceOptions options) =>
        options with
        {
            Decoding = options.Decoding with { ReferenceRgb = true },
            Letterbox = options.Letterbox with { Reference = true },
            Detection = options.Detection with { Masks = MaskMode.Reference },
            Tracking = options.Tracking with { LostSeconds = null },
        };
}
