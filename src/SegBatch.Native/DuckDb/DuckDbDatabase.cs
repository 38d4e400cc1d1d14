using System.Runtime.InteropServices;

namespace SegBatch.Native.DuckDb;

/// <summary>An in-memory database. Connections may be used from one thread at a time each, different ones at the same time.</summary>
public sealed class DuckDbDatabase : IDisposable
{
    private readonly DatabaseHandle _handle;

    private DuckDbDatabase(DatabaseHandle handle) => _handle = handle;

    /// <summary>Version of the loaded library ("v1.5.6").</summary>
    public static string LibraryVersion => Marshal.PtrToStringUTF8(Imports.LibraryVersion())!;

    /// <summary>Opens an empty in-memory database. Extensions are neither fetched nor loaded by themselves.</summary>
    /// <param name="threads">Threads of a query, the calling one included.</param>
    /// <param name="settings">Further settings by DuckDB's names.</param>
    /// <exception cref="DuckDbException">DuckDB does not know a setting or refuses its value.</exception>
    public static DuckDbDatabase InMemory(int threads, params IEnumerable<(string Name, string Value)> settings)
    {
        var config = CreateConfig(
            [("threads", $"{threads}"), ("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"), .. settings]
        );
        try
        {
            if (Imports.Open(":memory:", out var database, config, out var error) != 0)
            {
                var text = Marshal.PtrToStringUTF8(error);
                Imports.Free(error);
                throw new DuckDbException(text ?? "DuckDB does not open an in-memory database and gives no reason.");
            }

            return new DuckDbDatabase(new DatabaseHandle(database));
        }
        finally
        {
            Imports.DestroyConfig(ref config);
        }
    }

    public DuckDbConnection Connect() =>
        Imports.Connect(_handle, out var connection) == 0
            ? new DuckDbConnection(new ConnectionHandle(connection))
            : throw new DuckDbException("DuckDB refuses a connection to an open in-memory database.");

    public void Dispose() => _handle.Dispose();

    private static nint CreateConfig(IEnumerable<(string Name, string Value)> settings)
    {
        if (Imports.CreateConfig(out var config) != 0)
        {
            throw new DuckDbException("DuckDB has no memory for its settings.");
        }

        foreach (var (name, value) in settings)
        {
            if (Imports.SetConfig(config, name, value) != 0)
            {
                Imports.DestroyConfig(ref config);
                throw new DuckDbException($"DuckDB {LibraryVersion} refuses the setting {name} = '{value}'.");
            }
        }

        return config;
    }
}
