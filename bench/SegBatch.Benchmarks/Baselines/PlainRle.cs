using System.Text;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>COCO's compressed counts, character by character into a string.</summary>
internal static class PlainRle
{
    public static string Encode(IReadOnlyList<int> counts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < counts.Count; i++)
        {
            var value = i > 2 ? counts[i] - counts[i - 2] : counts[i];
            while (true)
            {
                var group = value & 31;
                value >>= 5;
                var last = (group & 16) == 0 ? value == 0 : value == -1;
                text.Append((char)(48 + (last ? group : group | 32)));
                if (last)
                {
                    break;
                }
            }
        }

        return text.ToString();
    }
}
