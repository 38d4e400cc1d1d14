// Written by eng/ffmpeg/generate.py from the FFmpeg 5.1 headers. Do not edit.
#pragma warning disable
using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

public unsafe partial struct AVRational
{
    public int @num;
    public int @den;
}

public unsafe partial struct AVDictionaryEntry
{
    public byte* @key;
    public byte* @value;
}

public unsafe partial struct AVBufferRef
{
    public AVBuffer* @buffer;
    public byte* @data;
    public ulong @size;
}

public unsafe partial struct AVFrame
{
    public byte_ptrArray8 @data;
    public int_array8 @linesize;
    public byte** @extended_data;
    public int @width;
    public int @height;
    public int @nb_samples;
    public int @format;
    public int @key_frame;
    public AVPictureType @pict_type;
    public AVRational @sample_aspect_ratio;
    public long @pts;
    public long @pkt_dts;
    public AVRational @time_base;
    public int @coded_picture_number;
    public int @display_picture_number;
    public int @quality;
    public void* @opaque;
    public int @repeat_pict;
    public int @interlaced_frame;
    public int @top_field_first;
    public int @palette_has_changed;
    public long @reordered_opaque;
    public int @sample_rate;
    public ulong @channel_layout;
    public AVBufferRef_ptrArray8 @buf;
    public AVBufferRef** @extended_buf;
    public int @nb_extended_buf;
    public AVFrameSideData** @side_data;
    public int @nb_side_data;
    public int @flags;
    public AVColorRange @color_range;
    public AVColorPrimaries @color_primaries;
    public AVColorTransferCharacteristic @color_trc;
    public AVColorSpace @colorspace;
    public AVChromaLocation @chroma_location;
    public long @best_effort_timestamp;
    public long @pkt_pos;
    public long @pkt_duration;
    public AVDictionary* @metadata;
    public int @decode_error_flags;
    public int @channels;
    public int @pkt_size;
    public AVBufferRef* @hw_frames_ctx;
    public AVBufferRef* @opaque_ref;
    public ulong @crop_top;
    public ulong @crop_bottom;
    public ulong @crop_left;
    public ulong @crop_right;
    public AVBufferRef* @private_ref;
    public AVChannelLayout @ch_layout;
}

public unsafe partial struct AVFrameSideData
{
    public AVFrameSideDataType @type;
    public byte* @data;
    public ulong @size;
    public AVDictionary* @metadata;
    public AVBufferRef* @buf;
}

public unsafe partial struct AVPacket
{
    public AVBufferRef* @buf;
    public long @pts;
    public long @dts;
    public byte* @data;
    public int @size;
    public int @stream_index;
    public int @flags;
    public AVPacketSideData* @side_data;
    public int @side_data_elems;
    public long @duration;
    public long @pos;
    public void* @opaque;
    public AVBufferRef* @opaque_ref;
    public AVRational @time_base;
}

public unsafe partial struct AVPacketSideData
{
    public byte* @data;
    public ulong @size;
    public AVPacketSideDataType @type;
}

public unsafe partial struct AVCodec
{
    public byte* @name;
    public byte* @long_name;
    public AVMediaType @type;
    public AVCodecID @id;
    public int @capabilities;
    public byte @max_lowres;
    public AVRational* @supported_framerates;
    public AVPixelFormat* @pix_fmts;
    public int* @supported_samplerates;
    public AVSampleFormat* @sample_fmts;
    public ulong* @channel_layouts;
    public AVClass* @priv_class;
    public AVProfile* @profiles;
    public byte* @wrapper_name;
    public AVChannelLayout* @ch_layouts;
}

