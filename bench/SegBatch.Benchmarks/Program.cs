using BenchmarkDotNet.Running;
using SegBatch.Benchmarks;
using SegBatch.Benchmarks.Throughput;
using SegBatch.Benchmarks.TrackerRace;

// --smoke: every kernel once, compared with its baseline. --goals: whole jobs and kernels against the goals.
// --trackers: all trackers on the same detections, judged by the truth. Anything else goes to BenchmarkDotNet (--help shows its options), which
// measures in this process: a process per kernel would build everything again.
if (args is ["--smoke"])
{
    return Smoke.Run();
}

if (args is ["--trackers", .. var race])
{
    return await RaceProgram.RunAsync(race);
}

if (args is ["--goals", .. var options])
{
    return await GoalsProgram.RunAsync(options);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(arg => arg is not ("-i" or "--inProcess")), "--inProcess"]);
return 0;
