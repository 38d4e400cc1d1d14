using System.CommandLine;
using System.CommandLine.Parsing;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>
/// Shows a job's events. Stages only drop events into a bounded channel (old progress gives way); one reader draws. So the job never
/// waits for a terminal, and lines never mix.
/// </summary>
internal abstract class ProgressDisplay : IProgress<JobEvent>, IAsyncDisposable
{
    private readonly Channel<JobEvent> _events = Channel.CreateBounded<JobEvent>(4096);
    private Task _drawing = Task.CompletedTask;

    /// <summary><c>--log</c> of a verb.</summary>
    public static Option<string> LogOption()
    {
        var log = new Option<string>("--log")
        {
            Description = "How progress is told: bars on a terminal, plain lines elsewhere, or json.",
            HelpName = "auto|plain|json",
        };
        log.AcceptOnlyFromAmong("auto", "plain", "json");
        return log;
    }

    /// <summary>Whether somebody reads standard error as JSON, a line each.</summary>
    public static bool IsJson(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Any(option => option is { Option.Name: "--log", Tokens: [{ Value: "json" }] });

    /// <param name="log">auto, plain or json.</param>
    public static ProgressDisplay Create(string log)
    {
        ProgressDisplay display = log switch
        {
            "json" => new JsonProgress(),
            "auto" when AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected => new TerminalProgress(),
            _ => new PlainProgress(),
        };
        display._drawing = Task.Run(() => display.DrawAsync(display._events.Reader));
        return display;
    }

    public void Report(JobEvent value)
    {
        if (!_events.Writer.TryWrite(value) && value is not JobEvent.VideoProgress)
        {
            // Only a display that hangs gets here; what must not be lost is written late rather than never.
            _ = _events.Writer.WriteAsync(value).AsTask();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        await _drawing;
    }

    protected abstract Task DrawAsync(ChannelReader<JobEvent> events);
}

/// <summary>Lets warnings of the host and the job's stages appear among the progress, as notes.</summary>
internal sealed class ProgressLoggerProvider(IProgress<JobEvent> progress) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            progress.Report(new JobEvent.Note(formatter(state, exception)));
        }
    }

    public void Dispose() { }
}
