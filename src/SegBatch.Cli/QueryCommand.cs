using System.CommandLine;
using SegBatch.Jobs;
using SegBatch.Output;

namespace SegBatch.Cli;

/// <summary><c>segbatch query</c>: SQL over the tables of a run.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("OUT") { Description = "The output folder of a run." };
        var sql = new Argument<string>("SQL")
        {
            Description = "One statement that reads. DuckDB's SQL; `DESCRIBE instances` lists columns.",
        };
        var format = new Option<string>("--format")
        {
            Description = "How the answer is written (default: table).",
            HelpName = "table|csv|json|jsonl|parquet",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "csv", "json", "jsonl", "parquet");
        var output = new Option<string?>("--output") { Description = "Write to this file instead of the terminal.", HelpName = "FILE" };
        var command = new Command(
            "query",
            """
            Ask the tables of a run: SQL over the views frames, instances, tracks, events, regions and candidates.

            Examples:
              segbatch query out "select video, class_name, count(*) as tracks from tracks group by all order by all"
              segbatch query out "from tracks order by path_length_px desc limit 10"
              segbatch query out "from instances where video = 'gate'" --format jsonl --output gate.jsonl
            """
        )
        {
            folder,
            sql,
            format,
            output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(format) == "parquet" && result.GetValue(output) is null)
            {
                result.AddError("--format parquet needs --output FILE.");
            }
        });
        command.SetAction(
            (parsed, stopping) =>
                Task.Run(
                    () =>
                        Run(
                            parsed.GetRequiredValue(folder),
                            parsed.GetRequiredValue(sql),
                            parsed.GetRequiredValue(format),
                            parsed.GetValue(output),
                            stopping
                        ),
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int Run(string folder, string sql, string format, string? output, CancellationToken stopping)
    {
        var partial = output is null ? null : output + ".partial";
        try
        {
            if (partial is not null)
            {
                File.Create(partial).Dispose(); // a file that cannot be written is told before any work
            }

            OutputFolder.Settle(folder);
            using var query = TableQuery.Open(folder, partial);
            using var interrupt = stopping.Register(query.Interrupt);
            Write(query, sql, format, partial);
            if (partial is not null)
            {
                File.Move(partial, output!, overwrite: true);
                Console.Error.WriteLine($"Written to {output}.");
            }

            return (int)ExitCode.AllDone;
        }
        catch (QueryException) when (stopping.IsCancellationRequested)
        {
            throw new OperationCanceledException(stopping);
        }
        catch (QueryException error)
        {
            Console.Error.WriteLine(error.Message);
            return (int)ExitCode.Usage;
        }
        catch (Exception error) when (partial is not null && error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Cannot write {output}: {error.Message}");
            return (int)ExitCode.CannotWrite;
        }
        finally
        {
            RemovePartial(partial);
        }
    }

    private static void Write(TableQuery query, string sql, string format, string? file)
    {
        if (format == "parquet")
        {
            query.WriteParquet(sql, file!);
            return;
        }

        using var rows = query.Run(sql);
        if (format == "table")
        {
            using var writer = file is null ? Console.Out : new StreamWriter(file);
            AnswerTable.Write(rows, writer, isTerminal: file is null && !Console.IsOutputRedirected);
            return;
        }

        using var target = file is null ? Console.OpenStandardOutput() : File.Create(file);
        _ = format == "csv" ? QueryFormats.WriteCsv(rows, target) : QueryFormats.WriteJson(rows, target, lines: format == "jsonl");
    }

    private static void RemovePartial(string? path)
    {
        if (path is not null && File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