public unsafe partial struct AVCodecContext
{
    public AVClass* @av_class;
    public int @log_level_offset;
    public AVMediaType @codec_type;
    public AVCodec* @codec;
    public AVCodecID @codec_id;
    public uint @codec_tag;
    public void* @priv_data;
    public AVCodecInternal* @internal;
    public void* @opaque;
    public long @bit_rate;
    public int @bit_rate_tolerance;
    public int @global_quality;
    public int @compression_level;
    public int @flags;
    public int @flags2;
    public byte* @extradata;
    public int @extradata_size;
    public AVRational @time_base;
    public int @ticks_per_frame;
    public int @delay;
    public int @width;
    public int @height;
    public int @coded_width;
    public int @coded_height;
    public int @gop_size;
    public AVPixelFormat @pix_fmt;
    public AVCodecContext_draw_horiz_band_func @draw_horiz_band;
    public AVCodecContext_get_format_func @get_format;
    public int @max_b_frames;
    public float @b_quant_factor;
    public float @b_quant_offset;
    public int @has_b_frames;
    public float @i_quant_factor;
    public float @i_quant_offset;
    public float @lumi_masking;
    public float @temporal_cplx_masking;
    public float @spatial_cplx_masking;
    public float @p_masking;
    public float @dark_masking;
    public int @slice_count;
    public int* @slice_offset;
    public AVRational @sample_aspect_ratio;
    public int @me_cmp;
    public int @me_sub_cmp;
    public int @mb_cmp;
    public int @ildct_cmp;
    public int @dia_size;
    public int @last_predictor_count;
    public int @me_pre_cmp;
    public int @pre_dia_size;
    public int @me_subpel_quality;
    public int @me_range;
    public int @slice_flags;
    public int @mb_decision;
    public ushort* @intra_matrix;
    public ushort* @inter_matrix;
    public int @intra_dc_precision;
    public int @skip_top;
    public int @skip_bottom;
    public int @mb_lmin;
    public int @mb_lmax;
    public int @bidir_refine;
    public int @keyint_min;
    public int @refs;
    public int @mv0_threshold;
    public AVColorPrimaries @color_primaries;
    public AVColorTransferCharacteristic @color_trc;
    public AVColorSpace @colorspace;
    public AVColorRange @color_range;
    public AVChromaLocation @chroma_sample_location;
    public int @slices;
    public AVFieldOrder @field_order;
    public int @sample_rate;
    public int @channels;
    public AVSampleFormat @sample_fmt;
    public int @frame_size;
    public int @frame_number;
    public int @block_align;
    public int @cutoff;
    public ulong @channel_layout;
    public ulong @request_channel_layout;
    public AVAudioServiceType @audio_service_type;
    public AVSampleFormat @request_sample_fmt;
    public AVCodecContext_get_buffer2_func @get_buffer2;
    public float @qcompress;
    public float @qblur;
    public int @qmin;
    public int @qmax;
    public int @max_qdiff;
    public int @rc_buffer_size;
    public int @rc_override_count;
    public RcOverride* @rc_override;
    public long @rc_max_rate;
    public long @rc_min_rate;
    public float @rc_max_available_vbv_use;
    public float @rc_min_vbv_overflow_use;
    public int @rc_initial_buffer_occupancy;
    public int @trellis;
    public byte* @stats_out;
    public byte* @stats_in;
    public int @workaround_bugs;
    public int @strict_std_compliance;
    public int @error_concealment;
    public int @debug;
    public int @err_recognition;
    public long @reordered_opaque;
    public AVHWAccel* @hwaccel;
    public void* @hwaccel_context;
    public ulong_array8 @error;
    public int @dct_algo;
    public int @idct_algo;
    public int @bits_per_coded_sample;
    public int @bits_per_raw_sample;
    public int @lowres;
    public int @thread_count;
    public int @thread_type;
    public int @active_thread_type;
    public int @thread_safe_callbacks;
    public AVCodecContext_execute_func @execute;
    public AVCodecContext_execute2_func @execute2;
    public int @nsse_weight;
    public int @profile;
    public int @level;
    public AVDiscard @skip_loop_filter;
    public AVDiscard @skip_idct;
    public AVDiscard @skip_frame;
    public byte* @subtitle_header;
    public int @subtitle_header_size;
    public int @initial_padding;
    public AVRational @framerate;
    public AVPixelFormat @sw_pix_fmt;
    public AVRational @pkt_timebase;
    public AVCodecDescriptor* @codec_descriptor;
    public long @pts_correction_num_faulty_pts;
    public long @pts_correction_num_faulty_dts;
    public long @pts_correction_last_pts;
    public long @pts_correction_last_dts;
    public byte* @sub_charenc;
    public int @sub_charenc_mode;
    public int @skip_alpha;
    public int @seek_preroll;
    public int @debug_mv;
    public ushort* @chroma_intra_matrix;
    public byte* @dump_separator;
    public byte* @codec_whitelist;
    public uint @properties;
    public AVPacketSideData* @coded_side_data;
    public int @nb_coded_side_data;
    public AVBufferRef* @hw_frames_ctx;
    public int @sub_text_format;
    public int @trailing_padding;
    public long @max_pixels;
    public AVBufferRef* @hw_device_ctx;
    public int @hwaccel_flags;
    public int @apply_cropping;
    public int @extra_hw_frames;
    public int @discard_damaged_percentage;
    public long @max_samples;
    public int @export_side_data;
    public AVCodecContext_get_encode_buffer_func @get_encode_buffer;
    public AVChannelLayout @ch_layout;
}

