using System.Text.Json;

namespace SegBatch.Tests;

/// <summary>The small parts of the recordings that travel with the repository (folder Data), so that a clone alone checks each kind.</summary>
public static class RecordedData
{
    public static JsonDocument Json(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", name)));
}
