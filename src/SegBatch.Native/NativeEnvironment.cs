using System.Runtime.InteropServices;

namespace SegBatch.Native;

/// <summary>Environment variables as native libraries see them: what .NET sets stays inside .NET.</summary>
public static partial class NativeEnvironment
{
    /// <summary>
    /// Sets a variable that is not set yet. Call it before the library that reads the variable is loaded: other threads may read the
    /// environment meanwhile.
    /// </summary>
    public static void SetDefault(string name, string value) => SetEnvironment(name, value, overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
