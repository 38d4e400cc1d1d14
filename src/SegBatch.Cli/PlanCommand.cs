using System.CommandLine;
using System.Diagnostics;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary><c>segbatch plan</c>: what a run would do, without doing it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var arguments = new JobArguments();
        var json = new Option<bool>("--json") { Description = "Write the whole plan as one JSON object." };
        var all = new Option<bool>("--all") { Description = "List every video, not only the first ones." };
        var command = new Command(
            "plan",
            """
            Check a job and say what a run would do: videos, frames, hours, disk, and what it would reject. Nothing is written.
            Exit code 0 when every video can be read, 2 when a run would reject some, 78 when the job itself is wrong.

            Examples:
              segbatch plan job.yaml
              segbatch plan --source archive/ --model yolov8n-seg.onnx --out out
              segbatch plan job.yaml --json | jq -r '.videos[] | select(.state == "reject") | [.code, .path] | @tsv'
            """
        );
        arguments.AddTo(command);
        command.Options.Add(json);
        command.Options.Add(all);
        command.SetAction(
            (parsed, stopping) =>
                Task.Run(() => Run(arguments.Read(parsed), parsed.GetValue(json), parsed.GetValue(all), stopping), stopping)
        );
        return command;
    }

    private static int Run(JobManifest job, bool json, bool all, CancellationToken stopping)
    {
        using var counter = new LookCounter();
        var plan = JobPlan.Make(job, counter.Looked, stopping);
        counter.Clear();
        if (json)
        {
            Console.Out.WriteLine(PlanView.Json(plan).ToJsonString(RecordJson.Options));
        }
        else
        {
            PlanView.Write(OutputConsole.Create(), plan, all);
        }

        return (int)(plan.Count(PlannedState.Reject) == 0 ? ExitCode.AllDone : ExitCode.Partial);
    }

    /// <summary>"Looked at 120 of 4,000 videos" on a terminal, for archives that take a while.</summary>
    private sealed class LookCounter : IDisposable
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

        private readonly Lock _gate = new();
        private long _last = Stopwatch.GetTimestamp();
        private bool _shown;

        public void Looked(int done, int of)
        {
            if (Console.IsErrorRedirected || Stopwatch.GetElapsedTime(Volatile.Read(ref _last)) < Interval)
            {
                return;
            }

            lock (_gate)
            {
                _last = Stopwatch.GetTimestamp();
                _shown = true;
                Console.Error.Write($"\rLooked at {done:N0} of {of:N0} videos");
            }
        }

        public void Clear()
        {
            lock (_gate)
            {
                Console.Error.Write(_shown ? "\r\u001b[K" : "");
                _shown = false;
            }
        }

        public void Dispose() => Clear();
    }
}
