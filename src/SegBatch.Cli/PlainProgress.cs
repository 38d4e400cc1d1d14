using System.Diagnostics;
using System.Threading.Channels;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>One line per thing that happened, and a line of progress every ten seconds: for logs and pipes.</summary>
internal sealed class PlainProgress : ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task DrawAsync(ChannelReader<JobEvent> events)
    {
        var tally = new JobTally();
        var last = Stopwatch.GetTimestamp();
        await foreach (var what in events.ReadAllAsync())
        {
            tally.Add(what);
            switch (what)
            {
                case JobEvent.VideoProgress when Stopwatch.GetElapsedTime(last) > Interval:
                    last = Stopwatch.GetTimestamp();
                    Console.Error.WriteLine(tally.Line());
                    break;
                case JobEvent.JobDone done:
                    SummaryView.Write(SummaryParts.Plain(), done.Summary);
                    break;
                case JobEvent.RetrackDone done:
                    RetrackView.Write(SummaryParts.Plain(), done.Summary);
                    break;
                default:
                    if (JobTally.Describe(what) is { } line)
                    {
                        Console.Error.WriteLine(line);
                    }

                    break;
            }
        }
    }
}
