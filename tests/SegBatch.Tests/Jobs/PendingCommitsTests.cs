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
        Assert.Equal(tracks, OutputFolder.Committed(Root, "gate")!.Tracks);
        Assert.Empty(PendingCommits.Find(Root));
        Assert.False(Directory.Exists(Path.Combine(Root, "_segbatch/staging")));
    }
}
