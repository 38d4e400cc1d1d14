// Written by eng/ffmpeg/generate.py from the FFmpeg 5.1 headers. Do not edit.
#pragma warning disable
namespace FFmpeg.AutoGen;

public unsafe struct AVBufferRef_ptrArray8
{
    public const int Size = 8;

    private AVBufferRef* _0, _1, _2, _3, _4, _5, _6, _7;

    public AVBufferRef* this[uint i]
    {
        get { fixed (AVBufferRef** p = &_0) { return p[Check(i)]; } }
        set { fixed (AVBufferRef** p = &_0) { p[Check(i)] = value; } }
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

public unsafe struct AVComponentDescriptor_array4
{
    public const int Size = 4;

    private AVComponentDescriptor _0, _1, _2, _3;

    public AVComponentDescriptor this[uint i]
    {
        get { fixed (AVComponentDescriptor* p = &_0) { return p[Check(i)]; } }
        set { fixed (AVComponentDescriptor* p = &_0) { p[Check(i)] = value; } }
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

public unsafe struct AVRational_array2
{
    public const int Size = 2;

    private AVRational _0, _1;

    public AVRational this[uint i]
    {
        get { fixed (AVRational* p = &_0) { return p[Check(i)]; } }
        set { fixed (AVRational* p = &_0) { p[Check(i)] = value; } }
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

public unsafe struct AVRational_array2_array3
{
    public const int Size = 3;

    private AVRational_array2 _0, _1, _2;

    public AVRational_array2 this[uint i]
    {
        get { fixed (AVRational_array2* p = &_0) { return p[Check(i)]; } }
        set { fixed (AVRational_array2* p = &_0) { p[Check(i)] = value; } }
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

public unsafe struct byte_ptrArray8
{
    public const int Size = 8;

    private byte* _0, _1, _2, _3, _4, _5, _6, _7;

    public byte* this[uint i]
    {
        get { fixed (byte** p = &_0) { return p[Check(i)]; } }
        set { fixed (byte** p = &_0) { p[Check(i)] = value; } }
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

public unsafe struct int_array8
{
    public const int Size = 8;

    private fixed int _[8];

    public int this[uint i]
    {
        get => _[Check(i)];
        set => _[Check(i)] = value;
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

public unsafe struct ulong_array8
{
    public const int Size = 8;

    private fixed ulong _[8];

    public ulong this[uint i]
    {
        get => _[Check(i)];
        set => _[Check(i)] = value;
    }

    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));
}

/// <summary>A C function pointer.</summary>
public struct AVClass_child_class_iterate_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVClass_child_next_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVClass_get_category_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVClass_item_name_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVClass_query_ranges_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVCodecContext_draw_horiz_band_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVCodecContext_execute2_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVCodecContext_execute_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVCodecContext_get_buffer2_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVCodecContext_get_encode_buffer_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVCodecContext_get_format_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVFormatContext_control_message_cb_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVFormatContext_io_close2_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVFormatContext_io_close_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVFormatContext_io_open_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVHWDeviceContext_free_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVHWFramesContext_free_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_read_packet_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_read_pause_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_read_seek_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_seek_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_update_checksum_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_write_data_type_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOContext_write_packet_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVIOInterruptCB_callback_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_get_device_list_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_close_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_header_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_packet_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_pause_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_play_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_probe_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_seek2_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_seek_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVInputFormat_read_timestamp_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_check_bitstream_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_control_message_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_deinit_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_get_device_list_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_get_output_timestamp_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_init_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_interleave_packet_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_query_codec_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_write_header_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_write_packet_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_write_trailer_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct AVOutputFormat_write_uncoded_frame_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct av_buffer_create_free_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct av_buffer_pool_init2_alloc_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct av_buffer_pool_init2_pool_free_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct av_log_set_callback_callback_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct avio_alloc_context_read_packet_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct avio_alloc_context_seek_func
{
    public nint Pointer;
}

/// <summary>A C function pointer.</summary>
public struct avio_alloc_context_write_packet_func
{
    public nint Pointer;
}

public unsafe partial struct AVBuffer
{
}

public unsafe partial struct AVBufferPool
{
}

public unsafe partial struct AVChannelCustom
{
}

public unsafe partial struct AVCodecInternal
{
}

public unsafe partial struct AVCodecTag
{
}

public unsafe partial struct AVDictionary
{
}

public unsafe partial struct AVHWAccel
{
}

public unsafe partial struct AVHWDeviceInternal
{
}

public unsafe partial struct AVHWFramesInternal
{
}

public unsafe partial struct RcOverride
{
}

public unsafe partial struct SwsContext
{
}

public unsafe partial struct SwsFilter
{
}

