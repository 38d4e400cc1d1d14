using System.Security.Cryptography;
using SegBatch.IntegrationTests.Cli;
using SegBatch.IntegrationTests.Demo;
using Xunit;

namespace SegBatch.IntegrationTests.Parity;

/// <summary>The tables of a job are the same bytes, however its work was spread.</summary>
public sealed class DeterminismTests(DemoFixture demo) : IDisposable
{
    private static readonly string[] s_clips = ["06-vp9-odd-size.webm", "04-hevc-10-bit.mp4", "05-h264-one-frame.mp4"];

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-determinism-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tables_do_not_depend_on_workers_batches_or_the_order_of_sources()
    {
        var expected = await Tables("plain", s_clips, "--videos", "1", "--batch", "1");
        Assert.Equal(12, expected.Count); // frames, instances, tracks and candidates of three clips
        Assert.Equal(expected, await Tables("videos", s_clips, "--videos", "2", "--batch", "1"));
        Assert.Equal(expected, await Tables("batch", s_clips, "--videos", "1", "--batch", "3"));
        Assert.Equal(expected, await Tables("shuffled", [s_clips[2], s_clips[0], s_clips[1]], "--videos", "3", "--batch", "2"));
    }

    private async Task<SortedDictionary<string, string>> Tables(string name, string[] clips, params string[] options)
    {
        var archive = await demo.ArchiveAsync();
        var output = Path.Combine(_folder, name);
        var (code, text, errors) = await SegBatchProcess.Run(
            [
                "run",
                "--source",
                .. clips.Select(clip => Path.Combine(archive, clip)),
                "--model",
                SegBatchProcess.DemoModel,
                "--out",
                output,
                "--no-video",
                "--end",
                "frame 30",
                .. options,
            ]
        );
        Assert.True(code == 0, $"exit {code}\n{text}\n{errors}");
        return new(
            Directory
                .GetFiles(output, "*.parquet", SearchOption.AllDirectories)
                .ToDictionary(
                    file => Path.GetRelativePath(output, file),
                    file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
                ),
            StringComparer.Ordinal
        );
    }
}
