using SegBatch.Jobs;
using SegBatch.Output;
using Xunit;

namespace SegBatch.Tests.Jobs;

/// <summary>A process may die between any two steps of a commit that takes the place of an earlier one.</summary>
public sealed class PendingCommitsTests : IDisposable
{
    private static readonly string[] s_tables = ["frames", "instances", "tracks"];

    private readonly TempFolder _temp = new();

    private string Root => Path.Combine(_temp.Path, "out");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Dead_before_the_decision_it_leaves_what_was()
    {
        using (var folder = OutputFolder.Open(Root))
        {
            CommitFirst(folder);
            Stage(folder, "new");
        }

        OutputFolder.Open(Root).Dispose();
        AssertState("old", tracks: 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Dead_after_the_decision_the_next_one_carries_it_out(int moved)
    {
        using (var folder = OutputFolder.Open(Root))
        {
            CommitFirst(folder);
            PendingCommits.Decide(Root, Record(tracks: 2), Stage(folder, "new"));
            foreach (var table in s_tables.Take(moved))
            {
                File.Move(Path.Combine(Root, "_segbatch/pending/gate", table), Path.Combine(Root, $"{table}/gate.parquet"), true);
            }
        }

        Assert.Equal(["gate"], PendingCommits.Find(Root));
        OutputFolder.Settle(Root);
        AssertState("new", tracks: 2);
    }

    [Fact]
    public void Dead_before_its_last_step_it_is_carried_out_again()
    {
        using (var folder = OutputFolder.Open(Root))
        {
            folder.Commit(Record(tracks: 2), Stage(folder, "new"));
            // Everything is moved, and the folder of the decision is still there.
            PendingCommits.Decide(Root, Record(tracks: 2), Stage(folder, "new"));
            foreach (var table in s_tables)
            {
                File.Delete(Path.Combine(Root, "_segbatch/pending/gate", table));
            }
        }

        OutputFolder.Open(Root).Dispose();
        AssertState("new", tracks: 2);
    }

    /// <summary>The journal goes with the folder, in no order: its last step was cut off in the middle.</summary>
    [Fact]
    public void Dead_while_it_clears_up_it_is_done()
    {
        using (var folder = OutputFolder.Open(Root))
        {
            folder.Commit(Record(tracks: 2), Stage(folder, "new"));
            Directory.CreateDirectory(Path.Combine(Root, "_segbatch/pending/gate"));
        }

        OutputFolder.Settle(Root);
        AssertState("new", tracks: 2);
    }

    /// <summary>After a power cut a file may be there without what was written to it. Who knows which tables were moved?</summary>
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\0\0\0\0")]
    public void A_journal_that_says_nothing_leaves_the_video_to_be_done_again(string journal)
    {
        using (var folder = OutputFolder.Open(Root))
        {
            CommitFirst(folder);
            PendingCommits.Decide(Root, Record(tracks: 2), Stage(folder, "new"));
            File.WriteAllText(Path.Combine(Root, "_segbatch/pending/gate/commit.json"), journal);
        }

        OutputFolder.Settle(Root);
        Assert.Null(OutputRecords.Committed(Root, "gate"));
        Assert.Empty(PendingCommits.Find(Root));
        Assert.Empty(OutputRecords.Records(Root));
    }

    /// <summary>Pictures that left a folder, candidates that are not kept any more: nobody may take them for the new results' part.</summary>
    [Fact]
    public void Files_of_before_that_the_new_results_do_not_have_are_gone()
    {
        using var folder = OutputFolder.Open(Root);
        CommitFirst(folder);
        var files = Stage(folder, "new").Take(2).ToList();
        PendingCommits.Decide(Root, Record(tracks: 2) with { Files = [.. files.Select(file => file.RelativePath)] }, files);
        PendingCommits.Carry(Root, "gate");
        Assert.Equal(2, OutputRecords.Committed(Root, "gate")!.Tracks);
        Assert.Equal("new", File.ReadAllText(Path.Combine(Root, "instances/gate.parquet")));
        Assert.False(File.Exists(Path.Combine(Root, "tracks/gate.parquet")));
    }

    [Fact]
    public void Whoever_reads_does_not_wait_for_a_job_at_work()
    {
        using var folder = OutputFolder.Open(Root);
        CommitFirst(folder);
        PendingCommits.Decide(Root, Record(tracks: 2), Stage(folder, "new"));
        OutputFolder.Settle(Root);
        Assert.Equal(["gate"], PendingCommits.Find(Root));
    }

    [Fact]
    public void Where_nothing_is_pending_nothing_is_touched()
    {
        OutputFolder.Settle(Root);
        Assert.False(Directory.Exists(Root));
    }

    private static VideoRecord Record(long tracks) =>
        Records.Of("gate", files: [.. s_tables.Select(table => $"{table}/gate.parquet")]) with
        {
            Tracks = tracks,
        };

    private static void CommitFirst(OutputFolder folder) => folder.Commit(Record(tracks: 1), Stage(folder, "old"));

    private static List<StagedFile> Stage(OutputFolder folder, string text)
    {
        var staging = folder.Stage("gate");
        return
        [
            .. s_tables.Select(table =>
            {
                File.WriteAllText(Path.Combine(staging, table), text);
                return new StagedFile(Path.Combine(staging, table), $"{table}/gate.parquet");
            }),
        ];
    }

    private void AssertState(string text, long tracks)
    {
        Assert.All(s_tables, table => Assert.Equal(text, File.ReadAllText(Path.Combine(Root, $"{table}/gate.parquet"))));
        Assert.Equal(tracks, OutputRecords.Committed(Root, "gate")!.Tracks);
        Assert.Empty(PendingCommits.Find(Root));
        Assert.False(Directory.Exists(Path.Combine(Root, "_segbatch/staging")));
    }
}
