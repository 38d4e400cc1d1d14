using System.Runtime.InteropServices;
using System.Text;

namespace SegBatch.Native.FreeType;

/// <summary>One font at one size. Not thread-safe: FreeType renders into memory of the face.</summary>
public sealed partial class FontFace : IDisposable
{
    private const string FreeType = "libfreetype.so.6";
    internal const int LoadRender = 1 << 2; // FT_LOAD_RENDER
    internal const int TargetLight = 1 << 16; // FT_LOAD_TARGET_LIGHT: hinted vertically only, which keeps the letters' shapes
    internal const byte PixelModeGray = 2; // FT_PIXEL_MODE_GRAY

    private readonly LibraryHandle _library;
    private readonly FaceHandle _face;

    private FontFace(LibraryHandle library, FaceHandle face) => (_library, _face) = (library, face);

    /// <summary>Opens a font file; <paramref name="pixelSize"/> is the height of the em square in pixels.</summary>
    /// <exception cref="DllNotFoundException">FreeType is not installed.</exception>
    /// <exception cref="FontException">FreeType cannot read the file.</exception>
    public static FontFace Open(string path, int pixelSize)
    {
        Check(FT_Init_FreeType(out var library), "FreeType cannot start");
        try
        {
            Check(FT_New_Face(library, Encoding.UTF8.GetBytes(path + '\0'), 0, out var face), $"FreeType cannot read the font '{path}'");
            try
            {
                face.Keep(library);
                Check(FT_Set_Pixel_Sizes(face, 0, (uint)pixelSize), $"the font '{path}' cannot be set to {pixelSize} px");
                return new(library, face);
            }
            catch
            {
                face.Dispose();
                throw;
            }
        }
        catch
        {
            library.Dispose();
            throw;
        }
    }

    /// <summary>Renders one code point; the font's replacement glyph where it has none. An empty glyph where it cannot be rendered.</summary>
    public unsafe GlyphBitmap Render(Rune codePoint)
    {
        var error = FT_Load_Char(_face, (nuint)codePoint.Value, LoadRender | TargetLight);
        if (error != 0)
        {
            return new(0, 0, 0, 0, 0, []);
        }

        var slot = (GlyphSlotRec*)((FaceRec*)_face.DangerousGetHandle())->glyph;
        ref readonly var bitmap = ref slot->bitmap;
        var (width, rows) = ((int)bitmap.width, (int)bitmap.rows);
        var advance = (int)(slot->advance + 32 >> 6);
        if (bitmap.pixel_mode != PixelModeGray || bitmap.buffer == 0)
        {
            return new(0, 0, 0, 0, advance, []); // a space, or a bitmap font that is not anti-aliased
        }

        var coverage = new byte[width * rows];
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<byte>((byte*)bitmap.buffer + (nint)row * bitmap.pitch, width).CopyTo(coverage.AsSpan(row * width));
        }

        GC.KeepAlive(_face);
        return new(width, rows, slot->bitmap_left, slot->bitmap_top, advance, coverage);
    }

    public void Dispose()
    {
        _face.Dispose();
        _library.Dispose();
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new FontException($"{what} (FreeType error {error}).");
        }
    }

    [LibraryImport(FreeType)]
    private static partial int FT_Init_FreeType(out LibraryHandle library);

    [LibraryImport(FreeType)]
    private static partial int FT_New_Face(LibraryHandle library, byte[] path, nint faceIndex, out FaceHandle face);

    [LibraryImport(FreeType)]
    private static partial int FT_Set_Pixel_Sizes(FaceHandle face, uint width, uint height);

    [LibraryImport(FreeType)]
    private static partial int FT_Load_Char(FaceHandle face, nuint codePoint, int flags);

    [LibraryImport(FreeType)]
    private static partial int FT_Done_Face(nint face);

    [LibraryImport(FreeType)]
    private static partial int FT_Done_FreeType(nint library);

    private sealed class LibraryHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => FT_Done_FreeType(handle) == 0;
    }

    private sealed class FaceHandle() : SafeHandle(0, ownsHandle: true)
    {
        private LibraryHandle? _library;

        public override bool IsInvalid => handle == 0;

        /// <summary>Keeps the library open until this face is closed, whatever order the finalizers come in.</summary>
        public void Keep(LibraryHandle library)
        {
            var kept = false;
            library.DangerousAddRef(ref kept);
            _library = library;
        }

        protected override bool ReleaseHandle()
        {
            var done = FT_Done_Face(handle) == 0;
            _library?.DangerousRelease();
            return done;
        }
    }
}

/// <summary>A font that cannot be used.</summary>
public sealed class FontException(string message) : Exception(message);

/// <summary>
/// A rendered glyph: coverage 0–255, <paramref name="Width"/> × <paramref name="Height"/>, row by row. <paramref name="Left"/> is from the pen to
/// the first column, <paramref name="Top"/> from the baseline up to the first row, <paramref name="Advance"/> to the next pen position, all in pixels.
/// </summary>
public sealed record GlyphBitmap(int Width, int Height, int Left, int Top, int Advance, byte[] Coverage);
