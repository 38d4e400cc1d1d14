using System.Globalization;
using SegBatch.Output;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Shows an answer to a person: columns as wide as their values, numbers rounded and to the right, very long text cut.</summary>
internal static class AnswerTable
{
    /// <summary>More is for a file or a LIMIT, not for eyes.</summary>
    private const int MostRows = 200;

    /// <summary>Masks are much longer; every other text is much shorter.</summary>
    private const int MostCharacters = 48;

    /// <summary>Writes the table; the line with the number of rows goes to standard error.</summary>
    public static void Write(QueryRows rows, TextWriter writer, bool isTerminal)
    {
        var (shown, count) = (new List<string[]>(), 0L);
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count && shown.Count < MostRows; row++)
            {
                var index = row;
                shown.Add([.. Enumerable.Range(0, rows.Names.Count).Select(column => Shown(rows, column, index))]);
            }

            count += rows.Count;
        }

        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Interactive = InteractionSupport.No,
                Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            }
        );
        if (!isTerminal)
        {
            console.Profile.Width = 10_000; // nothing is wrapped where nobody looks at a screen
        }

        var columns = Fitting(rows.Names, shown, console.Profile.Width);
        var table = new Table { Border = isTerminal ? TableBorder.Rounded : TableBorder.Ascii2 };
        for (var i = 0; i < columns; i++)
        {
            var column = new TableColumn(new Text(rows.Names[i], new Style(decoration: Decoration.Bold))) { NoWrap = !isTerminal };
            table.AddColumn(rows.Kinds[i] == QueryValueKind.Number ? column.RightAligned() : column);
        }

        foreach (var row in shown)
        {
            table.AddRow(row.Take(columns).Select(text => new Text(text)));
        }

        console.Write(table);
        var rest = shown.Count < count ? $"; the first {shown.Count} are shown, --format csv gives all" : "";
        Console.Error.WriteLine($"{count} row{(count == 1 ? "" : "s")}{rest}");
        if (columns < rows.Names.Count)
        {
            Console.Error.WriteLine(
                $"{columns} of {rows.Names.Count} columns fit this terminal; the others, to name in the SELECT: {string.Join(", ", rows.Names.Skip(columns))}"
            );
        }
    }

    /// <summary>
    /// How many columns from the left fit side by side, each as wide as its widest line; one at least. A column of several lines, such as a
    /// plan, is shown all the same, and wrapped.
    /// </summary>
    private static int Fitting(IReadOnlyList<string> names, List<string[]> rows, int width)
    {
        const int Border = 1;
        const int Padding = 3; // a blank on either side and the line to the next
        var (left, columns) = (width - Border, 0);
        while (columns < names.Count)
        {
            var at = columns;
            left -= Padding + rows.SelectMany(row => row[at].Split('\n')).Append(names[at]).Max(line => line.Length);
            if (left < 0 && !rows.Exists(row => row[at].Contains('\n', StringComparison.Ordinal)))
            {
                break;
            }

            columns++;
        }

        return Math.Max(1, columns);
    }

    private static string Shown(QueryRows rows, int column, int row)
    {
        var text = rows.Text(column, row);
        return text switch
        {
            null => "NULL",
            _ when rows.Kinds[column] == QueryValueKind.Number => Rounded(text),
            _ when text.Length > MostCharacters && !text.Contains('\n', StringComparison.Ordinal) => text[..(MostCharacters - 1)] + "…",
            _ => text,
        };
    }

    /// <summary>Fractions with seven digits, which is what a FLOAT knows; whole numbers as they are.</summary>
    private static string Rounded(string number) =>
        number.Contains('.', StringComparison.Ordinal) && double.TryParse(number, CultureInfo.InvariantCulture, out var value)
            ? value.ToString("G7", CultureInfo.InvariantCulture)
            : number;
}
