using System.CommandLine;
using System.CommandLine.Help;
using SegBatch.Cli;

// Native calls block their thread for a whole picture; the pool's slow growth would stall the stages that wait for a thread.
ThreadPool.SetMinThreads(4 * Environment.ProcessorCount + 8, 8);

var verbose = new Option<bool>("--verbose") { Description = "Show where an error came from.", Recursive = true };
var root = new RootCommand(
    """
    SegBatch turns archives of video into instance-segmentation data: Parquet tables of masks and tracks, and annotated videos.

    Start here:
      segbatch demo                                  make a small archive to play with
      segbatch run segbatch-demo/job.yaml            find, follow, write tables and videos
      segbatch query segbatch-demo/out "select video, class_name, count(*) as tracks from tracks group by all order by all"

    With your own videos:
      segbatch run --source archive/ --model yolov8n-seg.onnx --out out
    """
)
{
    RunCommand.Create(),
    PlanCommand.Create(),
    QueryCommand.Create(),
    RetrackCommand.Create(),
    VerifyCommand.Create(),
    EvalCommand.Create(),
    BenchCommand.Create(),
    ProbeCommand.Create(),
    ModelCommand.Create(),
    QuantizeCommand.Create(),
    DoctorCommand.Create(),
    DemoCommand.Create(),
    SchemaCommand.Create(),
};
root.Options.Add(verbose);
root.Options.OfType<HelpOption>().Single().Action = new HelpText();

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 || ErrorText.UnknownOptions(parsed).Count > 0 || ErrorText.HasEmptyWord(parsed))
{
    return ErrorText.Usage(parsed);
}

try
{
    // A job hears signals itself: the parser's own handler would hold back the second one, which means "at once".
    TimeSpan? grace = parsed.CommandResult.Command.Name is RunCommand.Name or RetrackCommand.Name ? null : TimeSpan.FromSeconds(30);
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = grace }
    );
}
catch (Exception error)
{
    return ErrorText.Failure(error, parsed.GetValue(verbose), ProgressDisplay.IsJson(parsed));
}
