using System.Globalization;
using System.Numerics;

namespace SegBatch.Letterboxing;

/// <summary>How a picture is brought to the size of a network's input.</summary>
public enum InputFit
{
    /// <summary>Scaled by one ratio into the input's size, the rest padded.</summary>
    Letterbox,

    /// <summary>Each axis scaled on its own: no padding.</summary>
    Stretch,

    /// <summary>Scaled by one ratio, the input has the size that comes of it. Exports of a fixed size are letterboxed.</summary>
    KeepAspect,
}

/// <summary>Where the padding of an input lies.</summary>
public enum PadSide
{
    /// <summary>On both sides of the picture, which is in the middle.</summary>
    Around,

    /// <summary>Right of and below the picture, which is at the top left.</summary>
    BottomRight,
}

/// <summary>The order of an input's channels.</summary>
public enum ChannelOrder
{
    Rgb,
    Bgr,
}

/// <summary>
/// What a family of networks wants its input to be; exports do not say it. A value is (level - mean) / deviation of its channel, with
/// levels of 0 to 255.
/// </summary>
public sealed record InputConvention
{
    /// <summary>YOLO's: letterboxed in the middle, grey 114, R, G, B from 0 to 1.</summary>
    public static InputConvention Yolo { get; } = new();

    public InputFit Fit { get; init; }

    public PadSide Padding { get; init; }

    public ChannelOrder Channels { get; init; }

    /// <summary>In the order of the channels, of levels of 0 to 255.</summary>
    public Vector3 Mean { get; init; }

    /// <inheritdoc cref="Mean"/>
    public Vector3 Deviation { get; init; } = new(255);

    /// <summary>Level of the padding, 0 to 255, normalised like the picture; null: the padding is 0 after normalising.</summary>
    public float? PadLevel { get; init; } = Letterboxer.PaddingLevel;

    /// <summary>Kept aspect: the short side in pixels at most; null: as the frame has it.</summary>
    public int? ShortSide { get; init; }

    /// <summary>Kept aspect: the long side in pixels at most; null: as the frame has it.</summary>
    public int? LongSide { get; init; }

    /// <summary>Kept aspect: the input's sides are multiples of this many pixels, by padding right and below.</summary>
    public int SideMultiple { get; init; } = 1;

    /// <summary>The network takes one picture a run: its outputs have no axis that tells pictures apart.</summary>
    public bool IsSinglePicture { get; init; }

    /// <summary>Values are levels divided by 255, R, G, B, the padding included.</summary>
    public bool IsPlain =>
        Channels == ChannelOrder.Rgb && Mean == Vector3.Zero && Deviation == new Vector3(255) && PadLevel == Letterboxer.PaddingLevel;

    /// <summary>What the padding of a channel is in the input.</summary>
    internal float PadValue(int channel) => PadLevel is { } level ? (level - Mean[channel]) / Deviation[channel] : 0f;

    /// <summary>Colours, scale, mean, deviation and padding in words.</summary>
    public override string ToString()
    {
        var order = Channels == ChannelOrder.Rgb ? "R, G, B" : "B, G, R";
        var values =
            Mean != Vector3.Zero ? $"{order}, less {Text(Mean)}, divided by {Text(Deviation)} (of 0 to 255)"
            : Deviation == new Vector3(255) ? $"{order} from 0 to 1"
            : Deviation == Vector3.One ? $"{order} from 0 to 255"
            : $"{order} from 0 to 255, divided by {Text(Deviation)}";
        if (Fit == InputFit.Stretch || this is { Fit: InputFit.KeepAspect, SideMultiple: 1 })
        {
            return $"{values}; no padding";
        }

        var where = Padding == PadSide.Around ? "around the picture" : "right of and below the picture";
        var multiple = Fit == InputFit.KeepAspect ? $", to multiples of {SideMultiple}" : "";
        return $"{values}; padding {where}{multiple}, {(PadLevel is { } level ? $"level {Text(level)}" : "0 after normalising")}";
    }

    private static string Text(Vector3 values) => $"({Text(values.X)}, {Text(values.Y)}, {Text(values.Z)})";

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
