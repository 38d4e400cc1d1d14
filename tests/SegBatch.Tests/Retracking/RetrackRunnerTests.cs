using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Retracking;
using SegBatch.Tests.Jobs;
using Xunit;

namespace SegBatch.Tests.Retracking;

public sealed class RetrackRunnerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>Killed after its last video and before run.json, it has nothing left to track; the record must follow all the same.</summary>
    [Fact]
    public void Run_json_follows_the_tables_also_when_an_earlier_call_had_made_them()
    {
        var before = Records.Settings();
        Records.Write(
            _temp.Path,
            Records.Of("a", new() { Tracker = "ocsort" }) with
            {
                RunTracking = before["track"]!.DeepClone().AsObject(),
            }
        );
        _temp.Write(
            "run.json",
            new JsonObject
            {
                ["counts"] = new JsonObject { ["instances"] = 1, ["tracks"] = 2 },
                ["videos"] = new JsonArray(new JsonObject { ["video"] = "a", ["options"] = before }),
                ["seconds"] = 5,
            }.ToJsonString()
        );
        var summary = Run();
        Assert.Equal((0, 1), (summary.Done, summary.AlreadyDone));
        var run = Json();
        Assert.Equal((8, 7, 5), ((int)run["counts"]!["instances"]!, (int)run["counts"]!["tracks"]!, (int)run["seconds"]!));
        Assert.Equal("ocsort", (string?)run["videos"]![0]!["options"]!["track"]!["tracker"]);
        Assert.Null(run["retrack"]); // nobody knows how long it took

        var text = File.ReadAllText(Path.Combine(_temp.Path, "run.json"));
        Run();
        Assert.Equal(text, File.ReadAllText(Path.Combine(_temp.Path, "run.json")));
    }

    private RetrackSummary Run() =>
        new RetrackRunner(new RetrackJob { Output = _temp.Path }, new Progress<JobEvent>()).Run(TestContext.Current.CancellationToken);

    private JsonNode Json() => JsonNode.Parse(File.ReadAllText(Path.Combine(_temp.Path, "run.json")))!;
}
