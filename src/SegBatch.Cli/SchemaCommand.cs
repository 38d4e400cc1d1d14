using System.CommandLine;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary><c>segbatch schema</c>: the JSON Schema of manifests, as published in <c>jobs/job.schema.json</c>.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Write the JSON Schema of manifests, for editors.") { Hidden = true };
        command.SetAction(_ =>
        {
            Console.Out.Write(ManifestSchema.Text());
            return (int)ExitCode.AllDone;
        });
        return command;
    }
}
