// Written by eng/ffmpeg/generate.py from the FFmpeg 5.1 headers. Do not edit.
#pragma warning disable
using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

public static unsafe partial class ffmpeg
{
    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_alloc", ExactSpelling = true)]
    public static extern AVFrame* av_frame_alloc();

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_free", ExactSpelling = true)]
    public static extern void av_frame_free(AVFrame** @frame);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_unref", ExactSpelling = true)]
    public static extern void av_frame_unref(AVFrame* @frame);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_ref", ExactSpelling = true)]
    public static extern int av_frame_ref(AVFrame* @dst, AVFrame* @src);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_move_ref", ExactSpelling = true)]
    public static extern void av_frame_move_ref(AVFrame* @dst, AVFrame* @src);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_get_buffer", ExactSpelling = true)]
    public static extern int av_frame_get_buffer(AVFrame* @frame, int @align);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_is_writable", ExactSpelling = true)]
    public static extern int av_frame_is_writable(AVFrame* @frame);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_make_writable", ExactSpelling = true)]
    public static extern int av_frame_make_writable(AVFrame* @frame);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_copy", ExactSpelling = true)]
    public static extern int av_frame_copy(AVFrame* @dst, AVFrame* @src);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_copy_props", ExactSpelling = true)]
    public static extern int av_frame_copy_props(AVFrame* @dst, AVFrame* @src);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_get_side_data", ExactSpelling = true)]
    public static extern AVFrameSideData* av_frame_get_side_data(AVFrame* @frame, AVFrameSideDataType @type);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_frame_remove_side_data", ExactSpelling = true)]
    public static extern void av_frame_remove_side_data(AVFrame* @frame, AVFrameSideDataType @type);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_ref", ExactSpelling = true)]
    public static extern AVBufferRef* av_buffer_ref(AVBufferRef* @buf);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_unref", ExactSpelling = true)]
    public static extern void av_buffer_unref(AVBufferRef** @buf);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_create", ExactSpelling = true)]
    public static extern AVBufferRef* av_buffer_create(byte* @data, ulong @size, av_buffer_create_free_func @free, void* @opaque, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_pool_init2", ExactSpelling = true)]
    public static extern AVBufferPool* av_buffer_pool_init2(ulong @size, void* @opaque, av_buffer_pool_init2_alloc_func @alloc, av_buffer_pool_init2_pool_free_func @pool_free);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_pool_get", ExactSpelling = true)]
    public static extern AVBufferRef* av_buffer_pool_get(AVBufferPool* @pool);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_pool_uninit", ExactSpelling = true)]
    public static extern void av_buffer_pool_uninit(AVBufferPool** @pool);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_buffer_get_ref_count", ExactSpelling = true)]
    public static extern int av_buffer_get_ref_count(AVBufferRef* @buf);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_malloc", ExactSpelling = true)]
    public static extern void* av_malloc(ulong @size);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_mallocz", ExactSpelling = true)]
    public static extern void* av_mallocz(ulong @size);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_free", ExactSpelling = true)]
    public static extern void av_free(void* @ptr);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_freep", ExactSpelling = true)]
    public static extern void av_freep(void* @ptr);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_strdup", ExactSpelling = true)]
    public static extern byte* av_strdup([MarshalAs(UnmanagedType.LPUTF8Str)] string @s);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_strerror", ExactSpelling = true)]
    public static extern int av_strerror(int @errnum, byte* @errbuf, ulong @errbuf_size);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_dict_set", ExactSpelling = true)]
    public static extern int av_dict_set(AVDictionary** @pm, [MarshalAs(UnmanagedType.LPUTF8Str)] string @key, [MarshalAs(UnmanagedType.LPUTF8Str)] string @value, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_dict_get", ExactSpelling = true)]
    public static extern AVDictionaryEntry* av_dict_get(AVDictionary* @m, [MarshalAs(UnmanagedType.LPUTF8Str)] string @key, AVDictionaryEntry* @prev, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_dict_free", ExactSpelling = true)]
    public static extern void av_dict_free(AVDictionary** @m);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_dict_count", ExactSpelling = true)]
    public static extern int av_dict_count(AVDictionary* @m);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_dict_copy", ExactSpelling = true)]
    public static extern int av_dict_copy(AVDictionary** @dst, AVDictionary* @src, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_opt_set", ExactSpelling = true)]
    public static extern int av_opt_set(void* @obj, [MarshalAs(UnmanagedType.LPUTF8Str)] string @name, [MarshalAs(UnmanagedType.LPUTF8Str)] string @val, int @search_flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_opt_set_int", ExactSpelling = true)]
    public static extern int av_opt_set_int(void* @obj, [MarshalAs(UnmanagedType.LPUTF8Str)] string @name, long @val, int @search_flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_opt_set_dict", ExactSpelling = true)]
    public static extern int av_opt_set_dict(void* @obj, AVDictionary** @options);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_log_set_callback", ExactSpelling = true)]
    public static extern void av_log_set_callback(av_log_set_callback_callback_func @callback);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_log_set_level", ExactSpelling = true)]
    public static extern void av_log_set_level(int @level);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_log_get_level", ExactSpelling = true)]
    public static extern int av_log_get_level();

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_log_format_line2", ExactSpelling = true)]
    public static extern int av_log_format_line2(void* @ptr, int @level, [MarshalAs(UnmanagedType.LPUTF8Str)] string @fmt, byte* @vl, byte* @line, int @line_size, int* @print_prefix);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_log_default_callback", ExactSpelling = true)]
    public static extern void av_log_default_callback(void* @avcl, int @level, [MarshalAs(UnmanagedType.LPUTF8Str)] string @fmt, byte* @vl);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_default_item_name", ExactSpelling = true)]
    private static extern byte* av_default_item_name_native(void* @ctx);

    public static string av_default_item_name(void* @ctx) => Marshal.PtrToStringUTF8((nint)av_default_item_name_native(@ctx));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_display_rotation_get", ExactSpelling = true)]
    public static extern double av_display_rotation_get(int* @matrix);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_display_rotation_set", ExactSpelling = true)]
    public static extern void av_display_rotation_set(int* @matrix, double @angle);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_pix_fmt_desc_get", ExactSpelling = true)]
    public static extern AVPixFmtDescriptor* av_pix_fmt_desc_get(AVPixelFormat @pix_fmt);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_get_pix_fmt_name", ExactSpelling = true)]
    private static extern byte* av_get_pix_fmt_name_native(AVPixelFormat @pix_fmt);

    public static string av_get_pix_fmt_name(AVPixelFormat @pix_fmt) => Marshal.PtrToStringUTF8((nint)av_get_pix_fmt_name_native(@pix_fmt));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_get_pix_fmt", ExactSpelling = true)]
    public static extern AVPixelFormat av_get_pix_fmt([MarshalAs(UnmanagedType.LPUTF8Str)] string @name);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_pix_fmt_count_planes", ExactSpelling = true)]
    public static extern int av_pix_fmt_count_planes(AVPixelFormat @pix_fmt);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_color_space_name", ExactSpelling = true)]
    private static extern byte* av_color_space_name_native(AVColorSpace @space);

    public static string av_color_space_name(AVColorSpace @space) => Marshal.PtrToStringUTF8((nint)av_color_space_name_native(@space));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_color_range_name", ExactSpelling = true)]
    private static extern byte* av_color_range_name_native(AVColorRange @range);

    public static string av_color_range_name(AVColorRange @range) => Marshal.PtrToStringUTF8((nint)av_color_range_name_native(@range));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_color_primaries_name", ExactSpelling = true)]
    private static extern byte* av_color_primaries_name_native(AVColorPrimaries @primaries);

    public static string av_color_primaries_name(AVColorPrimaries @primaries) => Marshal.PtrToStringUTF8((nint)av_color_primaries_name_native(@primaries));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_color_transfer_name", ExactSpelling = true)]
    private static extern byte* av_color_transfer_name_native(AVColorTransferCharacteristic @transfer);

    public static string av_color_transfer_name(AVColorTransferCharacteristic @transfer) => Marshal.PtrToStringUTF8((nint)av_color_transfer_name_native(@transfer));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_chroma_location_name", ExactSpelling = true)]
    private static extern byte* av_chroma_location_name_native(AVChromaLocation @location);

    public static string av_chroma_location_name(AVChromaLocation @location) => Marshal.PtrToStringUTF8((nint)av_chroma_location_name_native(@location));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_image_get_buffer_size", ExactSpelling = true)]
    public static extern int av_image_get_buffer_size(AVPixelFormat @pix_fmt, int @width, int @height, int @align);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_image_fill_arrays", ExactSpelling = true)]
    public static extern int av_image_fill_arrays(byte** @dst_data, int* @dst_linesize, byte* @src, AVPixelFormat @pix_fmt, int @width, int @height, int @align);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_image_copy", ExactSpelling = true)]
    public static extern void av_image_copy(byte** @dst_data, int* @dst_linesizes, byte** @src_data, int* @src_linesizes, AVPixelFormat @pix_fmt, int @width, int @height);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_image_copy_plane", ExactSpelling = true)]
    public static extern void av_image_copy_plane(byte* @dst, int @dst_linesize, byte* @src, int @src_linesize, int @bytewidth, int @height);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_image_check_size2", ExactSpelling = true)]
    public static extern int av_image_check_size2(uint @w, uint @h, long @max_pixels, AVPixelFormat @pix_fmt, int @log_offset, void* @log_ctx);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwdevice_ctx_create", ExactSpelling = true)]
    public static extern int av_hwdevice_ctx_create(AVBufferRef** @device_ctx, AVHWDeviceType @type, [MarshalAs(UnmanagedType.LPUTF8Str)] string @device, AVDictionary* @opts, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwdevice_iterate_types", ExactSpelling = true)]
    public static extern AVHWDeviceType av_hwdevice_iterate_types(AVHWDeviceType @prev);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwdevice_get_type_name", ExactSpelling = true)]
    private static extern byte* av_hwdevice_get_type_name_native(AVHWDeviceType @type);

    public static string av_hwdevice_get_type_name(AVHWDeviceType @type) => Marshal.PtrToStringUTF8((nint)av_hwdevice_get_type_name_native(@type));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwdevice_find_type_by_name", ExactSpelling = true)]
    public static extern AVHWDeviceType av_hwdevice_find_type_by_name([MarshalAs(UnmanagedType.LPUTF8Str)] string @name);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwframe_transfer_data", ExactSpelling = true)]
    public static extern int av_hwframe_transfer_data(AVFrame* @dst, AVFrame* @src, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwframe_ctx_alloc", ExactSpelling = true)]
    public static extern AVBufferRef* av_hwframe_ctx_alloc(AVBufferRef* @device_ctx);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwframe_ctx_init", ExactSpelling = true)]
    public static extern int av_hwframe_ctx_init(AVBufferRef* @ref);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwframe_get_buffer", ExactSpelling = true)]
    public static extern int av_hwframe_get_buffer(AVBufferRef* @hwframe_ctx, AVFrame* @frame, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_hwframe_transfer_get_formats", ExactSpelling = true)]
    public static extern int av_hwframe_transfer_get_formats(AVBufferRef* @hwframe_ctx, AVHWFrameTransferDirection @dir, AVPixelFormat** @formats, int @flags);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_channel_layout_default", ExactSpelling = true)]
    public static extern void av_channel_layout_default(AVChannelLayout* @ch_layout, int @nb_channels);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_channel_layout_copy", ExactSpelling = true)]
    public static extern int av_channel_layout_copy(AVChannelLayout* @dst, AVChannelLayout* @src);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_channel_layout_uninit", ExactSpelling = true)]
    public static extern void av_channel_layout_uninit(AVChannelLayout* @channel_layout);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_channel_layout_describe", ExactSpelling = true)]
    public static extern int av_channel_layout_describe(AVChannelLayout* @channel_layout, byte* @buf, ulong @buf_size);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_rescale_q", ExactSpelling = true)]
    public static extern long av_rescale_q(long @a, AVRational @bq, AVRational @cq);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_rescale_q_rnd", ExactSpelling = true)]
    public static extern long av_rescale_q_rnd(long @a, AVRational @bq, AVRational @cq, AVRounding @rnd);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_compare_ts", ExactSpelling = true)]
    public static extern int av_compare_ts(long @ts_a, AVRational @tb_a, long @ts_b, AVRational @tb_b);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_reduce", ExactSpelling = true)]
    public static extern int av_reduce(int* @dst_num, int* @dst_den, long @num, long @den, long @max);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_get_media_type_string", ExactSpelling = true)]
    private static extern byte* av_get_media_type_string_native(AVMediaType @media_type);

    public static string av_get_media_type_string(AVMediaType @media_type) => Marshal.PtrToStringUTF8((nint)av_get_media_type_string_native(@media_type));

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avutil_version", ExactSpelling = true)]
    public static extern uint avutil_version();

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avutil_license", ExactSpelling = true)]
    private static extern byte* avutil_license_native();

    public static string avutil_license() => Marshal.PtrToStringUTF8((nint)avutil_license_native());

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_version_info", ExactSpelling = true)]
    private static extern byte* av_version_info_native();

    public static string av_version_info() => Marshal.PtrToStringUTF8((nint)av_version_info_native());

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_get_bytes_per_sample", ExactSpelling = true)]
    public static extern int av_get_bytes_per_sample(AVSampleFormat @sample_fmt);

    [DllImport("avutil-57", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_samples_get_buffer_size", ExactSpelling = true)]
    public static extern int av_samples_get_buffer_size(int* @linesize, int @nb_channels, int @nb_samples, AVSampleFormat @sample_fmt, int @align);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_version", ExactSpelling = true)]
    public static extern uint avcodec_version();

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_configuration", ExactSpelling = true)]
    private static extern byte* avcodec_configuration_native();

    public static string avcodec_configuration() => Marshal.PtrToStringUTF8((nint)avcodec_configuration_native());

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_find_decoder", ExactSpelling = true)]
    public static extern AVCodec* avcodec_find_decoder(AVCodecID @id);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_find_decoder_by_name", ExactSpelling = true)]
    public static extern AVCodec* avcodec_find_decoder_by_name([MarshalAs(UnmanagedType.LPUTF8Str)] string @name);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_find_encoder", ExactSpelling = true)]
    public static extern AVCodec* avcodec_find_encoder(AVCodecID @id);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_find_encoder_by_name", ExactSpelling = true)]
    public static extern AVCodec* avcodec_find_encoder_by_name([MarshalAs(UnmanagedType.LPUTF8Str)] string @name);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_alloc_context3", ExactSpelling = true)]
    public static extern AVCodecContext* avcodec_alloc_context3(AVCodec* @codec);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_free_context", ExactSpelling = true)]
    public static extern void avcodec_free_context(AVCodecContext** @avctx);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_open2", ExactSpelling = true)]
    public static extern int avcodec_open2(AVCodecContext* @avctx, AVCodec* @codec, AVDictionary** @options);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_flush_buffers", ExactSpelling = true)]
    public static extern void avcodec_flush_buffers(AVCodecContext* @avctx);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_send_packet", ExactSpelling = true)]
    public static extern int avcodec_send_packet(AVCodecContext* @avctx, AVPacket* @avpkt);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_receive_frame", ExactSpelling = true)]
    public static extern int avcodec_receive_frame(AVCodecContext* @avctx, AVFrame* @frame);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_send_frame", ExactSpelling = true)]
    public static extern int avcodec_send_frame(AVCodecContext* @avctx, AVFrame* @frame);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_receive_packet", ExactSpelling = true)]
    public static extern int avcodec_receive_packet(AVCodecContext* @avctx, AVPacket* @avpkt);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_get_name", ExactSpelling = true)]
    private static extern byte* avcodec_get_name_native(AVCodecID @id);

    public static string avcodec_get_name(AVCodecID @id) => Marshal.PtrToStringUTF8((nint)avcodec_get_name_native(@id));

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_get_hw_config", ExactSpelling = true)]
    public static extern AVCodecHWConfig* avcodec_get_hw_config(AVCodec* @codec, int @index);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_align_dimensions2", ExactSpelling = true)]
    public static extern void avcodec_align_dimensions2(AVCodecContext* @s, int* @width, int* @height, int* @linesize_align);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_default_get_buffer2", ExactSpelling = true)]
    public static extern int avcodec_default_get_buffer2(AVCodecContext* @s, AVFrame* @frame, int @flags);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_get_hw_frames_parameters", ExactSpelling = true)]
    public static extern int avcodec_get_hw_frames_parameters(AVCodecContext* @avctx, AVBufferRef* @device_ref, AVPixelFormat @hw_pix_fmt, AVBufferRef** @out_frames_ref);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_default_get_format", ExactSpelling = true)]
    public static extern AVPixelFormat avcodec_default_get_format(AVCodecContext* @s, AVPixelFormat* @fmt);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_descriptor_get", ExactSpelling = true)]
    public static extern AVCodecDescriptor* avcodec_descriptor_get(AVCodecID @id);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_profile_name", ExactSpelling = true)]
    private static extern byte* avcodec_profile_name_native(AVCodecID @codec_id, int @profile);

    public static string avcodec_profile_name(AVCodecID @codec_id, int @profile) => Marshal.PtrToStringUTF8((nint)avcodec_profile_name_native(@codec_id, @profile));

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_parameters_alloc", ExactSpelling = true)]
    public static extern AVCodecParameters* avcodec_parameters_alloc();

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_parameters_copy", ExactSpelling = true)]
    public static extern int avcodec_parameters_copy(AVCodecParameters* @dst, AVCodecParameters* @src);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_parameters_free", ExactSpelling = true)]
    public static extern void avcodec_parameters_free(AVCodecParameters** @par);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_parameters_from_context", ExactSpelling = true)]
    public static extern int avcodec_parameters_from_context(AVCodecParameters* @par, AVCodecContext* @codec);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avcodec_parameters_to_context", ExactSpelling = true)]
    public static extern int avcodec_parameters_to_context(AVCodecContext* @codec, AVCodecParameters* @par);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_alloc", ExactSpelling = true)]
    public static extern AVPacket* av_packet_alloc();

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_free", ExactSpelling = true)]
    public static extern void av_packet_free(AVPacket** @pkt);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_unref", ExactSpelling = true)]
    public static extern void av_packet_unref(AVPacket* @pkt);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_ref", ExactSpelling = true)]
    public static extern int av_packet_ref(AVPacket* @dst, AVPacket* @src);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_move_ref", ExactSpelling = true)]
    public static extern void av_packet_move_ref(AVPacket* @dst, AVPacket* @src);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_rescale_ts", ExactSpelling = true)]
    public static extern void av_packet_rescale_ts(AVPacket* @pkt, AVRational @tb_src, AVRational @tb_dst);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_get_side_data", ExactSpelling = true)]
    public static extern byte* av_packet_get_side_data(AVPacket* @pkt, AVPacketSideDataType @type, ulong* @size);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_new_side_data", ExactSpelling = true)]
    public static extern byte* av_packet_new_side_data(AVPacket* @pkt, AVPacketSideDataType @type, ulong @size);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_packet_add_side_data", ExactSpelling = true)]
    public static extern int av_packet_add_side_data(AVPacket* @pkt, AVPacketSideDataType @type, byte* @data, ulong @size);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_codec_iterate", ExactSpelling = true)]
    public static extern AVCodec* av_codec_iterate(void** @opaque);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_codec_is_encoder", ExactSpelling = true)]
    public static extern int av_codec_is_encoder(AVCodec* @codec);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_codec_is_decoder", ExactSpelling = true)]
    public static extern int av_codec_is_decoder(AVCodec* @codec);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_bsf_get_by_name", ExactSpelling = true)]
    public static extern AVBitStreamFilter* av_bsf_get_by_name([MarshalAs(UnmanagedType.LPUTF8Str)] string @name);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_bsf_alloc", ExactSpelling = true)]
    public static extern int av_bsf_alloc(AVBitStreamFilter* @filter, AVBSFContext** @ctx);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_bsf_init", ExactSpelling = true)]
    public static extern int av_bsf_init(AVBSFContext* @ctx);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_bsf_free", ExactSpelling = true)]
    public static extern void av_bsf_free(AVBSFContext** @ctx);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_bsf_send_packet", ExactSpelling = true)]
    public static extern int av_bsf_send_packet(AVBSFContext* @ctx, AVPacket* @pkt);

    [DllImport("avcodec-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_bsf_receive_packet", ExactSpelling = true)]
    public static extern int av_bsf_receive_packet(AVBSFContext* @ctx, AVPacket* @pkt);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_version", ExactSpelling = true)]
    public static extern uint avformat_version();

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_alloc_context", ExactSpelling = true)]
    public static extern AVFormatContext* avformat_alloc_context();

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_open_input", ExactSpelling = true)]
    public static extern int avformat_open_input(AVFormatContext** @ps, [MarshalAs(UnmanagedType.LPUTF8Str)] string @url, AVInputFormat* @fmt, AVDictionary** @options);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_close_input", ExactSpelling = true)]
    public static extern void avformat_close_input(AVFormatContext** @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_free_context", ExactSpelling = true)]
    public static extern void avformat_free_context(AVFormatContext* @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_find_stream_info", ExactSpelling = true)]
    public static extern int avformat_find_stream_info(AVFormatContext* @ic, AVDictionary** @options);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_find_best_stream", ExactSpelling = true)]
    public static extern int av_find_best_stream(AVFormatContext* @ic, AVMediaType @type, int @wanted_stream_nb, int @related_stream, AVCodec** @decoder_ret, int @flags);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_find_input_format", ExactSpelling = true)]
    public static extern AVInputFormat* av_find_input_format([MarshalAs(UnmanagedType.LPUTF8Str)] string @short_name);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_read_frame", ExactSpelling = true)]
    public static extern int av_read_frame(AVFormatContext* @s, AVPacket* @pkt);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_seek_frame", ExactSpelling = true)]
    public static extern int av_seek_frame(AVFormatContext* @s, int @stream_index, long @timestamp, int @flags);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_seek_file", ExactSpelling = true)]
    public static extern int avformat_seek_file(AVFormatContext* @s, int @stream_index, long @min_ts, long @ts, long @max_ts, int @flags);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_dump_format", ExactSpelling = true)]
    public static extern void av_dump_format(AVFormatContext* @ic, int @index, [MarshalAs(UnmanagedType.LPUTF8Str)] string @url, int @is_output);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_guess_frame_rate", ExactSpelling = true)]
    public static extern AVRational av_guess_frame_rate(AVFormatContext* @ctx, AVStream* @stream, AVFrame* @frame);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_guess_sample_aspect_ratio", ExactSpelling = true)]
    public static extern AVRational av_guess_sample_aspect_ratio(AVFormatContext* @format, AVStream* @stream, AVFrame* @frame);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_stream_get_side_data", ExactSpelling = true)]
    public static extern byte* av_stream_get_side_data(AVStream* @stream, AVPacketSideDataType @type, ulong* @size);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_stream_new_side_data", ExactSpelling = true)]
    public static extern byte* av_stream_new_side_data(AVStream* @stream, AVPacketSideDataType @type, ulong @size);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_stream_add_side_data", ExactSpelling = true)]
    public static extern int av_stream_add_side_data(AVStream* @st, AVPacketSideDataType @type, byte* @data, ulong @size);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_alloc_output_context2", ExactSpelling = true)]
    public static extern int avformat_alloc_output_context2(AVFormatContext** @ctx, AVOutputFormat* @oformat, [MarshalAs(UnmanagedType.LPUTF8Str)] string @format_name, [MarshalAs(UnmanagedType.LPUTF8Str)] string @filename);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_new_stream", ExactSpelling = true)]
    public static extern AVStream* avformat_new_stream(AVFormatContext* @s, AVCodec* @c);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_write_header", ExactSpelling = true)]
    public static extern int avformat_write_header(AVFormatContext* @s, AVDictionary** @options);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_query_codec", ExactSpelling = true)]
    public static extern int avformat_query_codec(AVOutputFormat* @ofmt, AVCodecID @codec_id, int @std_compliance);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_interleaved_write_frame", ExactSpelling = true)]
    public static extern int av_interleaved_write_frame(AVFormatContext* @s, AVPacket* @pkt);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_write_frame", ExactSpelling = true)]
    public static extern int av_write_frame(AVFormatContext* @s, AVPacket* @pkt);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_write_trailer", ExactSpelling = true)]
    public static extern int av_write_trailer(AVFormatContext* @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_open", ExactSpelling = true)]
    public static extern int avio_open(AVIOContext** @s, [MarshalAs(UnmanagedType.LPUTF8Str)] string @url, int @flags);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_open2", ExactSpelling = true)]
    public static extern int avio_open2(AVIOContext** @s, [MarshalAs(UnmanagedType.LPUTF8Str)] string @url, int @flags, AVIOInterruptCB* @int_cb, AVDictionary** @options);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_closep", ExactSpelling = true)]
    public static extern int avio_closep(AVIOContext** @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_close", ExactSpelling = true)]
    public static extern int avio_close(AVIOContext* @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_size", ExactSpelling = true)]
    public static extern long avio_size(AVIOContext* @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_alloc_context", ExactSpelling = true)]
    public static extern AVIOContext* avio_alloc_context(byte* @buffer, int @buffer_size, int @write_flag, void* @opaque, avio_alloc_context_read_packet_func @read_packet, avio_alloc_context_write_packet_func @write_packet, avio_alloc_context_seek_func @seek);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avio_context_free", ExactSpelling = true)]
    public static extern void avio_context_free(AVIOContext** @s);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_guess_format", ExactSpelling = true)]
    public static extern AVOutputFormat* av_guess_format([MarshalAs(UnmanagedType.LPUTF8Str)] string @short_name, [MarshalAs(UnmanagedType.LPUTF8Str)] string @filename, [MarshalAs(UnmanagedType.LPUTF8Str)] string @mime_type);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_demuxer_iterate", ExactSpelling = true)]
    public static extern AVInputFormat* av_demuxer_iterate(void** @opaque);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "av_muxer_iterate", ExactSpelling = true)]
    public static extern AVOutputFormat* av_muxer_iterate(void** @opaque);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_index_get_entries_count", ExactSpelling = true)]
    public static extern int avformat_index_get_entries_count(AVStream* @st);

    [DllImport("avformat-59", CallingConvention = CallingConvention.Cdecl, EntryPoint = "avformat_index_get_entry", ExactSpelling = true)]
    public static extern AVIndexEntry* avformat_index_get_entry(AVStream* @st, int @idx);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "swscale_version", ExactSpelling = true)]
    public static extern uint swscale_version();

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_getContext", ExactSpelling = true)]
    public static extern SwsContext* sws_getContext(int @srcW, int @srcH, AVPixelFormat @srcFormat, int @dstW, int @dstH, AVPixelFormat @dstFormat, int @flags, SwsFilter* @srcFilter, SwsFilter* @dstFilter, double* @param);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_getCachedContext", ExactSpelling = true)]
    public static extern SwsContext* sws_getCachedContext(SwsContext* @context, int @srcW, int @srcH, AVPixelFormat @srcFormat, int @dstW, int @dstH, AVPixelFormat @dstFormat, int @flags, SwsFilter* @srcFilter, SwsFilter* @dstFilter, double* @param);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_alloc_context", ExactSpelling = true)]
    public static extern SwsContext* sws_alloc_context();

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_init_context", ExactSpelling = true)]
    public static extern int sws_init_context(SwsContext* @sws_context, SwsFilter* @srcFilter, SwsFilter* @dstFilter);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_freeContext", ExactSpelling = true)]
    public static extern void sws_freeContext(SwsContext* @swsContext);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_scale", ExactSpelling = true)]
    public static extern int sws_scale(SwsContext* @c, byte** @srcSlice, int* @srcStride, int @srcSliceY, int @srcSliceH, byte** @dst, int* @dstStride);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_scale_frame", ExactSpelling = true)]
    public static extern int sws_scale_frame(SwsContext* @c, AVFrame* @dst, AVFrame* @src);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_setColorspaceDetails", ExactSpelling = true)]
    public static extern int sws_setColorspaceDetails(SwsContext* @c, int* @inv_table, int @srcRange, int* @table, int @dstRange, int @brightness, int @contrast, int @saturation);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_getColorspaceDetails", ExactSpelling = true)]
    public static extern int sws_getColorspaceDetails(SwsContext* @c, int** @inv_table, int* @srcRange, int** @table, int* @dstRange, int* @brightness, int* @contrast, int* @saturation);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_getCoefficients", ExactSpelling = true)]
    public static extern int* sws_getCoefficients(int @colorspace);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_isSupportedInput", ExactSpelling = true)]
    public static extern int sws_isSupportedInput(AVPixelFormat @pix_fmt);

    [DllImport("swscale-6", CallingConvention = CallingConvention.Cdecl, EntryPoint = "sws_isSupportedOutput", ExactSpelling = true)]
    public static extern int sws_isSupportedOutput(AVPixelFormat @pix_fmt);

}
