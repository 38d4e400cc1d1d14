using BenchmarkDotNet.Running;
using SegBatch.Benchmarks;

// --smoke: every kernel once, compared with its baseline. Anything else goes to BenchmarkDotNet (--help shows its options), which
// measures in this process: a process per kernel would build everything again.
if (args is ["--smoke"])
{
    return Smoke.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(arg => arg is not ("-i" or "--inProcess")), "--inProcess"]);
return 0;