public unsafe partial struct AVCodecParameters
{
    public AVMediaType @codec_type;
    public AVCodecID @codec_id;
    public uint @codec_tag;
    public byte* @extradata;
    public int @extradata_size;
    public int @format;
    public long @bit_rate;
    public int @bits_per_coded_sample;
    public int @bits_per_raw_sample;
    public int @profile;
    public int @level;
    public int @width;
    public int @height;
    public AVRational @sample_aspect_ratio;
    public AVFieldOrder @field_order;
    public AVColorRange @color_range;
    public AVColorPrimaries @color_primaries;
    public AVColorTransferCharacteristic @color_trc;
    public AVColorSpace @color_space;
    public AVChromaLocation @chroma_location;
    public int @video_delay;
    public ulong @channel_layout;
    public int @channels;
    public int @sample_rate;
    public int @block_align;
    public int @frame_size;
    public int @initial_padding;
    public int @trailing_padding;
    public int @seek_preroll;
    public AVChannelLayout @ch_layout;
}

public unsafe partial struct AVCodecHWConfig
{
    public AVPixelFormat @pix_fmt;
    public int @methods;
    public AVHWDeviceType @device_type;
}

public unsafe partial struct AVCodecDescriptor
{
    public AVCodecID @id;
    public AVMediaType @type;
    public byte* @name;
    public byte* @long_name;
    public int @props;
    public byte** @mime_types;
    public AVProfile* @profiles;
}

public unsafe partial struct AVProfile
{
    public int @profile;
    public byte* @name;
}

public unsafe partial struct AVClass
{
    public byte* @class_name;
    public AVClass_item_name_func @item_name;
    public AVOption* @option;
    public int @version;
    public int @log_level_offset_offset;
    public int @parent_log_context_offset;
    public AVClassCategory @category;
    public AVClass_get_category_func @get_category;
    public AVClass_query_ranges_func @query_ranges;
    public AVClass_child_next_func @child_next;
    public AVClass_child_class_iterate_func @child_class_iterate;
}

public unsafe partial struct AVOption
{
    public byte* @name;
    public byte* @help;
    public int @offset;
    public AVOptionType @type;
    public AVOption_default_val @default_val;
    public double @min;
    public double @max;
    public int @flags;
    public byte* @unit;
}

public unsafe partial struct AVChannelLayout
{
    public AVChannelOrder @order;
    public int @nb_channels;
    public AVChannelLayout_u @u;
    public void* @opaque;
}

public unsafe partial struct AVFormatContext
{
    public AVClass* @av_class;
    public AVInputFormat* @iformat;
    public AVOutputFormat* @oformat;
    public void* @priv_data;
    public AVIOContext* @pb;
    public int @ctx_flags;
    public uint @nb_streams;
    public AVStream** @streams;
    public byte* @url;
    public long @start_time;
    public long @duration;
    public long @bit_rate;
    public uint @packet_size;
    public int @max_delay;
    public int @flags;
    public long @probesize;
    public long @max_analyze_duration;
    public byte* @key;
    public int @keylen;
    public uint @nb_programs;
    public AVProgram** @programs;
    public AVCodecID @video_codec_id;
    public AVCodecID @audio_codec_id;
    public AVCodecID @subtitle_codec_id;
    public uint @max_index_size;
    public uint @max_picture_buffer;
    public uint @nb_chapters;
    public AVChapter** @chapters;
    public AVDictionary* @metadata;
    public long @start_time_realtime;
    public int @fps_probe_size;
    public int @error_recognition;
    public AVIOInterruptCB @interrupt_callback;
    public int @debug;
    public long @max_interleave_delta;
    public int @strict_std_compliance;
    public int @event_flags;
    public int @max_ts_probe;
    public int @avoid_negative_ts;
    public int @ts_id;
    public int @audio_preload;
    public int @max_chunk_duration;
    public int @max_chunk_size;
    public int @use_wallclock_as_timestamps;
    public int @avio_flags;
    public AVDurationEstimationMethod @duration_estimation_method;
    public long @skip_initial_bytes;
    public uint @correct_ts_overflow;
    public int @seek2any;
    public int @flush_packets;
    public int @probe_score;
    public int @format_probesize;
    public byte* @codec_whitelist;
    public byte* @format_whitelist;
    public int @io_repositioned;
    public AVCodec* @video_codec;
    public AVCodec* @audio_codec;
    public AVCodec* @subtitle_codec;
    public AVCodec* @data_codec;
    public int @metadata_header_padding;
    public void* @opaque;
    public AVFormatContext_control_message_cb_func @control_message_cb;
    public long @output_ts_offset;
    public byte* @dump_separator;
    public AVCodecID @data_codec_id;
    public byte* @protocol_whitelist;
    public AVFormatContext_io_open_func @io_open;
    public AVFormatContext_io_close_func @io_close;
    public byte* @protocol_blacklist;
    public int @max_streams;
    public int @skip_estimate_duration_from_pts;
    public int @max_probe_packets;
    public AVFormatContext_io_close2_func @io_close2;
}

