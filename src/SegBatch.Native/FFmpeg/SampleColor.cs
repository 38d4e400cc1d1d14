using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>The matrices that samples are converted with.</summary>
public enum YuvMatrix
{
    Bt601,
    Bt709,
    Bt2020,
}

/// <summary>Matrix, primaries and transfer as code points of ITU-T H.273 (2 is "unspecified"), and whether luma spans 0–255.</summary>
public readonly record struct SampleColor(int Matrix, bool FullRange, int Primaries, int Transfer)
{
    /// <summary>PQ (16) or HLG (18): brighter than a plain display shows.</summary>
    public bool IsHighDynamicRange =>
        Transfer is (int)AVColorTransferCharacteristic.AVCOL_TRC_SMPTE2084 or (int)AVColorTransferCharacteristic.AVCOL_TRC_ARIB_STD_B67;

    /// <summary>The tagged matrix. Untagged samples, and RGB that becomes YUV: BT.709 from 720 lines on, BT.601 below.</summary>
    public YuvMatrix MatrixAt(int height) =>
        (AVColorSpace)Matrix switch
        {
            AVColorSpace.AVCOL_SPC_BT709 => YuvMatrix.Bt709,
            AVColorSpace.AVCOL_SPC_BT2020_NCL or AVColorSpace.AVCOL_SPC_BT2020_CL => YuvMatrix.Bt2020,
            AVColorSpace.AVCOL_SPC_BT470BG or AVColorSpace.AVCOL_SPC_SMPTE170M or AVColorSpace.AVCOL_SPC_FCC => YuvMatrix.Bt601,
            _ => height >= 720 ? YuvMatrix.Bt709 : YuvMatrix.Bt601,
        };

    /// <summary>Untagged range is limited, but for the layouts that libswscale itself takes as full: "yuvj…" and grey.</summary>
    internal static SampleColor Of(int matrix, AVColorRange range, AVPixelFormat format, int primaries, int transfer)
    {
        var name = ffmpeg.av_get_pix_fmt_name(format) ?? "";
        string[] full = ["yuvj", "gray", "ya"];
        var isFull =
            range == AVColorRange.AVCOL_RANGE_JPEG
            || (range == AVColorRange.AVCOL_RANGE_UNSPECIFIED && full.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
        return new SampleColor(matrix, isFull && !IsRgb(format), primaries, transfer);
    }

    internal static unsafe SampleColor Of(AVFrame* frame) =>
        Of((int)frame->colorspace, frame->color_range, (AVPixelFormat)frame->format, (int)frame->color_primaries, (int)frame->color_trc);

    /// <summary>True for RGB, palettes included.</summary>
    internal static unsafe bool IsRgb(AVPixelFormat format) =>
        Has(format, (ulong)ffmpeg.AV_PIX_FMT_FLAG_RGB | (ulong)ffmpeg.AV_PIX_FMT_FLAG_PAL);

    internal static unsafe bool IsHardware(AVPixelFormat format) => Has(format, (ulong)ffmpeg.AV_PIX_FMT_FLAG_HWACCEL);

    private static unsafe bool Has(AVPixelFormat format, ulong flags)
    {
        var descriptor = ffmpeg.av_pix_fmt_desc_get(format);
        return descriptor is not null && (descriptor->flags & flags) != 0;
    }
}
