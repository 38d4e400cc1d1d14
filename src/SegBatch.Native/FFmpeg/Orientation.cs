namespace SegBatch.Native.FFmpeg;

/// <summary>
/// One of the eight ways a stored picture becomes upright: transposed first (rows become columns), then mirrored left-right and
/// top-bottom. A sample at (x, y) moves to (y, x) if <see cref="Transposed"/>, and from there by the flips of the upright picture.
/// </summary>
public readonly record struct Orientation(bool Transposed, bool FlippedX, bool FlippedY)
{
    /// <summary>Left and right are exchanged besides any rotation.</summary>
    public bool IsMirrored => Transposed ^ FlippedX ^ FlippedY;

    /// <summary>Clockwise degrees: 0, 90, 180 or 270. Of a mirrored picture: after mirroring the stored one left-right.</summary>
    public int Degrees =>
        (Transposed, FlippedY) switch
        {
            (false, false) => 0,
            (false, true) => 180,
            (true, _) => FlippedX ? 90 : 270,
        };

    /// <summary>
    /// Reads a display matrix (ISO/IEC 14496-12, 8.2.2: x' = a·x + c·y, y' = b·x + d·y, nine numbers by rows, the first two columns
    /// in 16.16 fixed point). Null when it turns by anything but quarter turns.
    /// </summary>
    internal static unsafe Orientation? FromMatrix(int* matrix)
    {
        var (a, b, c, d) = ((long)matrix[0], (long)matrix[1], (long)matrix[3], (long)matrix[4]);
        const int Precision = 100; // the lesser coefficients of a quarter turn are rounding errors
        var along = Math.Min(Math.Abs(a), Math.Abs(d));
        var across = Math.Min(Math.Abs(b), Math.Abs(c));
        if (along > Precision * Math.Max(Math.Abs(b), Math.Abs(c)))
        {
            return new Orientation(false, a < 0, d < 0);
        }

        return across > Precision * Math.Max(Math.Abs(a), Math.Abs(d)) ? new Orientation(true, c < 0, b < 0) : null;
    }
}
