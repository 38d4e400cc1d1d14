using System.Buffers;
using System.Text;

namespace SegBatch.Masks;

/// <summary>
/// The compressed text form of run lengths that COCO annotation files and their tools exchange ("counts"). Each count from the
/// fourth on is written as its difference to the count two before; every number is cut into groups of five bits, lowest first,
/// in two's complement; a group is one character: 48 + bits, + 32 when another group follows. All characters are printable ASCII.
/// </summary>
public static class CocoRle
{
    /// <summary>Characters the longest possible number takes: 33 bits with sign in groups of five.</summary>
    private const int MaxGroups = 7;
    private const int FirstCharacter = 48;
    private const int More = 0x20;

    /// <summary>Upper bound of the bytes <see cref="Encode"/> writes for this many counts.</summary>
    public static int MaxLength(int countsLength) => checked(countsLength * MaxGroups);

    /// <summary>Writes the compressed counts as ASCII and returns the number of bytes.</summary>
    /// <param name="counts">Run lengths in pixels, none negative, the first of zeros.</param>
    /// <param name="destination">At least as long as the result; <see cref="MaxLength"/> bytes always suffice.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int Encode(ReadOnlySpan<int> counts, Span<byte> destination)
    {
        var length = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var value = i > 2 ? (long)counts[i] - counts[i - 2] : counts[i];
            bool more;
            do
            {
                var group = (int)(value & 0x1f);
                value >>= 5;
                more = (group & 0x10) != 0 ? value != -1 : value != 0;
                if (length == destination.Length)
                {
                    throw new ArgumentException($"{destination.Length} bytes are too few for {counts.Length} counts", nameof(destination));
                }

                destination[length++] = (byte)(FirstCharacter + group + (more ? More : 0));
            } while (more);
        }

        return length;
    }

    /// <summary>The compressed counts as a string.</summary>
    public static string ToString(ReadOnlySpan<int> counts)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxLength(counts.Length));
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, Encode(counts, buffer));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Run lengths of a compressed string.</summary>
    /// <exception cref="FormatException">
    /// A character outside the code, a number cut off at the end or longer than 32 bits, or a negative count.
    /// Whether the counts fill a frame is checked by <see cref="RleMask.Validate"/>.
    /// </exception>
    public static int[] Decode(ReadOnlySpan<byte> text)
    {
        var numbers = 0;
        foreach (var character in text)
        {
            if (((character - FirstCharacter) & More) == 0)
            {
                numbers++;
            }
        }

        var counts = new int[numbers];
        var position = 0;
        for (var i = 0; position < text.Length; i++)
        {
            var value = ReadNumber(text, ref position) + (i > 2 ? counts[i - 2] : 0);
            if (value is < 0 or > int.MaxValue)
            {
                throw new FormatException($"count {i} of the compressed mask is {value}: a run length must be 0 to {int.MaxValue}");
            }

            counts[i] = (int)value;
        }

        return counts;
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte})"/>
    public static int[] Decode(ReadOnlySpan<char> text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            // Narrowing with saturation: a character beyond ASCII becomes one that the code does not contain.
            for (var i = 0; i < text.Length; i++)
            {
                buffer[i] = (byte)Math.Min((int)text[i], byte.MaxValue);
            }

            return Decode(buffer.AsSpan(0, text.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long ReadNumber(ReadOnlySpan<byte> text, ref int position)
    {
        var value = 0L;
        for (var group = 0; group < MaxGroups; group++)
        {
            if (position == text.Length)
            {
                throw new FormatException($"the compressed mask ends inside a number (after {position} characters): it was cut off");
            }

            var bits = text[position] - FirstCharacter;
            if (bits is < 0 or > 0x3f)
            {
                throw new FormatException(
                    $"byte {text[position]} at position {position} of the compressed mask is not a COCO run-length character"
                );
            }

            position++;
            value |= (long)(bits & 0x1f) << (5 * group);
            if ((bits & More) == 0)
            {
                var unused = 64 - 5 * (group + 1);
                return value << unused >> unused; // the highest bit of the last group is the sign
            }
        }

        throw new FormatException($"the number that ends at position {position} of the compressed mask does not fit 32 bits");
    }
}
