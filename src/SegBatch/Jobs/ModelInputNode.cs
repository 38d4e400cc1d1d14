using System.Globalization;
using System.Numerics;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Reads the keys of <c>model</c> that say what exports do not: the layout of the outputs, the labels, how the input is fed.</summary>
internal static class ModelInputNode
{
    public static readonly string[] Keys = ["layout", "labels", "fit", "align", "pad", "colors", "mean", "std"];

    public static OptionValue Layout { get; } = OptionValue.Choice([.. ModelLayouts.Names]);

    public static OptionValue Labels { get; } = OptionValue.Choice("0", "1", "coco91");

    public static OptionValue Fit { get; } = OptionValue.Choice("letterbox", "stretch", "keep-aspect");

    public static OptionValue Align { get; } =
        OptionValue.Choice("centre", "top-left") with
        {
            Habit = word => word == "center" ? "centre" : word,
        };

    public static OptionValue Pad { get; } = OptionValue.Number(0, 255);

    public static OptionValue Colors { get; } = OptionValue.Choice("rgb", "bgr");

    /// <summary>What is stated with a key added; problems leave it out.</summary>
    public static ModelOverrides Read(ManifestText text, ModelOverrides known, string key, YamlNode value)
    {
        switch (key)
        {
            case "mean":
                return known with { Mean = Levels(text, key, value, least: 0) };
            case "std":
                return known with { Deviation = Deviation(text, value) };
            case "pad":
                return known with { PadLevel = (float?)(OptionNodes.Value(text, key, Pad, value).Value as double?) };
        }

        var rule = key switch
        {
            "layout" => Layout,
            "labels" => Labels,
            "fit" => Fit,
            "align" => Align,
            _ => Colors,
        };
        return (key, OptionNodes.Value(text, key, rule, value).Value as string) switch
        {
            (_, null) => known,
            ("layout", var name) => known with { Layout = name },
            ("labels", var labels) => known with
            {
                Labels = labels switch
                {
                    "0" => LabelNumbers.FromZero,
                    "1" => LabelNumbers.FromOne,
                    _ => LabelNumbers.Coco91,
                },
            },
            ("fit", var fit) => known with
            {
                Fit = fit switch
                {
                    "stretch" => InputFit.Stretch,
                    "keep-aspect" => InputFit.KeepAspect,
                    _ => InputFit.Letterbox,
                },
            },
            ("align", var align) => known with { Padding = align == "centre" ? PadSide.Around : PadSide.BottomRight },
            (_, var colors) => known with { Channels = colors == "bgr" ? ChannelOrder.Bgr : ChannelOrder.Rgb },
        };
    }

    /// <summary>Deviations below 1 are those of pictures from 0 to 1: a mistake that would not show otherwise.</summary>
    private static Vector3? Deviation(ManifestText text, YamlNode value)
    {
        if (Levels(text, "std", value, least: double.Epsilon) is not { } levels)
        {
            return null;
        }

        if (levels is { X: < 1, Y: < 1, Z: < 1 })
        {
            text.Problem(
                value,
                "std: expected deviations of levels of 0 to 255, these are of values of 0 to 1: multiply mean and std by 255"
            );
            return null;
        }

        return levels;
    }

    /// <summary>Three numbers in the order of the channels, or one for all.</summary>
    private static Vector3? Levels(ManifestText text, string key, YamlNode value, double least)
    {
        if (text.Words(value) is not { } words)
        {
            return null;
        }

        var numbers = words
            .Select(word =>
                float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= 255
                    ? number
                    : (float?)null
            )
            .ToList();
        if (numbers.Count is not (1 or 3) || numbers.Contains(null))
        {
            text.Problem(
                value,
                $"{key}: expected three numbers {(least > 0 ? "above 0, up to" : "from 0 to")} 255 in the order of the channels, or one for all"
            );
            return null;
        }

        return new Vector3(numbers[0]!.Value, numbers[numbers.Count / 2]!.Value, numbers[^1]!.Value);
    }
}
