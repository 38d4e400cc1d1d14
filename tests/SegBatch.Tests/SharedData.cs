using System.IO.Compression;
using System.Text.Json;
using Xunit;

namespace SegBatch.Tests;

/// <summary>
/// The models, clips and recordings that live beside the repository. A clone alone does not have them: tests that need them
/// are skipped, visibly. SEGBATCH_SHARED names the folder where it is not a sibling of the checkout.
/// </summary>
public static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>Full path of a file or folder below the shared folder; skips the calling test where it is absent.</summary>
    public static string Path(string relative)
    {
        if (Root is null)
        {
            Assert.Skip("the shared folder is absent: set SEGBATCH_SHARED to run tests on recorded data");
        }

        var path = System.IO.Path.Combine(Root!, relative);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"shared/{relative} is absent");
        }

        return path;
    }

    /// <summary>Parses a .json or .json.gz below the shared folder.</summary>
    public static JsonDocument Json(string relative)
    {
        using var file = File.OpenRead(Path(relative));
        if (!relative.EndsWith(".gz", StringComparison.Ordinal))
        {
            return JsonDocument.Parse(file);
        }

        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(unzipped);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SEGBATCH_SHARED") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(System.IO.Path.Combine(candidate, "reference")))
            {
                return candidate;
            }
        }

        return null;
    }
}
