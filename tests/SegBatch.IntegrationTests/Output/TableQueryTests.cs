using System.Text;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.IntegrationTests.Cli;
using SegBatch.Output;
using SegBatch.Tables;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

public sealed class TableQueryTests : IDisposable
{
    // The name holds what a pattern of DuckDB would take for wildcards and what SQL would take for the end of a literal.
    private readonly string _out = Directory.CreateTempSubdirectory("segbatch [out] it's *?-").FullName;

    public TableQueryTests()
    {
        foreach (var video in new[] { "gate", "yard" })
        {
            var staging = Directory.CreateDirectory(Path.Combine(_out, "_segbatch", "staging", video)).FullName;
            using var writer = new TablesWriter(staging, video, TestFrames.Context);
            TestFrames.WriteTo(writer.Write, 8);
            foreach (var file in writer.Finish())
            {
                var target = Path.Combine(_out, file.RelativePath);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(file.StagedPath, target);
            }
        }
    }

    public void Dispose() => Directory.Delete(_out, recursive: true);

    [Fact]
    public void Views_cover_all_videos()
    {
        Assert.Equal("video,rows\ngate,8\nyard,8\n", Csv("select video, count(*) as rows from frames group by video order by video"));
        Assert.Equal(
            "24,16,4\n",
            Csv("select (select count(*) from instances), (select count(*) from candidates), (select count(*) from tracks)").Split('\n', 2)[
                1
            ]
        );
    }

    [Fact]
    public void Csv_tells_null_from_empty_and_quotes_what_needs_it() =>
        Assert.Equal(
            "a,\"b,c\",d\n1.5,,\"\"\n-0.1,\"it's a \"\"car\"\", or not\",\"two\nlines\"\n1E+20,nan,x\n",
            Csv(
                """
                select * from (values (1.5::double, null::varchar, ''), (-0.1, 'it''s a "car", or not', E'two\nlines'), (1e20, 'nan', 'x')) t(a, "b,c", d)
                """
            )
        );

    [Fact]
    public void Json_holds_every_type_and_reads_back()
    {
        const string sql = """
            select true as b, 170141183460469231731687303715884105727::hugeint as h, 0.1::float as f, 'nan'::double as n, null as z,
                   12.50::decimal(9,2) as d, date '2026-01-31' as day, [1, 2] as l, {a: 'ä"', b: null} as s, '<\"'' ä' as t
            """;
        const string row =
            """{"b":true,"h":170141183460469231731687303715884105727,"f":0.1,"n":null,"z":null,"d":12.50,"day":"2026-01-31","l":[1,2],"s":{"a":"ä\"","b":null},"t":"<\\\"' ä"}""";

        Assert.Equal(row + "\n", Json(sql, lines: true));
        Assert.Equal($"[\n{row}\n]\n", Json(sql, lines: false));
        Assert.Equal("[]\n", Json("select 1 where false", lines: false));
        Assert.Equal("", Json("select 1 where false", lines: true));
    }

