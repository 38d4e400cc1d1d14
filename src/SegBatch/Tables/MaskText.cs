namespace SegBatch.Tables;

/// <summary>
/// The text of the masks of one frame, in one buffer that is used over and over. A buffer that is outgrown stays alive through what
/// refers to it, so text that was handed out is good until <see cref="Clear"/>.
/// </summary>
internal sealed class MaskText
{
    private byte[] _text = new byte[16 * 1024];
    private int _length;

    public void Clear() => _length = 0;

    /// <summary>Room to write into; <see cref="Take"/> what was written before asking for more.</summary>
    public Span<byte> Reserve(int most)
    {
        if (_text.Length - _length < most)
        {
            _text = new byte[Math.Max(2 * _text.Length, most)];
            _length = 0;
        }

        return _text.AsSpan(_length);
    }

    /// <summary>The first bytes of the room that was reserved.</summary>
    public ReadOnlyMemory<byte> Take(int length)
    {
        var text = _text.AsMemory(_length, length);
        _length += length;
        return text;
    }

    /// <summary>A copy of bytes that are somebody else's.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        return Take(text.Length);
    }
}
