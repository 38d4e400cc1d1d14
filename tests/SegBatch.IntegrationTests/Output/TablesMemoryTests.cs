using SegBatch.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

/// <summary>Looks at the memory of the process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(TablesMemoryTests), DisableParallelization = true)]
[Collection(nameof(TablesMemoryTests))]
public sealed class TablesMemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Memory_does_not_grow_with_the_video()
    {
        using var writer = new TablesWriter(_folder, "gate", TestFrames.Context);
        TestFrames.WriteTo(writer.Write, 40_000); // several row groups
        GC.Collect();
        var before = Environment.WorkingSet;
        TestFrames.WriteTo(writer.Write, 160_000, first: 40_000);
        GC.Collect();
        var after = Environment.WorkingSet;
        var files = VideoTableFiles.Of(writer.Finish());

        // Kept in memory, the 400,000 further rows of about 150 bytes would take 60 MB.
        Assert.True(after - before < 30_000_000, $"{before:N0} bytes before, {after:N0} after");
        ReadBack(files);
    }

    /// <summary>The same on the way back.</summary>
    private static void ReadBack(VideoTableFiles files)
    {
        using var reader = new VideoTablesReader(files);
        var frame = new TableFrame();
        Read(40_000);
        GC.Collect();
        var before = Environment.WorkingSet;
        Read(160_000);
        GC.Collect();
        var after = Environment.WorkingSet;
        Assert.False(reader.Next(frame));
        Assert.True(after - before < 30_000_000, $"{before:N0} bytes before, {after:N0} after, reading");

        void Read(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(reader.Next(frame));
            }
        }
    }
}
