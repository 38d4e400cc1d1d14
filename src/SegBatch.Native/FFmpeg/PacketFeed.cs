using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>The packets of one stream on their way into a decoder, and the account of those it refuses. Owns the packet that is under way.</summary>
internal sealed unsafe class PacketFeed(MediaFile file, int stream) : IDisposable
{
    private AVPacket* _packet = ffmpeg.av_packet_alloc();
    private bool _damage;

    /// <summary>The decoder was told that there are no more.</summary>
    public bool AreSent { get; private set; }

    /// <summary>Packets refused as damaged so far.</summary>
    public long Damaged { get; private set; }

    /// <summary>A packet was encrypted, and there is no key.</summary>
    public bool AreEncrypted { get; private set; }

    /// <summary>Whether there was damage since this was asked last.</summary>
    public bool TakeDamage()
    {
        var damage = _damage;
        _damage = false;
        return damage;
    }

    /// <summary>Sends the next packet of the stream, or the end. Does nothing for a packet of another stream.</summary>
    /// <param name="acceleration">The hardware that decodes; null for software.</param>
    /// <exception cref="FFmpegException">The file cannot be read on, is encrypted, or a hardware decoder failed.</exception>
    public void SendNext(AVCodecContext* decoder, string? acceleration)
    {
        if (!file.Read(_packet))
        {
            AreSent = true;
            _ = ffmpeg.avcodec_send_packet(decoder, null);
            return;
        }

        try
        {
            if (_packet->stream_index == stream)
            {
                Send(decoder, acceleration);
            }
        }
        finally
        {
            ffmpeg.av_packet_unref(_packet);
        }
    }

    /// <summary>Accounts for a packet that the decoder refused; what is no damage is thrown.</summary>
    /// <exception cref="FFmpegException">A hardware decoder failed, or there is no memory.</exception>
    public void NoteDamage(int error, string? acceleration)
    {
        if (acceleration is not null)
        {
            throw new FFmpegException($"The {acceleration} decoder failed", error);
        }

        if (error == ffmpeg.AVERROR(ffmpeg.ENOMEM))
        {
            throw new FFmpegException($"No memory to decode {file.Path}", error);
        }

        Damaged++;
        _damage = true;
    }

    public void Dispose()
    {
        var packet = _packet;
        _packet = null;
        ffmpeg.av_packet_free(&packet);
    }

    private void Send(AVCodecContext* decoder, string? acceleration)
    {
        ulong size;
        if (ffmpeg.av_packet_get_side_data(_packet, AVPacketSideDataType.AV_PKT_DATA_ENCRYPTION_INFO, &size) is not null)
        {
            AreEncrypted = true;
            throw new FFmpegException($"{file.Path} is encrypted", ffmpeg.AVERROR(ffmpeg.EACCES));
        }

        _damage |= (_packet->flags & ffmpeg.AV_PKT_FLAG_CORRUPT) != 0;
        var result = ffmpeg.avcodec_send_packet(decoder, _packet);
        if (result < 0 && result != ffmpeg.AVERROR(ffmpeg.EAGAIN))
        {
            NoteDamage(result, acceleration);
        }
    }
}
