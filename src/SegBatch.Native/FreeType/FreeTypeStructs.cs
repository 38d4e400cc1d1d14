using System.Runtime.InteropServices;

namespace SegBatch.Native.FreeType;

// The few fields of FreeType 2's public structures that are read here, at their offsets on 64-bit Unix (LP64). A test
// compares each with a C compiler's offsetof.

/// <summary>FT_FaceRec.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct FaceRec
{
    [FieldOffset(152)]
    public nint glyph;
}

/// <summary>FT_GlyphSlotRec. Advances are in 1/64 pixel.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GlyphSlotRec
{
    [FieldOffset(128)]
    public nint advance;

    [FieldOffset(152)]
    public Bitmap bitmap;

    [FieldOffset(192)]
    public int bitmap_left;

    [FieldOffset(196)]
    public int bitmap_top;
}

/// <summary>FT_Bitmap.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct Bitmap
{
    [FieldOffset(0)]
    public uint rows;

    [FieldOffset(4)]
    public uint width;

    [FieldOffset(8)]
    public int pitch;

    [FieldOffset(16)]
    public nint buffer;

    [FieldOffset(26)]
    public byte pixel_mode;
}
