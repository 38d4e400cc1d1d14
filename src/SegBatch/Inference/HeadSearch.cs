using SegBatch.Onnx;

namespace SegBatch.Inference;

/// <summary>The parts of an anchor-free head, each level by level.</summary>
internal sealed record HeadParts(
    IReadOnlyList<MapChannels> Box,
    IReadOnlyList<MapChannels> Scores,
    IReadOnlyList<MapChannels> Coefficients,
    bool IsTransposed
);

/// <summary>
/// Recognises an anchor-free head by the structure of its graph: predictions = Concat(box, Sigmoid(classes), coefficients), each
/// a Concat of levels, each level a map of convolutions flattened. Names are never looked at; what the box arithmetic computes is
/// for <see cref="HeadProbe"/> to find out.
/// </summary>
internal sealed class HeadSearch(GraphBuilder graph)
{
    /// <summary>Known networks have 16.</summary>
    private const int MostBins = 256;

    private readonly HeadMaps _maps = new(graph);

    /// <exception cref="HeadTrimException">It is another head.</exception>
    public HeadParts Find(string predictions)
    {
        var isTransposed = false;
        var pieces = Pieces(predictions, 1);
        if (pieces.Count == 1)
        {
            (pieces, isTransposed) = (Pieces(predictions, 2), true);
        }

        var at = pieces.FindIndex(piece => graph.Producer(piece.Value) is { OpType: "Sigmoid" });
        if (pieces.Count < 3 || at < 1)
        {
            throw new HeadTrimException("its predictions are no Concat of boxes, a Sigmoid of classes and mask coefficients");
        }

        if (at != pieces.Count - 2)
        {
            throw new HeadTrimException("its mask coefficients are computed from several values");
        }

        var scoreMaps = _maps.Of(graph.Producer(pieces[at].Value)!.Input[0], pieces[at].Axis);
        var coefficientMaps = _maps.Of(pieces[^1].Value, pieces[^1].Axis);
        var boxMaps = Boxes(pieces.Take(at).Select(piece => piece.Value));
        var parts = new HeadParts(boxMaps, scoreMaps, coefficientMaps, isTransposed);
        Check(parts);
        return parts;
    }

    /// <summary>The values that are put side by side on the axis of channels, with that axis in each.</summary>
    private List<(string Value, int Axis)> Pieces(string value, int axis) =>
        graph.Producer(value) switch
        {
            { OpType: "Identity" } node => Pieces(node.Input[0], axis),
            { OpType: "Concat" } node when HeadMaps.Axis(node) == axis => [.. node.Input.SelectMany(input => Pieces(input, axis))],
            { OpType: "Transpose", Attribute: [{ Name: "perm", Ints: { Count: 3 } perm }] } node => Pieces(node.Input[0], (int)perm[axis]),
            _ => [(value, axis)],
        };

    /// <summary>The nearest values behind the box arithmetic that are levels put together; there must be one such value only.</summary>
    private IReadOnlyList<MapChannels> Boxes(IEnumerable<string> pieces)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>(pieces);
        IReadOnlyList<MapChannels>? found = null;
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value) || graph.Producer(value) is not { } node || node.OpType == "Shape")
            {
                continue;
            }

            if (node.OpType is "Concat" or "Split" && Levels(value) is { Count: > 1 } levels)
            {
                found =
                    found is null || found.SequenceEqual(levels)
                        ? levels
                        : throw new HeadTrimException("its boxes come from more than one set of levels");
                continue;
            }

            foreach (var input in node.Input)
            {
                open.Push(input);
            }
        }

        return found ?? throw new HeadTrimException("its boxes do not come from levels of convolutions");
    }

    private IReadOnlyList<MapChannels>? Levels(string value)
    {
        try
        {
            return _maps.Of(value, 1);
        }
        catch (HeadTrimException)
        {
            return null; // arithmetic of the boxes or of their anchors: the search goes on behind it
        }
    }

    private static void Check(HeadParts parts)
    {
        IReadOnlyList<MapChannels>[] all = [parts.Box, parts.Scores, parts.Coefficients];
        if (all.Any(part => part.Count != parts.Scores.Count || part.Any(map => map.Count != part[0].Count)))
        {
            throw new HeadTrimException("its boxes, scores and coefficients do not come from the same number of levels");
        }

        var maps = all.SelectMany(part => part).ToArray();
        foreach (var (map, index) in maps.Select((map, index) => (map, index)))
        {
            if (
                maps.Skip(index + 1)
                    .Any(other => other.Map == map.Map && other.First < map.First + map.Count && map.First < other.First + other.Count)
            )
            {
                throw new HeadTrimException("its boxes cannot be told from its scores");
            }
        }

        if (parts.Box[0].Count % 4 != 0 || parts.Box[0].Count > 4 * MostBins)
        {
            throw new HeadTrimException($"its boxes have {parts.Box[0].Count} channels, which is no multiple of 4 up to {4 * MostBins}");
        }
    }
}