public unsafe partial struct AVStream
{
    public int @index;
    public int @id;
    public void* @priv_data;
    public AVRational @time_base;
    public long @start_time;
    public long @duration;
    public long @nb_frames;
    public int @disposition;
    public AVDiscard @discard;
    public AVRational @sample_aspect_ratio;
    public AVDictionary* @metadata;
    public AVRational @avg_frame_rate;
    public AVPacket @attached_pic;
    public AVPacketSideData* @side_data;
    public int @nb_side_data;
    public int @event_flags;
    public AVRational @r_frame_rate;
    public AVCodecParameters* @codecpar;
    public int @pts_wrap_bits;
}

public unsafe partial struct AVInputFormat
{
    public byte* @name;
    public byte* @long_name;
    public int @flags;
    public byte* @extensions;
    public AVCodecTag** @codec_tag;
    public AVClass* @priv_class;
    public byte* @mime_type;
    public int @raw_codec_id;
    public int @priv_data_size;
    public int @flags_internal;
    public AVInputFormat_read_probe_func @read_probe;
    public AVInputFormat_read_header_func @read_header;
    public AVInputFormat_read_packet_func @read_packet;
    public AVInputFormat_read_close_func @read_close;
    public AVInputFormat_read_seek_func @read_seek;
    public AVInputFormat_read_timestamp_func @read_timestamp;
    public AVInputFormat_read_play_func @read_play;
    public AVInputFormat_read_pause_func @read_pause;
    public AVInputFormat_read_seek2_func @read_seek2;
    public AVInputFormat_get_device_list_func @get_device_list;
}

public unsafe partial struct AVOutputFormat
{
    public byte* @name;
    public byte* @long_name;
    public byte* @mime_type;
    public byte* @extensions;
    public AVCodecID @audio_codec;
    public AVCodecID @video_codec;
    public AVCodecID @subtitle_codec;
    public int @flags;
    public AVCodecTag** @codec_tag;
    public AVClass* @priv_class;
    public int @priv_data_size;
    public int @flags_internal;
    public AVOutputFormat_write_header_func @write_header;
    public AVOutputFormat_write_packet_func @write_packet;
    public AVOutputFormat_write_trailer_func @write_trailer;
    public AVOutputFormat_interleave_packet_func @interleave_packet;
    public AVOutputFormat_query_codec_func @query_codec;
    public AVOutputFormat_get_output_timestamp_func @get_output_timestamp;
    public AVOutputFormat_control_message_func @control_message;
    public AVOutputFormat_write_uncoded_frame_func @write_uncoded_frame;
    public AVOutputFormat_get_device_list_func @get_device_list;
    public AVCodecID @data_codec;
    public AVOutputFormat_init_func @init;
    public AVOutputFormat_deinit_func @deinit;
    public AVOutputFormat_check_bitstream_func @check_bitstream;
}

