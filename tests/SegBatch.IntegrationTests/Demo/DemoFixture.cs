using SegBatch.Demo;
using SegBatch.IntegrationTests.Demo;
using Xunit;

[assembly: AssemblyFixture(typeof(DemoFixture))]

namespace SegBatch.IntegrationTests.Demo;

/// <summary>The demo archive, rendered once for all tests that ask for it.</summary>
public sealed class DemoFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-demo-").FullName;
    private readonly Lazy<Task<string>> _archive;

    public DemoFixture() => _archive = new Lazy<Task<string>>(RenderAsync);

    /// <summary>Folder of the clips.</summary>
    public Task<string> ArchiveAsync() => _archive.Value;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> RenderAsync()
    {
        var archive = Path.Combine(_folder, "archive");
        await DemoArchive.EnsureAsync(archive, progress: null, CancellationToken.None);
        return archive;
    }
}
