#!/usr/bin/env python3
"""Writes src/FFmpeg.AutoGen/Generated/*.cs from the FFmpeg headers installed on this machine.

Needs Debian's castxml, a C compiler and the libav*-dev packages. The output has the shape of the NuGet package
FFmpeg.AutoGen 5.1, so that the package can take this project's place, but holds only what the lists below name:
functions and constants as they are, structures with all their fields, everything else that is pointed to as an
opaque structure. Run it again after changing a list, and commit what it wrote.
"""
import pathlib
import subprocess
import tempfile
import xml.etree.ElementTree as ET

HEADERS = """
libavcodec/avcodec.h libavcodec/bsf.h libavformat/avformat.h libavutil/avutil.h libavutil/opt.h libavutil/dict.h libavutil/display.h
libavutil/hwcontext.h libavutil/imgutils.h libavutil/pixdesc.h libavutil/channel_layout.h libavutil/log.h
libavutil/frame.h libswscale/swscale.h libavutil/mastering_display_metadata.h libavutil/motion_vector.h
""".split()

LIBRARIES = {"avutil": 57, "avcodec": 59, "avformat": 59, "swscale": 6}

FUNCTIONS = {
    "avutil": """
        av_frame_alloc av_frame_free av_frame_unref av_frame_ref av_frame_move_ref av_frame_get_buffer av_frame_is_writable
        av_frame_make_writable av_frame_copy av_frame_copy_props av_frame_get_side_data av_frame_remove_side_data av_buffer_ref av_buffer_unref
        av_buffer_create av_buffer_pool_init2 av_buffer_pool_get av_buffer_pool_uninit
        av_buffer_get_ref_count av_malloc av_mallocz av_free av_freep av_strdup av_strerror av_dict_set av_dict_get av_dict_free av_dict_count
        av_dict_copy av_opt_set av_opt_set_int av_opt_set_dict av_log_set_callback av_log_set_level av_log_get_level
        av_log_format_line2 av_log_default_callback av_default_item_name av_display_rotation_get av_display_rotation_set
        av_pix_fmt_desc_get av_get_pix_fmt_name av_get_pix_fmt av_pix_fmt_count_planes av_color_space_name
        av_color_range_name av_color_primaries_name av_color_transfer_name av_chroma_location_name
        av_image_get_buffer_size av_image_fill_arrays av_image_copy av_image_copy_plane av_image_check_size2 av_hwdevice_ctx_create
        av_hwdevice_iterate_types av_hwdevice_get_type_name av_hwdevice_find_type_by_name av_hwframe_transfer_data
        av_hwframe_ctx_alloc av_hwframe_ctx_init av_hwframe_get_buffer av_hwframe_transfer_get_formats
        av_channel_layout_default av_channel_layout_copy av_channel_layout_uninit av_channel_layout_describe
        av_rescale_q av_rescale_q_rnd av_compare_ts av_reduce av_get_media_type_string avutil_version avutil_license
        av_version_info av_get_bytes_per_sample av_samples_get_buffer_size
        """,
    "avcodec": """
        avcodec_version avcodec_configuration avcodec_find_decoder avcodec_find_decoder_by_name avcodec_find_encoder
        avcodec_find_encoder_by_name avcodec_alloc_context3 avcodec_free_context avcodec_open2 avcodec_flush_buffers
        avcodec_send_packet avcodec_receive_frame avcodec_send_frame avcodec_receive_packet avcodec_get_name
        avcodec_get_hw_config avcodec_align_dimensions2 avcodec_default_get_buffer2 avcodec_get_hw_frames_parameters avcodec_default_get_format avcodec_descriptor_get avcodec_profile_name avcodec_parameters_alloc
        avcodec_parameters_copy avcodec_parameters_free avcodec_parameters_from_context avcodec_parameters_to_context
        av_packet_alloc av_packet_free av_packet_unref av_packet_ref av_packet_move_ref av_packet_rescale_ts
        av_packet_get_side_data av_packet_new_side_data av_packet_add_side_data av_codec_iterate av_codec_is_encoder av_codec_is_decoder
        av_bsf_get_by_name av_bsf_alloc av_bsf_init av_bsf_free av_bsf_send_packet av_bsf_receive_packet
        """,
    "avformat": """
        avformat_version avformat_alloc_context avformat_open_input avformat_close_input avformat_free_context
        avformat_find_stream_info av_find_best_stream av_find_input_format av_read_frame av_seek_frame avformat_seek_file
        av_dump_format av_guess_frame_rate av_guess_sample_aspect_ratio av_stream_get_side_data av_stream_new_side_data
        av_stream_add_side_data avformat_alloc_output_context2 avformat_new_stream avformat_write_header avformat_query_codec
        av_interleaved_write_frame av_write_frame av_write_trailer avio_open avio_open2 avio_closep avio_close avio_size
        avio_alloc_context avio_context_free av_guess_format av_demuxer_iterate av_muxer_iterate avformat_index_get_entries_count
        avformat_index_get_entry
        """,
    "swscale": """
        swscale_version sws_getContext sws_getCachedContext sws_alloc_context sws_init_context sws_freeContext sws_scale
        sws_scale_frame sws_setColorspaceDetails sws_getColorspaceDetails sws_getCoefficients sws_isSupportedInput
        sws_isSupportedOutput
        """,
}

