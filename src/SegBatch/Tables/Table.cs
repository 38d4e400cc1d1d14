using SegBatch.Native.DuckDb;

namespace SegBatch.Tables;

/// <summary>A table: its name, its columns in order, and how a row becomes cells. The one place that says so.</summary>
public sealed class Table<TRow>
{
    private readonly Column<TRow>[] _columns;

    internal Table(string name, string meaning, params IEnumerable<Column<TRow>> columns)
    {
        Name = name;
        Meaning = meaning;
        _columns = [.. columns];
    }

    /// <summary>Name of the view in queries.</summary>
    public string Name { get; }

    /// <summary>What one row is.</summary>
    public string Meaning { get; }

    public IReadOnlyList<Column> Columns => _columns;

    internal IReadOnlyList<DuckDbColumn> NativeColumns => [.. _columns.Select(column => column.Native)];

    internal void Append(RowStream rows, in TRow row)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Write(rows, i, in row);
        }

        rows.EndRow();
    }

    /// <summary>The same rows with fewer columns.</summary>
    internal Table<TRow> Without(string name, string meaning, params IEnumerable<string> columns) =>
        new(name, meaning, _columns.ExceptBy(columns, column => column.Name));
}
