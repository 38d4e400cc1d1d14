using SegBatch.Decoding;

namespace SegBatch.Annotation;

/// <summary>The reference's twenty colours in the sample values of one kind of picture. An index is a track or class id, taken modulo 20.</summary>
public sealed class Palette
{
    public const int Count = 20;

    private static readonly int[] Rgb =
    [
        0x042AFF,
        0x0BDBEB,
        0xF3F3F3,
        0x00DFB7,
        0x111F68,
        0xFF6FDD,
        0xFF444F,
        0xCCED00,
        0x00F344,
        0xBD00FF,
        0x00B4FF,
        0xDD00BA,
        0x00FFFF,
        0x26C000,
        0x01FFB3,
        0x7D24FF,
        0x7B0068,
        0xFF1B6C,
        0xFC6D2F,
        0xA2FF0B,
    ];

    private const int DarkText = 0x111F68;

    /// <summary>Indices of the bright colours, on which text is dark.</summary>
    private static readonly int[] Bright = [1, 2, 3, 5, 7, 8, 12, 14, 19];

    private readonly YuvColor[] _colors;
    private readonly YuvColor[] _textColors;

    public Palette(ColorSpec spec)
    {
        Spec = spec;
        _colors = Array.ConvertAll(Rgb, rgb => YuvColor.FromRgb(rgb, spec));
        var (white, dark) = (YuvColor.FromRgb(0xFFFFFF, spec), YuvColor.FromRgb(DarkText, spec));
        _textColors = new YuvColor[Count];
        for (var i = 0; i < Count; i++)
        {
            _textColors[i] = Bright.Contains(i) ? dark : white;
        }
    }

    public ColorSpec Spec { get; }

    public YuvColor Color(long index) => _colors[Slot(index)];

    /// <summary>White or dark blue, whichever is readable on <see cref="Color"/> of the same index.</summary>
    public YuvColor TextOn(long index) => _textColors[Slot(index)];

    private static int Slot(long index) => (int)((index % Count + Count) % Count);
}
