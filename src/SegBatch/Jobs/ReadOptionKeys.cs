using SegBatch.Decoding;
using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys that say what is read, at the top and at a source; and those of section `decode`.</summary>
internal static class ReadOptionKeys
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
    ];

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
