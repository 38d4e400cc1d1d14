using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>The standings as a table for the terminal and for Markdown, and as JSON.</summary>
internal static class RaceTable
{
    private static readonly (string Name, string Title, string Format)[] s_columns =
    [
        ("HOTA", "HOTA", "P1"),
        ("DetA", "DetA", "P1"),
        ("AssA", "AssA", "P1"),
        ("IDF1", "IDF1", "P1"),
        ("IDSW", "id switches", "F0"),
        ("MOTA", "MOTA", "P1"),
    ];

    private static readonly NumberFormatInfo s_numbers = new()
    {
        PercentSymbol = "",
        PercentPositivePattern = 1,
        PercentNegativePattern = 1,
        NumberGroupSeparator = "",
        PercentGroupSeparator = "",
    };

    /// <summary>Columns of equal width, a block for each set.</summary>
    public static string Text(IReadOnlyList<Standing> standings)
    {
        var text = new StringBuilder();
        foreach (var set in standings.GroupBy(item => item.Set))
        {
            text.Append($"{set.Key, -28}");
            text.AppendJoin("", s_columns.Select(column => column.Title.PadLeft(13)));
            text.AppendLine($"{"µs/frame", 11}");
            foreach (var item in set)
            {
                text.Append($"  {item.Tracker, -26}");
                text.AppendJoin("", Cells(item).SkipLast(1).Select(cell => cell.PadLeft(13)));
                text.AppendLine($"{Cells(item)[^1], 11}");
            }
        }

        return text.ToString();
    }

    /// <summary>One table for each set, the best figures bold.</summary>
    public static string Markdown(IReadOnlyList<Standing> standings)
    {
        var text = new StringBuilder();
        foreach (var set in standings.GroupBy(item => item.Set))
        {
            var rows = set.Select(item => (item.Tracker, Cells: Cells(item))).ToList();
            var best = Enumerable.Range(0, s_columns.Length).Select(column => Best([.. set], column)).ToArray();
            text.AppendLine($"| {set.Key} | {string.Join(" | ", s_columns.Select(column => column.Title))} | µs per frame |");
            text.AppendLine($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", s_columns.Length + 1))}");
            foreach (var (tracker, cells) in rows)
            {
                var marked = cells.Select((cell, column) => column < best.Length && cell == best[column] ? $"**{cell}**" : cell);
                text.AppendLine($"| `{tracker}` | {string.Join(" | ", marked)} |");
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>One object for each set and tracker, with every figure and count.</summary>
    public static JsonArray Json(IReadOnlyList<Standing> standings)
    {
        var rows = new JsonArray();
        foreach (var item in standings)
        {
            var row = new JsonObject
            {
                ["set"] = item.Set,
                ["tracker"] = item.Tracker,
                ["microseconds_per_frame"] = item.MicrosecondsPerFrame,
            };
            foreach (var (name, value) in item.Score.Figures)
            {
                row[name] = value;
            }

            foreach (var (name, value) in item.Score.Counts)
            {
                row[name] = value;
            }

            rows.Add(row);
        }

        return rows;
    }

    private static string[] Cells(Standing item) =>
        [
            .. s_columns.Select(column => item[column.Name].ToString(column.Format, s_numbers).Trim()),
            item.MicrosecondsPerFrame.ToString("F0", s_numbers),
        ];

    private static string Best(IReadOnlyList<Standing> set, int column)
    {
        var name = s_columns[column].Name;
        var best = name == "IDSW" ? set.MinBy(item => item[name]) : set.MaxBy(item => item[name]);
        return Cells(best!)[column];
    }
}
