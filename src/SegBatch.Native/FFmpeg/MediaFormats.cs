namespace SegBatch.Native.FFmpeg;

/// <summary>What may be opened, by FFmpeg's names of demuxers.</summary>
public static class MediaFormats
{
    /// <summary>Containers and raw streams that hold their own samples. Playlists (hls, concat, dash, sdp) are not among them.</summary>
    public const string Demuxers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,ivf,flv,asf,mpeg,mpegvideo,ogg,mxf,gif,h264,hevc,m4v,obu,av1,dv,nut,"
        + "yuv4mpegpipe,wtv,rm,vc1,apng,mjpeg,jpeg_pipe,png_pipe,bmp_pipe,tiff_pipe,webp_pipe,jpegls_pipe,j2k_pipe,ppm_pipe,pgm_pipe,"
        + "mp3,wav,flac,aac,srt";

    /// <summary>Those of still pictures.</summary>
    internal static readonly string[] Pictures =
    [
        "jpeg_pipe",
        "png_pipe",
        "bmp_pipe",
        "tiff_pipe",
        "webp_pipe",
        "ppm_pipe",
        "pgm_pipe",
        "j2k_pipe",
        "jpegls_pipe",
    ];
}
