using SegBatch.Native.DuckDb;
using Xunit;

namespace SegBatch.IntegrationTests.Tables;

/// <summary>Proves the declarations of the C API: every function is called, every value comes back as SQL says it is.</summary>
public sealed class DuckDbTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.InMemory(threads: 1);
    private readonly DuckDbConnection _connection;

    public DuckDbTests()
    {
        _connection = _database.Connect();
        RowFunction.Register(_connection);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void The_library_is_the_one_the_declarations_were_made_for() =>
        Assert.StartsWith("v1.5.", DuckDbDatabase.LibraryVersion, StringComparison.Ordinal);

    [Fact]
    public void Values_of_every_native_type_are_read()
    {
        using var rows = _connection.Query(
            """
            SELECT true, -8::TINYINT, 200::UTINYINT, -3000::SMALLINT, 60000::USMALLINT, -70000::INTEGER, 4000000000::UINTEGER,
                -5000000000::BIGINT, 18000000000000000000::UBIGINT, '-170141183460469231731687303715884105728'::HUGEINT,
                '340282366920938463463374607431768211455'::UHUGEINT, 0.1::FLOAT, 0.1::DOUBLE, 'short', 'longer than twelve bytes: ä', NULL::INTEGER
            """
        );

        Assert.True(rows.NextChunk());
        Assert.True(rows.Value<bool>(0, 0));
        Assert.Equal(-8, rows.Value<sbyte>(1, 0));
        Assert.Equal(200, rows.Value<byte>(2, 0));
        Assert.Equal(-3000, rows.Value<short>(3, 0));
        Assert.Equal(60000, rows.Value<ushort>(4, 0));
        Assert.Equal(-70000, rows.Value<int>(5, 0));
        Assert.Equal(4000000000, rows.Value<uint>(6, 0));
        Assert.Equal(-5000000000, rows.Value<long>(7, 0));
        Assert.Equal(18000000000000000000, rows.Value<ulong>(8, 0));
        Assert.Equal(Int128.MinValue, rows.Value<Int128>(9, 0));
        Assert.Equal(UInt128.MaxValue, rows.Value<UInt128>(10, 0));
        Assert.Equal(0.1f, rows.Value<float>(11, 0));
        Assert.Equal(0.1, rows.Value<double>(12, 0));
        Assert.Equal("short", rows.Text(13, 0));
        Assert.Equal("longer than twelve bytes: ä", rows.Text(14, 0));
        Assert.True(rows.IsNull(15, 0));
        Assert.False(rows.IsNull(5, 0));
        Assert.False(rows.NextChunk());
    }

    [Fact]
    public void A_value_of_another_width_or_row_is_refused()
    {
        using var rows = _connection.Query("SELECT 1::INTEGER AS a");
        rows.NextChunk();

        Assert.Throws<InvalidOperationException>(() => rows.Value<long>(0, 0));
        Assert.Throws<InvalidOperationException>(() => rows.Text(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Value<int>(0, 1));
    }

    [Fact]
    public void Long_results_come_in_chunks_and_in_order()
    {
        using var rows = _connection.Query("SELECT range FROM range(10000)");
        var next = 0L;
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                Assert.Equal(next++, rows.Value<long>(0, row));
            }
        }

        Assert.Equal(10000, next);
    }

    [Theory]
    [InlineData("SELECT nonsense", "LINE 1: SELECT nonsense")]
    [InlineData("SELEC 1", "^")]
    [InlineData("", "no statement")]
    public void Errors_carry_the_text_of_DuckDB(string sql, string expected) =>
        Assert.Contains(expected, Assert.Throws<DuckDbException>(() => _connection.Query(sql)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_error_on_the_way_ends_the_rows()
    {
        using var rows = _connection.Query("SELECT CASE WHEN range < 9000000 THEN '1' ELSE 'x' END::INTEGER FROM range(10000000)");

        var error = Assert.Throws<DuckDbException>(() =>
        {
            while (rows.NextChunk()) { }
        });

        Assert.Contains("Could not convert string 'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_exist_is_named() =>
        Assert.Contains(
            "no_such_setting",
            Assert.Throws<DuckDbException>(() => DuckDbDatabase.InMemory(1, ("no_such_setting", "1"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Statements_are_told_apart()
    {
        var kinds = new List<(StatementKind, bool)>();
        foreach (
            var statement in _connection.Prepare("CREATE TABLE t (a INTEGER); EXPLAIN SELECT 1; COPY (SELECT 1) TO '/dev/null'; SELECT 1")
        )
        {
            using (statement)
            {
                kinds.Add((statement.Kind, statement.IsLast));
            }
        }

        Assert.Equal(
            [(StatementKind.Create, false), (StatementKind.Explain, false), (StatementKind.Copy, false), (StatementKind.Select, true)],
            kinds
        );
    }

    [Fact]
    public void A_statement_knows_its_columns_before_it_runs()
    {
        using var statement = _connection.Prepare("SELECT 1::DECIMAL(9,2) AS d, [1] AS l, 'x' AS s").First();

        Assert.Equal([new("d", DuckDbType.Decimal), new("l", DuckDbType.List), new("s", DuckDbType.Varchar)], statement.Columns());
    }

    [Fact]
    public void An_interrupted_query_fails()
    {
        using var timer = new Timer(_ => _connection.Interrupt(), null, 20, 20); // may fire once more behind the test

        var error = Assert.Throws<DuckDbException>(() =>
            _connection.Execute("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")
        );

        Assert.Contains("INTERRUPT", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(5000)]
    public void Streamed_rows_arrive_whole_and_in_order(int count)
    {
        using (var connection = _database.Connect())
        using (var rows = new RowStream(connection, Columns, id => $"CREATE TABLE t AS FROM segbatch_rows({id})"))
        {
            for (var i = 0; i < count; i++)
            {
                Append(rows, i);
            }

            rows.Complete();
        }

        using var back = _connection.Query("FROM t");
        var next = 0;
        while (back.NextChunk())
        {
            for (var row = 0; row < back.Rows; row++, next++)
            {
                Assert.Equal(next, back.Value<long>(0, row));
                Assert.Equal(Text(next), back.Text(1, row));
                Assert.Equal(next / 2f, back.Value<float>(2, row));
                Assert.Equal(next % 2 == 0, back.Value<bool>(3, row));
            }
        }

        Assert.Equal(count, next);
    }

    [Fact]
    public void A_stream_that_is_abandoned_leaves_nothing()
    {
        using (var connection = _database.Connect())
        using (var rows = new RowStream(connection, Columns, id => $"CREATE TABLE t AS FROM segbatch_rows({id})"))
        {
            for (var i = 0; i < 3000; i++)
            {
                Append(rows, i);
            }
        }

        Assert.Throws<DuckDbException>(() => _connection.Execute("FROM t"));
    }

    [Fact]
    public void A_statement_that_fails_under_way_tells_the_caller_and_does_not_hang()
    {
        using var connection = _database.Connect();
        using var rows = new RowStream(
            connection,
            Columns,
            id => $"CREATE TABLE t AS SELECT CASE WHEN i < 3000 THEN '1' ELSE 'x' END::INTEGER FROM segbatch_rows({id})"
        );

        var error = Assert.Throws<DuckDbException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                Append(rows, i);
            }
        });

        Assert.Contains("Could not convert", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_statement_that_wants_no_more_rows_is_an_error()
    {
        using var connection = _database.Connect();
        using var rows = new RowStream(connection, Columns, id => $"CREATE TABLE t AS FROM segbatch_rows({id}) LIMIT 10");

        Assert.Throws<DuckDbException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                Append(rows, i);
            }
        });
    }

    [Fact]
    public void Values_of_the_wrong_width_are_refused()
    {
        using var connection = _database.Connect();
        using var rows = new RowStream(connection, Columns, id => $"CREATE TABLE t AS FROM segbatch_rows({id})");

        Assert.Throws<InvalidOperationException>(() => rows.Set(0, 1));
        Assert.Throws<InvalidOperationException>(() => rows.SetText(0, "x"));
    }

    [Fact]
    public void A_stream_that_does_not_exist_is_an_error_of_the_query() =>
        Assert.Contains(
            "no such stream",
            Assert.Throws<DuckDbException>(() => _connection.Execute("FROM segbatch_rows(-1)")).Message,
            StringComparison.Ordinal
        );

    private static IReadOnlyList<DuckDbColumn> Columns { get; } =
    [new("i", DuckDbType.BigInt), new("s", DuckDbType.Varchar), new("f", DuckDbType.Float), new("b", DuckDbType.Boolean)];

    /// <summary>Null, empty, inlined up to 12 bytes, longer, and beyond ASCII.</summary>
    private static string? Text(int i) => i % 17 == 0 ? null : new string('ä', i % 17 - 1);

    private static void Append(RowStream rows, int i)
    {
        rows.Set(0, (long)i);
        if (Text(i) is { } text)
        {
            rows.SetText(1, text);
        }
        else
        {
            rows.SetNull(1);
        }

        rows.Set(2, i / 2f);
        rows.Set(3, i % 2 == 0);
        rows.EndRow();
    }
}