    [Fact]
    public void Json_lines_of_instances_are_what_tools_expect()
    {
        var lines = Json("from instances order by video, frame, instance", lines: true).TrimEnd('\n').Split('\n');

        Assert.Equal(24, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal(JsonValueKind.String, first.RootElement.GetProperty("mask_rle").ValueKind);
        Assert.Equal(0.9f, first.RootElement.GetProperty("score").GetSingle());
        Assert.Equal(1, first.RootElement.GetProperty("track_id").GetInt64());
    }

    [Theory]
    [InlineData("select 1 as a; -- done")]
    [InlineData("from (select 1 as a)")]
    [InlineData("with q as (select 1 as a) from q")]
    [InlineData("select 1::decimal(3,0) as a; -- done")]
    public void Any_reading_statement_is_answered(string sql) => Assert.Equal("a\n1\n", Csv(sql));

    [Fact]
    public void Descriptions_summaries_and_pivots_are_answered()
    {
        Assert.Contains("mask_rle,VARCHAR", Csv("describe instances"), StringComparison.Ordinal);
        Assert.Contains("track_id,BIGINT,1,2,", Csv("summarize tracks"), StringComparison.Ordinal);
        Assert.Contains("PARQUET", Csv("explain from frames"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("gate,yard\n28,28\n", Csv("pivot (select video, frame from frames) on video using sum(frame)"));
    }

    [Theory]
    [InlineData("copy (select 1) to 'x.csv'")]
    [InlineData("create table t as select 1")]
    [InlineData("drop view frames")]
    [InlineData("set threads = 1")]
    [InlineData("attach 'x.db'")]
    [InlineData("install httpfs")]
    [InlineData("select 1; drop view frames")]
    [InlineData("delete from frames")]
    public void What_writes_is_refused(string sql) => Assert.Throws<QueryException>(() => Csv(sql));

    [Theory]
    [InlineData("from read_text('/etc/hostname')")]
    [InlineData("from '/etc/passwd'")]
    [InlineData("from read_csv('https://example.org/x.csv')")]
    [InlineData("from glob('/*')")]
    public void Nothing_outside_the_folder_is_read(string sql) => Assert.Throws<QueryException>(() => Csv(sql));

    [Fact]
    public void Nothing_in_the_folder_is_written_through_a_view_of_the_answer()
    {
        var before = Directory.EnumerateFiles(_out, "*", SearchOption.AllDirectories).Order().ToList();

        Assert.Throws<QueryException>(() =>
            Csv($"copy (select 1) to '{_out.Replace("'", "''", StringComparison.Ordinal)}/frames/x.parquet'")
        );

        Assert.Equal(before, Directory.EnumerateFiles(_out, "*", SearchOption.AllDirectories).Order());
    }

    /// <summary>Tens of thousands of characters in one value of many lines, where a table's width ends at ten thousand.</summary>
    [Fact]
    public async Task A_long_plan_is_shown()
    {
        var joins = string.Concat(Enumerable.Range(1, 12).Select(i => $" join frames f{i} using (video, frame)"));
        var (code, text, errors) = await SegBatchProcess.Run("query", _out, "explain select * from frames" + joins);
        Assert.True(code == 0, errors);
        Assert.Contains("explain_value", text, StringComparison.Ordinal);
        Assert.Contains("HASH_JOIN", text, StringComparison.Ordinal);
        Assert.True(text.Length > 10_000, $"{text.Length} characters");
    }

    [Theory]
    [InlineData("select 1 as a; copy (select 2 as b) to '{0}/instances/yard.parquet' (format parquet)")]
    [InlineData("copy (select 2 as b) to '{0}/instances/yard.parquet' (format parquet); select 1 as a")]
    [InlineData("select 1 as a; select [2] as b")]
    [InlineData("create table t as select 1 as a; select * from t")]
    [InlineData("create or replace view frames as select 1 as frame; select * from frames -- pivot")]
    public void More_than_one_statement_is_refused_and_does_nothing(string sql)
    {
        var written = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            sql,
            _out.Replace("'", "''", StringComparison.Ordinal)
        );
        var table = Path.Combine(_out, "instances", "yard.parquet");
        var before = File.ReadAllBytes(table);
        var answer = Path.Combine(_out, "answer.parquet");
        using var query = TableQuery.Open(_out, answer);

        Assert.Throws<QueryException>(() => query.WriteParquet(written, answer));
        Assert.Throws<QueryException>(() => query.Run(written).Dispose());

        Assert.Equal(before, File.ReadAllBytes(table));
    }

    [Fact]
    public void Folders_that_look_like_partitions_add_no_columns()
    {
        var folder = Path.Combine(_out, "frame=7", "shift=night");
        Directory.CreateDirectory(Path.Combine(folder, "frames"));
        File.Copy(Path.Combine(_out, "frames", "gate.parquet"), Path.Combine(folder, "frames", "gate.parquet"));
        using var query = TableQuery.Open(folder);
        using var rows = query.Run("select * from frames order by frame");

        Assert.Equal(Schema.Frames.Columns.Select(column => column.Name), rows.Names);
        Assert.True(rows.NextChunk());
        Assert.Equal("0", rows.Text(1, 0));
    }

    [Fact]
    public void An_error_in_SQL_shows_where()
    {
        var error = Assert.Throws<QueryException>(() => Csv("select scor from instances"));

        Assert.Contains("LINE 1: select scor from instances", error.Message, StringComparison.Ordinal);
        Assert.Contains("score", error.Message, StringComparison.Ordinal); // DuckDB's own suggestion
        Assert.Contains("events", Assert.Throws<QueryException>(() => Csv("from events")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_on_the_way_is_an_error_of_the_query() =>
        Assert.Throws<QueryException>(() => Csv("select case when range < 90000 then '1' else 'x' end::integer from range(100000)"));

    [Fact]
    public void Parquet_keeps_types()
    {
        var file = Path.Combine(_out, "answer.parquet");
        using (var query = TableQuery.Open(_out, file))
        {
            query.WriteParquet("select 1::decimal(9,2) as d, [1, 2] as l from frames limit 1; -- done", file);
        }

        Assert.Equal(
            "column_name,column_type\nd,\"DECIMAL(9,2)\"\nl,INTEGER[]\n",
            Csv($"select column_name, column_type from (describe from '{file.Replace("'", "''", StringComparison.Ordinal)}')")
        );
    }

    [Fact]
    public void A_folder_without_tables_is_refused_with_what_to_do()
    {
        var empty = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Contains("segbatch run", Assert.Throws<QueryException>(() => TableQuery.Open(empty)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(empty);
        }

        Assert.Contains("does not exist", Assert.Throws<QueryException>(() => TableQuery.Open(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_table_is_named()
    {
        File.WriteAllText(Path.Combine(_out, "frames", "broken.parquet"), "not parquet");

        Assert.Contains("broken.parquet", Assert.Throws<QueryException>(() => TableQuery.Open(_out)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Documented_questions_are_answered()
    {
        var text = File.ReadAllText(Documentation());
        var questions = text[text.IndexOf("## Questions in SQL", StringComparison.Ordinal)..]
            .Split("```sql\n")
            .Skip(1)
            .Select(part => part.Split("```")[0])
            .ToList();

        Assert.True(questions.Count >= 8);
        WriteRegion();
        foreach (var question in questions)
        {
            Assert.Contains('\n', Csv(question));
        }
    }

    /// <summary>A table that only semantic networks give.</summary>
    private void WriteRegion()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_out, "regions")).FullName;
        using var table = new ParquetTableWriter<RegionRow>(
            Schema.Regions,
            Path.Combine(folder, "street.parquet"),
            new Dictionary<string, string>()
        );
        table.Write(new RegionRow("street", 0, 0, 0, 1, "road", "04"u8.ToArray(), new FrameSize(2, 2), 4));
        table.Finish();
    }

    private static string Documentation()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", "output-formats.md");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/output-formats.md is not above the test's folder.");
    }

    private string Csv(string sql) => Answer(sql, (rows, stream) => QueryFormats.WriteCsv(rows, stream));

    private string Json(string sql, bool lines) => Answer(sql, (rows, stream) => QueryFormats.WriteJson(rows, stream, lines));

    private string Answer(string sql, Action<QueryRows, Stream> write)
    {
        using var query = TableQuery.Open(_out);
        using var rows = query.Run(sql);
        using var stream = new MemoryStream();
        write(rows, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
