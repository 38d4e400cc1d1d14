namespace SegBatch.Output;

/// <summary>Where the tables of a run lie in its output folder.</summary>
public static class OutputLayout
{
    /// <summary>The tables that a query can name.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["frames", "instances", "tracks", "events", "regions", "candidates"];

    /// <summary>Folder of a table's files, one per video, relative to the output folder. Candidates and evidence are ours, not the reader's.</summary>
    public static string Folder(string table) => table is "candidates" or "evidence" ? $"_segbatch/{table}" : table;

    /// <summary>File of a table of one video, relative to the output folder.</summary>
    public static string File(string table, string video) => $"{Folder(table)}/{video}.parquet";
}
