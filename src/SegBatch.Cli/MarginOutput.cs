using System.Text;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>
/// The terminal with a free margin on the right. A terminal shows Ctrl-C as "^C" where the cursor stands: behind a line that is as wide as the
/// terminal it would begin a new one, and the bars, which go back by so many lines, would be drawn a line too low.
/// </summary>
internal sealed class MarginOutput : IAnsiConsoleOutput
{
    private const int Margin = 3;
    private readonly AnsiConsoleOutput _terminal = new(Console.Out);

    public TextWriter Writer => _terminal.Writer;

    public bool IsTerminal => _terminal.IsTerminal;

    public int Width => Math.Max(20, _terminal.Width - Margin);

    public int Height => _terminal.Height;

    public void SetEncoding(Encoding encoding) => _terminal.SetEncoding(encoding);
}