STRUCTS = """
AVRational AVDictionaryEntry AVBufferRef AVFrame AVFrameSideData AVPacket AVPacketSideData AVCodec AVCodecContext
AVCodecParameters AVCodecHWConfig AVCodecDescriptor AVProfile AVClass AVOption AVChannelLayout AVFormatContext AVStream AVInputFormat
AVOutputFormat AVIOContext AVIOInterruptCB AVPixFmtDescriptor AVComponentDescriptor AVHWDeviceContext AVHWFramesContext
AVProgram AVChapter AVIndexEntry AVMasteringDisplayMetadata AVContentLightMetadata AVMotionVector AVBitStreamFilter AVBSFContext
""".split()

ENUMS = """
AVMediaType AVCodecID AVPixelFormat AVColorSpace AVColorRange AVColorPrimaries AVColorTransferCharacteristic
AVChromaLocation AVFrameSideDataType AVPacketSideDataType AVHWDeviceType AVPictureType AVDiscard AVFieldOrder AVRounding
AVSampleFormat AVChannelOrder AVOptionType
""".split()

CONSTANTS = """
AV_NOPTS_VALUE AVERROR_EOF AVERROR_INVALIDDATA AVERROR_DECODER_NOT_FOUND AVERROR_ENCODER_NOT_FOUND AVERROR_DEMUXER_NOT_FOUND
AVERROR_PROTOCOL_NOT_FOUND AVERROR_STREAM_NOT_FOUND AVERROR_OPTION_NOT_FOUND AVERROR_EXIT AVERROR_PATCHWELCOME AVERROR_EXTERNAL
AVERROR_BUG AVERROR_UNKNOWN AVERROR_INPUT_CHANGED AVERROR_OUTPUT_CHANGED AVERROR_MUXER_NOT_FOUND
EAGAIN ENOMEM EINVAL ENOENT EIO EACCES EPERM ENOSPC ENOSYS
AV_TIME_BASE AV_NUM_DATA_POINTERS AV_ERROR_MAX_STRING_SIZE AV_DICT_IGNORE_SUFFIX AV_DICT_MATCH_CASE AV_DICT_APPEND AV_OPT_SEARCH_CHILDREN
AVFMT_GLOBALHEADER AVFMT_NOFILE AVFMT_VARIABLE_FPS AVFMT_NOTIMESTAMPS AVFMT_TS_DISCONT AVFMT_FLAG_GENPTS AVFMT_FLAG_DISCARD_CORRUPT AVFMT_FLAG_NOBUFFER
AVFMT_AVOID_NEG_TS_AUTO AVFMT_AVOID_NEG_TS_MAKE_NON_NEGATIVE AVFMT_AVOID_NEG_TS_DISABLED
AVIO_FLAG_READ AVIO_FLAG_WRITE AV_CODEC_FLAG_GLOBAL_HEADER AV_CODEC_FLAG_BITEXACT AV_CODEC_FLAG_QSCALE AV_CODEC_FLAG_OUTPUT_CORRUPT
AV_CODEC_CAP_DELAY AV_CODEC_CAP_DR1 AV_CODEC_CAP_FRAME_THREADS AV_CODEC_CAP_HARDWARE AV_CODEC_FLAG2_EXPORT_MVS AV_CODEC_PROP_INTRA_ONLY FF_QP2LAMBDA FF_THREAD_FRAME FF_THREAD_SLICE FF_PROFILE_UNKNOWN FF_DECODE_ERROR_INVALID_BITSTREAM FF_DECODE_ERROR_MISSING_REFERENCE
FF_DECODE_ERROR_CONCEALMENT_ACTIVE FF_DECODE_ERROR_DECODE_SLICES AV_FRAME_FLAG_CORRUPT AV_FRAME_FLAG_DISCARD
AV_PKT_FLAG_KEY AV_PKT_FLAG_CORRUPT AV_PKT_FLAG_DISCARD AV_DISPOSITION_ATTACHED_PIC AV_DISPOSITION_DEFAULT AV_DISPOSITION_TIMED_THUMBNAILS AV_DISPOSITION_STILL_IMAGE
AV_PIX_FMT_FLAG_BE AV_PIX_FMT_FLAG_PAL AV_PIX_FMT_FLAG_BITSTREAM AV_PIX_FMT_FLAG_HWACCEL AV_PIX_FMT_FLAG_PLANAR AV_PIX_FMT_FLAG_RGB AV_PIX_FMT_FLAG_ALPHA
AV_LOG_QUIET AV_LOG_PANIC AV_LOG_FATAL AV_LOG_ERROR AV_LOG_WARNING AV_LOG_INFO AV_LOG_VERBOSE AV_LOG_DEBUG AV_LOG_SKIP_REPEATED AVSEEK_FLAG_BACKWARD AVSEEK_FLAG_ANY AVSEEK_FLAG_BYTE AVSEEK_FLAG_FRAME
SWS_FAST_BILINEAR SWS_BILINEAR SWS_BICUBIC SWS_POINT SWS_AREA SWS_LANCZOS SWS_FULL_CHR_H_INT SWS_FULL_CHR_H_INP SWS_ACCURATE_RND SWS_BITEXACT
SWS_CS_ITU709 SWS_CS_FCC SWS_CS_ITU601 SWS_CS_ITU624 SWS_CS_SMPTE170M SWS_CS_SMPTE240M SWS_CS_DEFAULT SWS_CS_BT2020
LIBAVCODEC_VERSION_MAJOR LIBAVFORMAT_VERSION_MAJOR LIBAVUTIL_VERSION_MAJOR LIBSWSCALE_VERSION_MAJOR AVSTREAM_EVENT_FLAG_NEW_PACKETS
""".split()

