using System.Threading.Channels;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>A bar per running video and one for the whole job, with rate and time left; finished videos scroll up as lines.</summary>
internal sealed class TerminalProgress : ProgressDisplay
{
    protected override async Task DrawAsync(ChannelReader<JobEvent> events)
    {
        JobSummary? summary = null;
        RetrackSummary? retracked = null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new MarginOutput() });
        await console
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { CompletedStyle = Color.Green, RemainingStyle = Color.Grey },
                new PercentageColumn(),
                new SpinnerColumn(Spinner.Known.Dots)
            )
            .StartAsync(async context =>
            {
                var tally = new JobTally();
                var bars = new Dictionary<string, ProgressTask>();
                var whole = context.AddTask("Preparing", maxValue: 1).IsIndeterminate();
                await foreach (var what in events.ReadAllAsync())
                {
                    tally.Add(what);
                    Show(what, context, bars);
                    if (JobTally.Describe(what) is { } line)
                    {
                        console.MarkupLine(Style(what, line));
                    }

                    if (TotalFrames(what) is > 0 and var frames)
                    {
                        whole.IsIndeterminate(false).MaxValue = frames;
                    }

                    whole.Value = tally.Frames;
                    whole.Description = Markup.Escape(tally.Line());
                    summary = (what as JobEvent.JobDone)?.Summary ?? summary;
                    retracked = (what as JobEvent.RetrackDone)?.Summary ?? retracked;
                }

                whole.StopTask();
            });
        if (summary is not null)
        {
            SummaryView.Write(AnsiConsole.Console, summary);
        }

        if (retracked is not null)
        {
            RetrackView.Write(AnsiConsole.Console, retracked);
        }
    }

    private static long? TotalFrames(JobEvent what) =>
        what switch
        {
            JobEvent.PlanReady plan => plan.TotalFrames,
            JobEvent.RetrackReady plan => plan.TotalFrames,
            _ => null,
        };

    private static void Show(JobEvent what, ProgressContext context, Dictionary<string, ProgressTask> bars)
    {
        switch (what)
        {
            case JobEvent.VideoStarted started:
                var bar = context.AddTask(Markup.Escape(Short(started.Key)), maxValue: started.Frames ?? 1);
                bars[started.Key] = started.Frames is > 0 ? bar : bar.IsIndeterminate();
                break;
            case JobEvent.VideoProgress progress when bars.TryGetValue(progress.Key, out var running):
                running.Value = Math.Min(progress.FramesDone, running.MaxValue - 1e-3);
                break;
            case JobEvent.VideoDone done when bars.Remove(done.Key, out var finished):
                Finish(finished);
                break;
            case JobEvent.VideoRetracked done when bars.Remove(done.Key, out var finished):
                Finish(finished);
                break;
            case JobEvent.VideoRejected rejected when bars.Remove(rejected.Key, out var given):
                given.StopTask();
                break;
        }
    }

    private static void Finish(ProgressTask bar)
    {
        bar.Value = bar.MaxValue;
        bar.StopTask();
    }

    private static string Style(JobEvent what, string line) =>
        what switch
        {
            JobEvent.VideoRejected => $"[red]{Markup.Escape(line)}[/]",
            JobEvent.Note => $"[yellow]{Markup.Escape(line)}[/]",
            JobEvent.VideoDone or JobEvent.VideoRetracked => $"[green]✓[/] {Markup.Escape(line["done".Length..].TrimStart())}",
            _ => $"[grey]{Markup.Escape(line)}[/]",
        };

    private static string Short(string key) => key.Length <= 32 ? key : $"{key[..15]}…{key[^16..]}";
}
