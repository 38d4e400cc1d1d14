using System.Text.Json;
using System.Threading.Channels;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>Every event as one JSON line on standard error, its kind under "event".</summary>
internal sealed class JsonProgress : ProgressDisplay
{
    protected override async Task DrawAsync(ChannelReader<JobEvent> events)
    {
        await foreach (var what in events.ReadAllAsync())
        {
            var json = JsonSerializer.SerializeToNode(what, what.GetType(), RecordJson.Compact)!.AsObject();
            json.Insert(0, "event", JsonNamingPolicy.SnakeCaseLower.ConvertName(what.GetType().Name));
            await Console.Error.WriteLineAsync(json.ToJsonString(RecordJson.Compact));
        }
    }
}
