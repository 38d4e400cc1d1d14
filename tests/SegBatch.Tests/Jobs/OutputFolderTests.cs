using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Output;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Root => Path.Combine(_temp.Path, "out");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_second_job_on_the_same_folder_is_refused_until_the_first_is_over()
    {
        using (OutputFolder.Open(Root))
        {
            var error = Assert.Throws<JobException>(() => OutputFolder.Open(Root));
            Assert.Equal(JobFailure.CannotWrite, error.Failure);
            Assert.Equal(
                $"{Root} is in use by another run (its lock is held). Wait for it, or choose another output folder.",
                error.Message
            );
        }

        OutputFolder.Open(Root).Dispose();
    }

    [Fact]
    public void A_file_in_the_way_is_told_as_what_it_is()
    {
        _temp.Write("out", "a file");
        var error = Assert.Throws<JobException>(() => OutputFolder.Open(Root));
        Assert.Equal(JobFailure.CannotWrite, error.Failure);
        Assert.StartsWith($"Cannot write to the output folder {Root}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_cannot_be_opened_for_another_reason_is_no_other_run()
    {
        Directory.CreateDirectory(Path.Combine(Root, "_segbatch", "lock"));
        var error = Assert.Throws<JobException>(() => OutputFolder.Open(Root));
        Assert.StartsWith($"Cannot write to the output folder {Root}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_moves_the_files_and_leaves_no_staging()
    {
        using var folder = OutputFolder.Open(Root);
        var staging = folder.Stage("gate");
        File.WriteAllText(Path.Combine(staging, "f"), "frames");
        folder.Reject(new RejectRecord("other", "/other.mp4", "EMPTY", "empty"));
        folder.Commit(Record("gate", "frames/gate.parquet"), [new StagedFile(Path.Combine(staging, "f"), "frames/gate.parquet")]);

        Assert.Equal("frames", File.ReadAllText(Path.Combine(Root, "frames/gate.parquet")));
        Assert.False(Directory.Exists(staging));
        var record = OutputRecords.Committed(Root, "gate");
        Assert.Equal(("gate", "/gate.mp4", 9L), (record!.Key, record.Path, record.Frames));
        Assert.Equal(["frames/gate.parquet"], record.Files);
        Assert.Empty(EffectiveOptions.Differences(record.Settings, EffectiveOptions.ToJson(new SourceOptions())));
    }

    [Fact]
    public void Done_again_takes_the_place_of_before_and_of_a_reject()
    {
        using var folder = OutputFolder.Open(Root);
        folder.Reject(new RejectRecord("gate", "/gate.mp4", "NO_INDEX", "cut short"));
        Assert.True(File.Exists(Path.Combine(Root, "_segbatch/rejects/gate.json")));
        foreach (var text in new[] { "first", "second" })
        {
            var staging = folder.Stage("gate");
            File.WriteAllText(Path.Combine(staging, "f"), text);
            folder.Commit(Record("gate", "frames/gate.parquet"), [new StagedFile(Path.Combine(staging, "f"), "frames/gate.parquet")]);
        }

        Assert.Equal("second", File.ReadAllText(Path.Combine(Root, "frames/gate.parquet")));
        Assert.False(File.Exists(Path.Combine(Root, "_segbatch/rejects/gate.json")));
    }

    [Fact]
    public void A_record_whose_file_is_gone_or_that_is_damaged_counts_as_not_done()
    {
        _temp.Write("out/frames/gate.parquet");
        OutputRecords.WriteWhole(Path.Combine(Root, "_segbatch/commits/gate.json"), Json(Record("gate", "frames/gate.parquet")));
        Assert.NotNull(OutputRecords.Committed(Root, "gate"));
        Assert.Null(OutputRecords.Committed(Root, "other"));

        File.Delete(Path.Combine(Root, "frames/gate.parquet"));
        Assert.Null(OutputRecords.Committed(Root, "gate"));

        _temp.Write("out/frames/gate.parquet");
        var hollow = Json(Record("gate") with { Files = null! });
        var bare = Json(Record("gate") with { Settings = null! });
        foreach (var damage in new[] { "", "{", "null", "{}", "[]", "\0\0\0", hollow, bare })
        {
            OutputRecords.WriteWhole(Path.Combine(Root, "_segbatch/commits/gate.json"), damage);
            Assert.Null(OutputRecords.Committed(Root, "gate"));
        }
    }

    [Fact]
    public void What_a_killed_run_staged_is_cleared_by_the_next_one()
    {
        _temp.Write("out/_segbatch/staging/gate/half.mp4");
        using var folder = OutputFolder.Open(Root);
        Assert.False(Directory.Exists(Path.Combine(Root, "_segbatch/staging")));
        File.WriteAllText(Path.Combine(folder.Stage("gate"), "a"), "a");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Stage("gate")));
        folder.Abandon("gate");
        folder.Abandon("gate");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Root, "_segbatch/staging")));
    }

    private static string Json(VideoRecord record) => System.Text.Json.JsonSerializer.Serialize(record, RecordJson.Options);

    private static VideoRecord Record(string key, params string[] files) =>
        new()
        {
            Key = key,
            Path = $"/{key}.mp4",
            Source = new SourceIdentity(5, 6),
            Settings = JsonNode.Parse(EffectiveOptions.ToJson(new SourceOptions()).ToJsonString())!.AsObject(),
            Files = files,
            Frames = 9,
            Instances = 8,
            Tracks = 7,
            DamagedFrames = 0,
            Notes = [],
            Classes = new Dictionary<string, ClassCount> { ["person"] = new(8, 7) },
        };
}
