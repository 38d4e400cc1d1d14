using System.IO.Compression;
using System.Text.Json;

namespace SegBatch.Tests;

/// <summary>The small parts of the recordings that travel with the repository (folder Data), so that a clone alone checks each kind.</summary>
public static class RecordedData
{
    /// <summary>Parses a .json or .json.gz of the folder.</summary>
    public static JsonDocument Json(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", name));
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return JsonDocument.Parse(file);
        }

        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(unzipped);
    }
}
