namespace SegBatch.Native.FFmpeg;

/// <summary>Reads a sequence parameter set (ITU-T H.264, 7.3.2.1.1 and annex E.1) as MP4 files carry it (ISO/IEC 14496-15, 5.3.3.1).</summary>
internal ref struct H264Header
{
    private const int WithChromaFormat = 100; // profiles from "High" on, and those below that ended up there
    private readonly ReadOnlySpan<byte> _bytes;
    private int _bit;

    private H264Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>
    /// Whether a file's only parameter set says how many pictures are decoded before they are shown. Where it does not, decoders find out
    /// while they decode.
    /// </summary>
    /// <param name="configuration">The avcC box.</param>
    public static bool TellsOrder(ReadOnlySpan<byte> configuration)
    {
        if (configuration.Length < 9 || configuration[0] != 1 || (configuration[5] & 31) != 1)
        {
            return false;
        }

        var length = (configuration[6] << 8) | configuration[7];
        if (length < 5 || length > configuration.Length - 8)
        {
            return false;
        }

        var header = new H264Header(WithoutEscapes(configuration.Slice(9, length - 1)));
        return header.HasRestriction() && header._bit <= 8 * header._bytes.Length;
    }

    private static byte[] WithoutEscapes(ReadOnlySpan<byte> unit)
    {
        var bytes = new List<byte>(unit.Length);
        for (var i = 0; i < unit.Length; i++)
        {
            if (i < 2 || unit[i] != 3 || unit[i - 1] != 0 || unit[i - 2] != 0)
            {
                bytes.Add(unit[i]);
            }
        }

        return [.. bytes];
    }

    private bool HasRestriction()
    {
        var profile = Bits(8);
        Skip(16);
        Number(); // its id
        if (profile >= WithChromaFormat || profile is 44 or 83 or 86)
        {
            SkipChromaFormat();
        }

        Number(); // log2_max_frame_num
        SkipOrderCount();
        Number(); // reference frames
        Skip(1);
        Number(); // width
        Number(); // height
        Skip(Bits(1) == 0 ? 2 : 1); // fields, direct inference
        if (Bits(1) == 1)
        {
            Numbers(4); // cropping
        }

        return Bits(1) == 1 && UsabilityHasRestriction();
    }

    private void SkipChromaFormat()
    {
        var format = Number();
        Skip(format == 3 ? 1 : 0);
        Numbers(2); // bit depths
        Skip(1);
        if (Bits(1) == 0)
        {
            return;
        }

        for (var list = 0; list < (format == 3 ? 12 : 8); list++)
        {
            if (Bits(1) == 1)
            {
                SkipScalingList(list < 6 ? 16 : 64);
            }
        }
    }

    private void SkipScalingList(int size)
    {
        for (int i = 0, scale = 8; i < size && scale != 0; i++)
        {
            var code = Number();
            scale = (scale + (code % 2 == 1 ? (code + 1) / 2 : -code / 2) + 256) % 256;
        }
    }

    private void SkipOrderCount()
    {
        switch (Number())
        {
            case 0:
                Number();
                break;
            case 1:
                Skip(1);
                Numbers(2);
                Numbers(Number());
                break;
        }
    }

    private bool UsabilityHasRestriction()
    {
        if (Bits(1) == 1 && Bits(8) == 255)
        {
            Skip(32); // aspect ratio
        }

        Skip(Bits(1)); // overscan
        if (Bits(1) == 1)
        {
            Skip(4);
            Skip(24 * Bits(1)); // colours
        }

        Numbers(2 * Bits(1)); // where chroma lies
        Skip(65 * Bits(1)); // timing
        var hasRates = SkipRates() | SkipRates();
        Skip(hasRates ? 2 : 1);
        return Bits(1) == 1;
    }

    private bool SkipRates()
    {
        if (Bits(1) == 0)
        {
            return false;
        }

        var count = Number() + 1;
        Skip(8);
        for (var i = 0; i < count && _bit < 8 * _bytes.Length; i++)
        {
            Numbers(2);
            Skip(1);
        }

        Skip(20);
        return true;
    }

    private void Numbers(int count)
    {
        for (var i = 0; i < count && _bit < 8 * _bytes.Length; i++)
        {
            Number();
        }
    }

    /// <summary>Exp-Golomb code (9.1), signed ones by their code number.</summary>
    private int Number()
    {
        var zeros = 0;
        while (zeros < 31 && _bit < 8 * _bytes.Length && Bits(1) == 0)
        {
            zeros++;
        }

        return zeros == 31 ? int.MaxValue / 4 : (1 << zeros) - 1 + Bits(zeros);
    }

    private void Skip(int count) => _bit += count;

    /// <summary>Zeros behind the end, where the place tells that there is none.</summary>
    private int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++, _bit++)
        {
            var bit = _bit < 8 * _bytes.Length ? (_bytes[_bit >> 3] >> (7 - (_bit & 7))) & 1 : 0;
            value = (value << 1) | bit;
        }

        return value;
    }
}
