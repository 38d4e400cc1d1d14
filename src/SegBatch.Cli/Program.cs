using System.CommandLine;
using SegBatch.Cli;

// Native calls block their thread for a whole picture; the pool's slow growth would stall the stages that wait for a thread.
ThreadPool.SetMinThreads(4 * Environment.ProcessorCount + 8, 8);

var verbose = new Option<bool>("--verbose") { Description = "Show where an error came from.", Recursive = true };
var root = new RootCommand(
    """
    SegBatch turns archives of video into instance-segmentation data: Parquet tables of masks and tracks, and annotated videos.

    Start here:
      segbatch demo                                  make a small archive to play with
      segbatch run --source archive/ --model yolov8n-seg.onnx --out out
      segbatch query out "select class_name, count(distinct track_id) from instances group by all"
    """
)
{
    RunCommand.Create(),
    QueryCommand.Create(),
    ModelCommand.Create(),
    DoctorCommand.Create(),
    DemoCommand.Create(),
};
root.Options.Add(verbose);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    return ErrorText.Usage(parsed);
}

try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) }
    );
}
catch (Exception error)
{
    return ErrorText.Failure(error, parsed.GetValue(verbose));
}
