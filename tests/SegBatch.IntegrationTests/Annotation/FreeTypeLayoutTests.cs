using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using SegBatch.Native.FreeType;
using Xunit;

namespace SegBatch.IntegrationTests.Annotation;

/// <summary>The offsets of FreeType's structures, against a C compiler that reads FreeType's own headers.</summary>
public sealed class FreeTypeLayoutTests : IDisposable
{
    private const string HeaderFolder = "/usr/include/freetype2";

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-layout-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Offsets_are_those_of_the_headers()
    {
        (string Expression, nint Expected)[] fields =
        [
            ("offsetof(FT_FaceRec, glyph)", Offset<FaceRec>("glyph")),
            ("offsetof(FT_GlyphSlotRec, advance)", Offset<GlyphSlotRec>("advance")),
            ("offsetof(FT_GlyphSlotRec, bitmap)", Offset<GlyphSlotRec>("bitmap")),
            ("offsetof(FT_GlyphSlotRec, bitmap_left)", Offset<GlyphSlotRec>("bitmap_left")),
            ("offsetof(FT_GlyphSlotRec, bitmap_top)", Offset<GlyphSlotRec>("bitmap_top")),
            ("offsetof(FT_Bitmap, rows)", Offset<Bitmap>("rows")),
            ("offsetof(FT_Bitmap, width)", Offset<Bitmap>("width")),
            ("offsetof(FT_Bitmap, pitch)", Offset<Bitmap>("pitch")),
            ("offsetof(FT_Bitmap, buffer)", Offset<Bitmap>("buffer")),
            ("offsetof(FT_Bitmap, pixel_mode)", Offset<Bitmap>("pixel_mode")),
            ("FT_LOAD_RENDER", FontFace.LoadRender),
            ("FT_LOAD_TARGET_LIGHT", FontFace.TargetLight),
            ("FT_PIXEL_MODE_GRAY", FontFace.PixelModeGray),
        ];
        var prints = fields.Select(field => $"printf(\"%ld\\n\", (long)({field.Expression}));");
        var found = await CompileAndRun(
            $"""
            #include <ft2build.h>
            #include FT_FREETYPE_H
            #include <stddef.h>
            #include <stdio.h>
            int main(void) {'{'} {string.Join("\n", prints)} return 0; {'}'}
            """
        );
        Assert.Equal(
            fields.Select(field => $"{field.Expression} = {field.Expected}"),
            fields.Zip(found, (field, value) => $"{field.Expression} = {value}")
        );
    }

    private static nint Offset<T>(string field) => Marshal.OffsetOf<T>(field);

    private async Task<string[]> CompileAndRun(string source)
    {
        if (!Directory.Exists(HeaderFolder))
        {
            Assert.Skip($"FreeType's headers are absent ({HeaderFolder})");
        }

        var (file, program) = (Path.Combine(_folder, "offsets.c"), Path.Combine(_folder, "offsets"));
        await File.WriteAllTextAsync(file, source, TestContext.Current.CancellationToken);
        await Run("cc", "-I" + HeaderFolder, file, "-o", program);
        return (await Run(program)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"the command {program} is absent");
            throw;
        }
    }
}
