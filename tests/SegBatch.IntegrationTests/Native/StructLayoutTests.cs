using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using FFmpeg.AutoGen;
using Xunit;

namespace SegBatch.IntegrationTests.Native;

/// <summary>The generated structures against what a C compiler makes of the installed headers.</summary>
public sealed class StructLayoutTests : IDisposable
{
    private const string Headers =
        "libavcodec/avcodec.h libavcodec/bsf.h libavformat/avformat.h libavutil/avutil.h libavutil/hwcontext.h "
        + "libavutil/pixdesc.h libavutil/opt.h libavutil/mastering_display_metadata.h libavutil/motion_vector.h libswscale/swscale.h";

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-layout-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_field_lies_where_the_C_compiler_puts_it()
    {
        var structures = Structures();
        var expected = await Compiled(structures);
        var found = new Dictionary<string, long>();
        foreach (var structure in structures)
        {
            found[structure.Name] = Marshal.SizeOf(structure);
            foreach (var field in Fields(structure))
            {
                found[$"{structure.Name}.{field}"] = Marshal.OffsetOf(structure, field);
            }
        }

        Assert.True(expected.Count > 500, $"only {expected.Count} sizes and offsets were compared");
        Assert.Equal(expected, found);
    }

    /// <summary>Those of the package's shape that have fields and a name in C.</summary>
    private static Type[] Structures() =>
        [
            .. typeof(AVFrame)
                .Assembly.GetExportedTypes()
                .Where(type => type is { IsValueType: true, IsEnum: false } && type.Name.StartsWith("AV", StringComparison.Ordinal))
                .Where(type => !type.Name.Contains('_') && type.GetFields(BindingFlags.Instance | BindingFlags.Public).Length > 0)
                .OrderBy(type => type.Name, StringComparer.Ordinal),
        ];

    /// <summary>A word of bit fields has no offset in C.</summary>
    private static IEnumerable<string> Fields(Type structure) =>
        structure.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => field.Name).Where(name => name != "flags2_size30");

    private async Task<Dictionary<string, long>> Compiled(Type[] structures)
    {
        var source = new StringBuilder("#include <stdio.h>\n#include <stddef.h>\n");
        foreach (var header in Headers.Split(' '))
        {
            source.Append($"#include <{header}>\n");
        }

        source.Append("int main(void) {\n");
        foreach (var structure in structures)
        {
            source.Append($"printf(\"{structure.Name} %zu\\n\", sizeof({structure.Name}));\n");
            foreach (var field in Fields(structure))
            {
                source.Append($"printf(\"{structure.Name}.{field} %zu\\n\", offsetof({structure.Name}, {field}));\n");
            }
        }

        source.Append("return 0; }\n");
        var (file, program) = (Path.Combine(_folder, "layout.c"), Path.Combine(_folder, "layout"));
        await File.WriteAllTextAsync(file, source.ToString(), TestContext.Current.CancellationToken);
        if (!File.Exists("/usr/include/libavcodec/avcodec.h") && Directory.GetFiles("/usr/include", "avcodec.h", Deep).Length == 0)
        {
            Assert.Skip("the headers of FFmpeg (libavcodec-dev, libavformat-dev, libswscale-dev) are absent");
        }

        await Run("cc", "-w", file, "-o", program);
        var lines = await Run(program);
        return lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1]));
    }

    private static EnumerationOptions Deep => new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };

    private static async Task<string> Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await errors);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"the command {program} is absent");
            throw;
        }
    }
}
