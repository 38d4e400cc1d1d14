using System.Runtime.InteropServices;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// An 8-bit grey picture with a border that mirrors it without repeating its edge (… 2 1 | 0 1 2 …), so that windows may reach over the edge.
/// Reused for the pictures of one size.
/// </summary>
internal sealed class GrayPlane
{
    /// <summary>Samples that may be read left and right of a row, of which <see cref="Mirrored"/> hold the picture's own.</summary>
    public const int Sides = 64;

    /// <summary>Rows above and below, and samples at each side, that hold the mirrored picture.</summary>
    public const int Mirrored = 24;

    private readonly byte[] _samples;

    // Where in its row a sample of the border is taken from: those left of the picture, then those right of it.
    private readonly int[] _mirrored = new int[2 * Mirrored];

    public GrayPlane(FrameSize size)
    {
        for (var i = 0; i < Mirrored; i++)
        {
            _mirrored[i] = Mirrored + Inside(i - Mirrored, size.Width);
            _mirrored[Mirrored + i] = Mirrored + Inside(size.Width + i, size.Width);
        }

        Size = size;
        Stride = (size.Width + 2 * Sides + 31) & ~31;
        _samples = new byte[Stride * (size.Height + 2 * Mirrored)];
    }

    public FrameSize Size { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>The samples of a row inside the picture.</summary>
    public Span<byte> Row(int y) => _samples.AsSpan(Offset(0, y), Size.Width);

    /// <summary>A sample, by reference: its neighbours may be reached as far as the border goes.</summary>
    public ref byte At(int x, int y) => ref _samples[Offset(x, y)];

    /// <summary>Mirrors the picture into its border. Call it once the rows are written.</summary>
    public void FillBorder()
    {
        var (width, height) = (Size.Width, Size.Height);
        for (var y = 0; y < height; y++)
        {
            var row = MemoryMarshal.CreateSpan(ref At(-Mirrored, y), width + 2 * Mirrored);
            var right = row[(Mirrored + width)..];
            for (var i = 0; i < Mirrored; i++)
            {
                row[i] = row[_mirrored[i]];
                right[i] = row[_mirrored[Mirrored + i]];
            }
        }

        for (var i = 1; i <= Mirrored; i++)
        {
            WholeRow(Inside(-i, height)).CopyTo(WholeRow(-i));
            WholeRow(Inside(height - 1 + i, height)).CopyTo(WholeRow(height - 1 + i));
        }
    }

    /// <summary>The sample of 0 … length − 1 that a position beyond the edge mirrors.</summary>
    public static int Inside(int position, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        var period = 2 * (length - 1);
        var place = ((position % period) + period) % period;
        return place < length ? place : period - place;
    }

    private Span<byte> WholeRow(int y) => _samples.AsSpan((y + Mirrored) * Stride, Stride);

    private int Offset(int x, int y) => (y + Mirrored) * Stride + Sides + x;
}
