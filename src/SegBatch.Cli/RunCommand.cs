using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary><c>segbatch run</c>: the main job, as a hosted service of a generic host.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Create()
    {
        var arguments = new JobArguments();
        var log = ProgressDisplay.LogOption();
        var command = new Command(
            Name,
            """
            Run a job: find objects and their masks in every video, follow them, write tables and annotated videos.
            A second call on the same output goes on where the first one stopped.

            Examples:
              segbatch run job.yaml
              segbatch run --source archive/ --model yolov8n-seg.onnx --out out
              segbatch run --source gate.mp4 --model yolov8n-seg.onnx --out out --classes person car --conf 0.4 --no-video
            """
        );
        arguments.AddTo(command);
        command.Options.Add(log);
        command.SetAction((parsed, _) => RunAsync(arguments.Read(parsed), parsed.GetValue(log) ?? "auto"));
        return command;
    }

    private static async Task<int> RunAsync(JobManifest job, string log)
    {
        await using var progress = ProgressDisplay.Create(log);
        using var signals = new StopSignals(progress);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(new ProgressLoggerProvider(progress)).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = TimeSpan.FromSeconds(30);
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
        builder.Services.AddSingleton(job);
        builder.Services.AddSingleton<IProgress<JobEvent>>(progress);
        builder.Services.AddSingleton<JobWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobWorker>());
        using var host = builder.Build();
        var worker = host.Services.GetRequiredService<JobWorker>();
        await host.RunAsync(signals.Token);
        return (int)Conclude(worker);
    }

    /// <summary>A failure of the job is thrown to the one place that words errors.</summary>
    private static ExitCode Conclude(JobWorker worker)
    {
        if (worker.Failure is { } failure)
        {
            throw failure;
        }

        return worker.Summary switch
        {
            null => ExitCode.Stopped,
            { Stopped: true } => ExitCode.Stopped,
            { Rejected: > 0 } or { Damaged: > 0 } => ExitCode.Partial,
            _ => ExitCode.AllDone,
        };
    }
}