public unsafe partial struct AVIOContext
{
    public AVClass* @av_class;
    public byte* @buffer;
    public int @buffer_size;
    public byte* @buf_ptr;
    public byte* @buf_end;
    public void* @opaque;
    public AVIOContext_read_packet_func @read_packet;
    public AVIOContext_write_packet_func @write_packet;
    public AVIOContext_seek_func @seek;
    public long @pos;
    public int @eof_reached;
    public int @error;
    public int @write_flag;
    public int @max_packet_size;
    public int @min_packet_size;
    public ulong @checksum;
    public byte* @checksum_ptr;
    public AVIOContext_update_checksum_func @update_checksum;
    public AVIOContext_read_pause_func @read_pause;
    public AVIOContext_read_seek_func @read_seek;
    public int @seekable;
    public int @direct;
    public byte* @protocol_whitelist;
    public byte* @protocol_blacklist;
    public AVIOContext_write_data_type_func @write_data_type;
    public int @ignore_boundary_point;
    public long @written;
    public byte* @buf_ptr_max;
    public long @bytes_read;
    public long @bytes_written;
}

public unsafe partial struct AVIOInterruptCB
{
    public AVIOInterruptCB_callback_func @callback;
    public void* @opaque;
}

public unsafe partial struct AVPixFmtDescriptor
{
    public byte* @name;
    public byte @nb_components;
    public byte @log2_chroma_w;
    public byte @log2_chroma_h;
    public ulong @flags;
    public AVComponentDescriptor_array4 @comp;
    public byte* @alias;
}

public unsafe partial struct AVComponentDescriptor
{
    public int @plane;
    public int @step;
    public int @offset;
    public int @shift;
    public int @depth;
}

public unsafe partial struct AVHWDeviceContext
{
    public AVClass* @av_class;
    public AVHWDeviceInternal* @internal;
    public AVHWDeviceType @type;
    public void* @hwctx;
    public AVHWDeviceContext_free_func @free;
    public void* @user_opaque;
}

public unsafe partial struct AVHWFramesContext
{
    public AVClass* @av_class;
    public AVHWFramesInternal* @internal;
    public AVBufferRef* @device_ref;
    public AVHWDeviceContext* @device_ctx;
    public void* @hwctx;
    public AVHWFramesContext_free_func @free;
    public void* @user_opaque;
    public AVBufferPool* @pool;
    public int @initial_pool_size;
    public AVPixelFormat @format;
    public AVPixelFormat @sw_format;
    public int @width;
    public int @height;
}

public unsafe partial struct AVProgram
{
    public int @id;
    public int @flags;
    public AVDiscard @discard;
    public uint* @stream_index;
    public uint @nb_stream_indexes;
    public AVDictionary* @metadata;
    public int @program_num;
    public int @pmt_pid;
    public int @pcr_pid;
    public int @pmt_version;
    public long @start_time;
    public long @end_time;
    public long @pts_wrap_reference;
    public int @pts_wrap_behavior;
}

public unsafe partial struct AVChapter
{
    public long @id;
    public AVRational @time_base;
    public long @start;
    public long @end;
    public AVDictionary* @metadata;
}

public unsafe partial struct AVIndexEntry
{
    public long @pos;
    public long @timestamp;
    public int @flags2_size30;
    public int @min_distance;
}

public unsafe partial struct AVMasteringDisplayMetadata
{
    public AVRational_array2_array3 @display_primaries;
    public AVRational_array2 @white_point;
    public AVRational @min_luminance;
    public AVRational @max_luminance;
    public int @has_primaries;
    public int @has_luminance;
}

public unsafe partial struct AVContentLightMetadata
{
    public uint @MaxCLL;
    public uint @MaxFALL;
}

public unsafe partial struct AVMotionVector
{
    public int @source;
    public byte @w;
    public byte @h;
    public short @src_x;
    public short @src_y;
    public short @dst_x;
    public short @dst_y;
    public ulong @flags;
    public int @motion_x;
    public int @motion_y;
    public ushort @motion_scale;
}

public unsafe partial struct AVBitStreamFilter
{
    public byte* @name;
    public AVCodecID* @codec_ids;
    public AVClass* @priv_class;
}

public unsafe partial struct AVBSFContext
{
    public AVClass* @av_class;
    public AVBitStreamFilter* @filter;
    public void* @priv_data;
    public AVCodecParameters* @par_in;
    public AVCodecParameters* @par_out;
    public AVRational @time_base_in;
    public AVRational @time_base_out;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVChannelLayout_u
{
    [FieldOffset(0)] public ulong @mask;
    [FieldOffset(0)] public AVChannelCustom* @map;
}

[StructLayout(LayoutKind.Explicit)]
public unsafe partial struct AVOption_default_val
{
    [FieldOffset(0)] public long @i64;
    [FieldOffset(0)] public double @dbl;
    [FieldOffset(0)] public byte* @str;
    [FieldOffset(0)] public AVRational @q;
}
