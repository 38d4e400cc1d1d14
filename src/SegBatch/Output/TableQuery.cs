using SegBatch.Native.DuckDb;

namespace SegBatch.Output;

/// <summary>
/// SQL over the tables of a run: views <c>frames</c>, <c>instances</c>, <c>tracks</c>, <c>events</c>, <c>regions</c>,
/// <c>candidates</c>, those that exist. The SQL can only read, and only below the output folder: no other files, no network, no extensions, no settings.
/// </summary>
public sealed class TableQuery : IDisposable
{
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;

    private TableQuery(DuckDbDatabase database, DuckDbConnection connection) => (_database, _connection) = (database, connection);

    /// <param name="outputFolder">What a run wrote.</param>
    /// <param name="parquetFile">The one file that <see cref="WriteParquet"/> may write; null for none.</param>
    /// <exception cref="QueryException">The folder is not there, holds no tables, or a table cannot be read.</exception>
    public static TableQuery Open(string outputFolder, string? parquetFile = null)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder));
        if (!Directory.Exists(root))
        {
            throw new QueryException($"The output folder {root} does not exist. Give the folder that `segbatch run` wrote to.");
        }

        var tables = OutputLayout.Tables.Where(table => HasTable(root, table)).ToList();
        if (tables.Count == 0)
        {
            throw new QueryException(
                $"{root} is no output folder of a run with results: there is no table in it (looked for frames/*.parquet, "
                    + "instances/*.parquet, tracks/*.parquet). Give the folder that `segbatch run` wrote to."
            );
        }

        return Create(
            root,
            parquetFile,
            tables.Select(table => (table, $"{ParquetFormat.Escape(root)}/{OutputLayout.Folder(table)}/*.parquet"))
        );
    }

    /// <summary>One Parquet file, or a folder of them, as the view <c>instances</c>.</summary>
    /// <exception cref="QueryException">There is no such file, or it cannot be read.</exception>
    public static TableQuery OpenInstances(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var isFolder = HasFiles(full);
        if (!isFolder && !File.Exists(full))
        {
            throw new QueryException($"{full} is neither a Parquet file nor a folder of them.");
        }

        var files = isFolder ? $"{ParquetFormat.Escape(full)}/*.parquet" : ParquetFormat.Escape(full);
        return Create(isFolder ? full : Path.GetDirectoryName(full)!, null, [("instances", files)]);
    }

    private static TableQuery Create(string root, string? parquetFile, IEnumerable<(string Name, string Files)> tables)
    {
        var spill = Path.Combine(Path.GetTempPath(), $"segbatch-query-{Environment.ProcessId}");
        var database = DuckDbDatabase.InMemory(Environment.ProcessorCount, ("temp_directory", spill));
        var connection = database.Connect();
        var query = new TableQuery(database, connection);
        try
        {
            foreach (var (name, files) in tables)
            {
                connection.Execute(
                    $"CREATE VIEW {name} AS SELECT * FROM read_parquet({ParquetFormat.Literal(files)}, union_by_name = true, hive_partitioning = false)"
                );
            }

            Lock(connection, root, parquetFile);
            return query;
        }
        catch (DuckDbException error)
        {
            query.Dispose();
            throw new QueryException($"The tables in {root} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Starts a question and returns its rows as they are made.</summary>
    /// <exception cref="QueryException">It is not one reading statement, or DuckDB refuses it: its text, with line and caret.</exception>
    public QueryRows Run(string sql)
    {
        try
        {
            using var statement = Check(sql);
            var columns = statement.Columns();
            return columns.All(column => QueryRows.ReadsNatively(column.Type))
                ? new QueryRows(columns, statement.Execute())
                : new QueryRows(columns, AsText(sql, columns));
        }
        catch (DuckDbException error)
        {
            throw new QueryException(error.Message, error);
        }
    }

    /// <summary>Writes the answer as a zstd Parquet file, with the types that the question gives.</summary>
    /// <exception cref="QueryException">As for <see cref="Run"/>.</exception>
    public void WriteParquet(string sql, string path)
    {
        try
        {
            Check(sql).Dispose();
            CreateView(sql);
            _connection.Execute(
                $"COPY answer TO {ParquetFormat.Literal(Path.GetFullPath(path))} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
            );
        }
        catch (DuckDbException error)
        {
            throw new QueryException(error.Message, error);
        }
    }

    /// <summary>Makes a running question fail soon. May be called from any thread.</summary>
    public void Interrupt() => _connection.Interrupt();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    /// <summary>Whether there is a file of a table, which then can be asked.</summary>
    internal static bool HasTable(string outputFolder, string table) => HasFiles(Path.Combine(outputFolder, OutputLayout.Folder(table)));

    private static bool HasFiles(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.parquet").Any();

    /// <summary>From here on nothing but the run's own files can be read, and only the one named file written.</summary>
    private static void Lock(DuckDbConnection connection, string root, string? parquetFile)
    {
        // Paths are compared as they are written, so the views' escaped form of the folder is let in beside the plain one.
        connection.Execute(
            $"SET allowed_directories = [{ParquetFormat.Literal(root + "/")}, {ParquetFormat.Literal(ParquetFormat.Escape(root) + "/")}]"
        );
        if (parquetFile is not null)
        {
            connection.Execute($"SET allowed_paths = [{ParquetFormat.Literal(Path.GetFullPath(parquetFile))}]");
        }

        connection.Execute("SET enable_external_access = false");
        connection.Execute("SET lock_configuration = true");
    }

    /// <summary>
    /// The one statement of a question. Access rules do not tell reading from writing, so what could write is refused by its kind, and so is
    /// what would run before or after it.
    /// </summary>
    private DuckDbStatement Check(string sql)
    {
        foreach (var statement in _connection.Prepare(sql))
        {
            if (statement is { IsLast: true, Kind: StatementKind.Select or StatementKind.Explain })
            {
                return statement;
            }

            using (statement)
            {
                var isPartOfPivot = statement.Kind == StatementKind.Create && Mentions("pivot") && !Mentions("create");
                if (statement.IsLast || !isPartOfPivot)
                {
                    throw new QueryException(
                        "Only one statement that reads can be asked: SELECT, FROM, WITH, PIVOT, DESCRIBE, SUMMARIZE or EXPLAIN."
                    );
                }

                statement.Execute().Dispose(); // the types that DuckDB makes for a PIVOT
            }
        }

        throw new QueryException("The SQL holds no statement.");

        bool Mentions(string word) => sql.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Runs the question again with every value that has no simple form of its own as text: lists as JSON, times as ISO.</summary>
    private DuckDbResult AsText(string sql, IReadOnlyList<DuckDbColumn> columns)
    {
        CreateView(sql);
        using var names = _connection.Query("FROM answer LIMIT 0");
        var selected = names.Columns.Select(
            (column, i) =>
            {
                var name = $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
                return QueryRows.ReadsNatively(columns[i].Type) ? name
                    : QueryRows.IsNested(columns[i].Type) ? $"CAST(to_json({name}) AS VARCHAR) AS {name}"
                    : $"CAST({name} AS VARCHAR) AS {name}";
            }
        );
        return _connection.Query($"SELECT {string.Join(", ", selected)} FROM answer");
    }

    /// <summary>Puts the question's text where it may end in a comment or a semicolon.</summary>
    private void CreateView(string sql)
    {
        try
        {
            _connection.Execute($"CREATE OR REPLACE TEMP VIEW answer AS {sql}");
        }
        catch (DuckDbException)
        {
            // DESCRIBE, SUMMARIZE and SHOW are tables only in brackets.
            _connection.Execute($"CREATE OR REPLACE TEMP VIEW answer AS FROM ({sql}\n)");
        }
    }
}
