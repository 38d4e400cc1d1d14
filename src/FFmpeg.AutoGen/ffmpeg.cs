using System.Reflection;
using System.Runtime.InteropServices;

namespace FFmpeg.AutoGen;

/// <summary>FFmpeg's C functions, in the shape of the package of this name.</summary>
public static unsafe partial class ffmpeg
{
    static ffmpeg() => NativeLibrary.SetDllImportResolver(typeof(ffmpeg).Assembly, Resolve);

    /// <summary>Folder that holds the libraries; empty: the system's own.</summary>
    public static string RootPath { get; set; } = "";

    /// <summary>"avcodec-59" is libavcodec.so.59 on Linux.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        var dash = name.LastIndexOf('-');
        var file = OperatingSystem.IsWindows() ? $"{name}.dll"
            : OperatingSystem.IsMacOS() ? $"lib{name[..dash]}.{name[(dash + 1)..]}.dylib"
            : $"lib{name[..dash]}.so.{name[(dash + 1)..]}";
        return NativeLibrary.Load(RootPath.Length > 0 ? Path.Combine(RootPath, file) : file);
    }
}
