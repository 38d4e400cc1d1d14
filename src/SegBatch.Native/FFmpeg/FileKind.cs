using System.Runtime.InteropServices;

namespace SegBatch.Native.FFmpeg;

/// <summary>Tells regular files from pipes, sockets and devices without opening them: opening a pipe can block for ever.</summary>
public static unsafe partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint WantType = 1; // STATX_TYPE
    private const int ModeOffset = 28; // of stx_mode in struct statx, the same on every architecture
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>True for a regular file, links followed. False for anything else, absent files included.</summary>
    public static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path);
        }

        var status = stackalloc byte[256];
        return Statx(CurrentFolder, path, 0, WantType, status) == 0 && (*(ushort*)(status + ModeOffset) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);
}
