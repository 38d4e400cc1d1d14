using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Standard output for tables and text.</summary>
internal static class OutputConsole
{
    private const int PipeWidth = 160;

    /// <summary>Colours and the terminal's width where somebody looks; plain wide text in a pipe, which Spectre would colour as well.</summary>
    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(Console.Out) });
        plain.Profile.Width = PipeWidth;
        return plain;
    }
}
