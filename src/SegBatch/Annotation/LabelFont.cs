using System.Text;
using SegBatch.Native.FreeType;

namespace SegBatch.Annotation;

/// <summary>
/// The glyphs of one font at one size. ASCII is rendered at once, any other code point when it is first asked for.
/// Heights are in pixels.
/// </summary>
public sealed class LabelFont : IDisposable
{
    /// <summary>Names the font file to use instead of DejaVu Sans.</summary>
    public const string FontVariable = "SEGBATCH_FONT";

    private static readonly string[] Folders =
    [
        "/usr/share/fonts/truetype/dejavu",
        "/usr/share/fonts/dejavu-sans-fonts",
        "/usr/share/fonts/dejavu",
        "/usr/share/fonts/TTF",
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/fonts"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".fonts"),
    ];

    private static readonly string[] Files = ["DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf"];

    private readonly FontFace _face;
    private readonly Dictionary<Rune, GlyphBitmap> _glyphs = [];

    private LabelFont(FontFace face)
    {
        _face = face;
        for (var c = ' '; c <= '~'; c++)
        {
            Glyph(new(c));
        }

        CapHeight = Glyph(new('H')).Top;
        var hanging = Glyph(new('g'));
        Descent = hanging.Height - hanging.Top;
    }

    /// <summary>From the baseline up to the top of a capital.</summary>
    public int CapHeight { get; }

    /// <summary>From the baseline down to the foot of a "g".</summary>
    public int Descent { get; }

    /// <summary>Opens the named font file; without a name DejaVu Sans, or what is nearest to it.</summary>
    /// <exception cref="FontException">There is none, or it cannot be used: the message says where was looked and what to do.</exception>
    public static LabelFont Open(int pixelSize, string? file)
    {
        try
        {
            return new(FontFace.Open(Find(file), pixelSize));
        }
        catch (DllNotFoundException error)
        {
            throw new FontException($"FreeType is not installed ({error.Message}). Install it (Debian: apt-get install libfreetype6).");
        }
    }

    public GlyphBitmap Glyph(Rune codePoint)
    {
        if (!_glyphs.TryGetValue(codePoint, out var glyph))
        {
            _glyphs.Add(codePoint, glyph = _face.Render(codePoint));
        }

        return glyph;
    }

    /// <summary>Width of a line of text.</summary>
    public int Measure(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var codePoint in text.EnumerateRunes())
        {
            width += Glyph(codePoint).Advance;
        }

        return width;
    }

    public void Dispose() => _face.Dispose();

    /// <summary>The file that <see cref="Open"/> takes.</summary>
    /// <exception cref="FontException">There is none.</exception>
    public static string Find(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named) ? named : throw new FontException($"{FontVariable} names '{named}', which does not exist.");
        }

        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (var file in Files)
        {
            foreach (var folder in Folders.Where(Directory.Exists))
            {
                if (Directory.EnumerateFiles(folder, file, everywhere).FirstOrDefault() is { } found)
                {
                    return found;
                }
            }
        }

        throw new FontException(
            $"no font was found: looked for {string.Join(", ", Files)} in {string.Join(", ", Folders)}. "
                + $"Install DejaVu Sans (Debian: apt-get install fonts-dejavu-core) or let {FontVariable} name a font file."
        );
    }
}
