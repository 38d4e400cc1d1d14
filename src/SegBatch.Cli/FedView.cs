using System.Numerics;
using SegBatch.Letterboxing;

namespace SegBatch.Cli;

/// <summary>Words how a model's input is fed.</summary>
internal static class FedView
{
    /// <summary>Sizes: what is possible, and what becomes of a usual frame.</summary>
    public static string Size(ModelReport report)
    {
        if (report.Letterbox is not { } letterbox)
        {
            return "takes no pictures";
        }

        if (report.Layout is null)
        {
            return "as its layout says, which is not known";
        }

        var card = report.Card;
        var fit = card.Convention.Fit;
        var size =
            !card.IsDynamic ? $"always {letterbox.Input} (width x height), {(fit == InputFit.Stretch ? "stretched" : "letterbox square")}"
            : fit == InputFit.Letterbox
                ? $"any multiple of {card.Stride}, imgsz {card.ImgSz.Height}x{card.ImgSz.Width} (height x width), letterbox rect"
            : fit == InputFit.Stretch ? $"stretched to imgsz {card.ImgSz.Height}x{card.ImgSz.Width} (height x width)"
            : AnySize(card.Convention, card.StatedImgSz);
        var batch = report.Batch is { } pictures ? $", batch {pictures}{(card.FixedBatch is null ? "" : " (fixed)")}" : "";
        return $"{size}; a {letterbox.Source} frame becomes {letterbox.Resized} in {letterbox.Input}{batch}";
    }

    public static object Json(InputConvention convention) =>
        new
        {
            Fit = convention.Fit switch
            {
                InputFit.Stretch => "stretch",
                InputFit.KeepAspect => "keep-aspect",
                _ => "letterbox",
            },
            Align = convention.Padding == PadSide.Around ? "centre" : "top-left",
            Pad = convention.PadLevel,
            Colors = convention.Channels == ChannelOrder.Rgb ? "rgb" : "bgr",
            Mean = Numbers(convention.Mean),
            Std = Numbers(convention.Deviation),
        };

    private static string AnySize(InputConvention convention, (int Height, int Width)? stated) =>
        stated is var (height, width)
            ? $"any size, keeping its aspect: short side {Math.Min(height, width)}, long side at most {Math.Max(height, width)} (imgsz)"
        : convention.ShortSide is { } least
            ? $"any size, keeping its aspect: as the frame is, but the short side at most {least}, the long side {convention.LongSide}; imgsz "
                + "states both, and enlarges"
        : "any size: as the frame is; imgsz states another";

    private static float[] Numbers(Vector3 values) => [values.X, values.Y, values.Z];
}