# Values of enumerations without a name: the preprocessor does not know them.
ENUMERATORS = "AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX AV_CODEC_HW_CONFIG_METHOD_HW_FRAMES_CTX".split()

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "src/FFmpeg.AutoGen/Generated"
BANNER = "// Written by eng/ffmpeg/generate.py from the FFmpeg 5.1 headers. Do not edit.\n#pragma warning disable\nnamespace FFmpeg.AutoGen;\n\n"
PRIMITIVES = {
    "void": "void", "char": "byte", "signed char": "sbyte", "unsigned char": "byte", "short int": "short",
    "short unsigned int": "ushort", "int": "int", "unsigned int": "uint", "long int": "long", "long unsigned int": "ulong",
    "long long int": "long", "unsigned long long int": "ulong", "long long unsigned int": "ulong", "float": "float", "double": "double", "_Bool": "byte",
}
KEYWORDS = {"string", "object", "base", "ref", "in", "out", "params", "event", "lock", "internal", "checked", "is", "as", "void", "long", "short", "null", "default", "const", "delegate", "operator"}


class Headers:
    """The declarations of the headers as castxml sees them."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "all.h")
            source.write_text("".join(f"#include <{h}>\n" for h in HEADERS))
            xml = pathlib.Path(folder, "all.xml")
            subprocess.run(["castxml", "--castxml-output=1", "-x", "c", str(source), "-o", str(xml)], check=True)
            root = ET.parse(xml).getroot()
        self.by_id = {node.get("id"): node for node in root}
        self.by_name = {}
        for node in root:
            if node.get("name") and (node.tag in ("Function", "Enumeration") or node.tag in ("Struct", "Union") and not node.get("incomplete")):
                self.by_name.setdefault(node.get("name"), node)

    def plain(self, type_id):
        """Strips typedefs, qualifiers and elaborated names."""
        node = self.by_id[type_id.rstrip("cvr")]
        while node.tag in ("Typedef", "CvQualifiedType", "ElaboratedType"):
            if node.tag == "Typedef" and node.get("name") == "va_list":
                return node
            node = self.by_id[node.get("type").rstrip("cvr")]
        return node

    def is_const(self, type_id):
        node = self.by_id[type_id]
        while node.tag in ("Typedef", "ElaboratedType"):
            node = self.by_id[node.get("type")]
        return node.tag == "CvQualifiedType" and node.get("const") == "1"


class Writer:
    def __init__(self, headers):
        self.h = headers
        self.arrays = {}
        self.func_types = set()
        self.opaque = set()
        self.enums = list(ENUMS)
        self.nested = {}

    def type_of(self, type_id, owner):
        """The C# type of a field or argument; owner names types that have no name of their own."""
        node = self.h.plain(type_id)
        tag = node.tag
        if tag == "FundamentalType":
            return PRIMITIVES[node.get("name")]
        if tag == "Enumeration":
            name = node.get("name") or "int"
            if name not in self.enums and name != "int":
                self.enums.append(name)
            return name
        if tag == "PointerType":
            target = self.h.plain(node.get("type"))
            if target.tag == "FunctionType":
                self.func_types.add(owner + "_func")
                return owner + "_func"
            if target.tag == "Typedef":  # va_list
                return "byte*"
            return self.type_of(node.get("type"), owner) + "*"
        if tag in ("Struct", "Union"):
            name = node.get("name")
            if not name:
                self.nested[owner] = node
                return owner
            if name == "__va_list_tag":
                return "byte"
            if name not in STRUCTS:
                self.opaque.add(name)
            return name
        if tag == "ArrayType":
            size = int(node.get("max") or 0) + 1
            element = self.type_of(node.get("type"), owner)
            name = element.replace("**", "_ptrPtr").replace("*", "_ptr")
            name = f"{name}Array{size}" if element.endswith("*") else f"{name}_array{size}"
            self.arrays[name] = (element, size)
            return name
        if tag == "Typedef":
            return "byte*"
        raise ValueError(f"{owner}: {tag}")

    def struct(self, name, node, union=False):
        lines = []
        layout = "[StructLayout(LayoutKind.Explicit)]\n" if union else ""
        words = {}
        for member in node.get("members", "").split():
            field = self.h.by_id[member]
            if field.tag == "Field" and field.get("bits"):
                words.setdefault(int(field.get("offset")) // 32, []).append(field.get("name") + field.get("bits"))
        for member in node.get("members", "").split():
            field = self.h.by_id[member]
            if field.tag != "Field":
                continue
            if field.get("bits"):
                # The package's name for a word of bit fields: "flags:2, size:30" is flags2_size30.
                if parts := words.pop(int(field.get("offset")) // 32, None):
                    lines.append(f"    public int @{'_'.join(parts)};")
                continue
            kind = self.type_of(field.get("type"), f"{name}_{field.get('name')}")
            prefix = "[FieldOffset(0)] " if union else ""
            lines.append(f"    {prefix}public {kind} @{field.get('name')};")
        return f"{layout}public unsafe partial struct {name}\n{{\n" + "\n".join(lines) + "\n}\n"

    def structs(self):
        out = []
        done = set()
        queue = list(STRUCTS)
        while queue or set(self.nested) - done:
            if queue:
                name = queue.pop(0)
                node = self.h.by_name[name]
            else:
                name = sorted(set(self.nested) - done)[0]
                node = self.nested[name]
            done.add(name)
            out.append(self.struct(name, node, union=node.tag == "Union"))
        return BANNER.replace("namespace", "using System.Runtime.InteropServices;\n\nnamespace", 1) + "\n".join(out)

    def functions(self):
        out = [BANNER.replace("namespace", "using System.Runtime.InteropServices;\n\nnamespace", 1), "public static unsafe partial class ffmpeg\n{\n"]
        for library, names in FUNCTIONS.items():
            for name in names.split():
                node = self.h.by_name.get(name)
                if node is None:
                    print(f"not in these headers: {name}")
                    continue
                out.append(self.function(library, name, node))
        out.append("}\n")
        return "".join(out)

    def function(self, library, name, node):
        arguments = []
        for i, argument in enumerate(node.findall("Argument")):
            own = argument.get("name") or f"p{i}"
            type_id = argument.get("type")
            kind = self.h.plain(type_id)
            if kind.tag == "PointerType" and self.h.is_const(kind.get("type")) and self.h.plain(kind.get("type")).get("name") == "char":
                arguments.append(("[MarshalAs(UnmanagedType.LPUTF8Str)] string", own))
            elif kind.tag == "ArrayType":
                arguments.append((self.type_of(kind.get("type"), f"{name}_{own}") + "*", own))
            else:
                arguments.append((self.type_of(type_id, f"{name}_{own}"), own))
        returns = self.h.plain(node.get("returns"))
        text = returns.tag == "PointerType" and self.h.is_const(returns.get("type")) and self.h.plain(returns.get("type")).get("name") == "char"
        result = "byte*" if text else self.type_of(node.get("returns"), f"{name}_return")
        declared = ", ".join(f"{kind} @{own}" for kind, own in arguments)
        attribute = f'    [DllImport("{library}-{LIBRARIES[library]}", CallingConvention = CallingConvention.Cdecl, EntryPoint = "{name}", ExactSpelling = true)]\n'
        if not text:
            return f"{attribute}    public static extern {result} {name}({declared});\n\n"
        plain = ", ".join(f"{kind.split('] ')[-1]} @{own}" for kind, own in arguments)
        passed = ", ".join(f"@{own}" for _, own in arguments)
        return (
            f"{attribute}    private static extern byte* {name}_native({declared});\n\n"
            f"    public static string {name}({plain}) => Marshal.PtrToStringUTF8((nint){name}_native({passed}));\n\n"
        )

    def enumerations(self):
        out = [BANNER]
        for name in self.enums:
            node = self.h.by_name[name]
            values = [(v.get("name"), int(v.get("init"))) for v in node.findall("EnumValue")]
            base = "uint" if all(v >= 0 for _, v in values) and any(v > 0x7FFFFFFF for _, v in values) else "int"
            if any(v > 0xFFFFFFFF for _, v in values):
                base = "long"
            body = "\n".join(f"    @{key} = {value}," for key, value in values)
            out.append(f"public enum {name} : {base}\n{{\n{body}\n}}\n\n")
        return "".join(out)

    def small_types(self):
        out = [BANNER]
        for name, (element, size) in sorted(self.arrays.items()):
            fields = ", ".join(f"_{i}" for i in range(size))
            body = f"    private {element} {fields};\n"
            if element in ("byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double"):
                body = f"    private fixed {element} _[{size}];\n"
                access = "_[i]"
                get, put = f"get => _[Check(i)];", "set => _[Check(i)] = value;"
            else:
                get = f"get {{ fixed ({element}* p = &_0) {{ return p[Check(i)]; }} }}"
                put = f"set {{ fixed ({element}* p = &_0) {{ p[Check(i)] = value; }} }}"
            out.append(
                f"public unsafe struct {name}\n{{\n    public const int Size = {size};\n\n{body}\n"
                f"    public {element} this[uint i]\n    {{\n        {get}\n        {put}\n    }}\n\n"
                f"    private static uint Check(uint i) => i < Size ? i : throw new System.ArgumentOutOfRangeException(nameof(i));\n}}\n\n"
            )
        for name in sorted(self.func_types):
            out.append(f"/// <summary>A C function pointer.</summary>\npublic struct {name}\n{{\n    public nint Pointer;\n}}\n\n")
        for name in sorted(self.opaque - set(STRUCTS)):
            out.append(f"public unsafe partial struct {name}\n{{\n}}\n\n")
        return "".join(out)


def constants():
    lines = []
    for name in CONSTANTS:
        lines.append(f'#ifdef {name}\n  printf("{name} %lld\\n", (long long)({name}));\n#else\n  TRY({name})\n#endif\n')
    lines += [f'  printf("{name} %lld\\n", (long long)({name}));\n' for name in ENUMERATORS]
    source = "".join(f"#include <{h}>\n" for h in HEADERS) + "#include <stdio.h>\n#include <errno.h>\n"
    source += '#define TRY(x) fprintf(stderr, "not in these headers: " #x "\\n");\n'
    source += "int main(void) {\n" + "".join(lines) + "  return 0;\n}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "c.c")
        path.write_text(source)
        subprocess.run(["cc", "-w", str(path), "-o", f"{folder}/c"], check=True)
        text = subprocess.run([f"{folder}/c"], check=True, capture_output=True, text=True)
    print(text.stderr, end="")
    out = [BANNER, "public static unsafe partial class ffmpeg\n{\n"]
    for line in text.stdout.splitlines():
        name, value = line.split()
        number = int(value)
        if name == "AV_NOPTS_VALUE":
            out.append("    public const long AV_NOPTS_VALUE = long.MinValue;\n")
        else:
            out.append(f"    public const {'int' if -(2**31) <= number < 2**31 else 'long'} {name} = {number};\n")
    out.append("\n    /// <summary>Makes FFmpeg's error of an errno.</summary>\n    public static int AVERROR(int errno) => -errno;\n\n")
    out.append("    /// <summary>The quotient of a fraction.</summary>\n    public static double av_q2d(AVRational a) => a.num / (double)a.den;\n}\n")
    return "".join(out)


def main():
    writer = Writer(Headers())
    files = {"Structs.g.cs": writer.structs(), "Functions.g.cs": writer.functions(), "Constants.g.cs": constants()}
    files["Enums.g.cs"] = writer.enumerations()
    files["SmallTypes.g.cs"] = writer.small_types()
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (TARGET / name).write_text(text)


main()
