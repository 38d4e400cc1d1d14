namespace SegBatch.Onnx;

/// <summary>What follows from which value depends on which: the order of nodes, and what is not needed.</summary>
internal static class GraphPruning
{
    /// <summary>Weights of more values than this are worth dropping.</summary>
    private const int Large = 1024;

    /// <summary>
    /// Orders the nodes so that each comes after those it uses, as the format wants it; else they keep their order. Sub-graphs are not looked into.
    /// </summary>
    public static void Sort(this OnnxGraph graph)
    {
        var sorted = new List<NodeProto>(graph.Nodes.Count);
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(NodeProto Node, bool InputsDone)>();
        foreach (var root in graph.Nodes)
        {
            open.Push((root, false));
            while (open.TryPop(out var next))
            {
                if (next.InputsDone)
                {
                    sorted.Add(next.Node);
                }
                else if (seen.Add(next.Node))
                {
                    open.Push((next.Node, true));
                    foreach (var input in InputsOf(next.Node).Select(graph.Producer).OfType<NodeProto>().Reverse())
                    {
                        open.Push((input, false));
                    }
                }
            }
        }

        graph.Reorder(sorted);
    }

    /// <summary>Removes the nodes and constants that no output of the graph depends on. Sub-graphs keep what they use.</summary>
    public static void RemoveUnused(this OnnxGraph graph) =>
        graph.Keep(Needed(graph, graph.Outputs.Select(output => output.Name), _ => false).Contains);

    /// <summary>Removes the inputs that no node reads. Call it behind <see cref="RemoveUnused"/>.</summary>
    public static void RemoveUnusedInputs(this OnnxGraph graph) =>
        graph.KeepInputs(graph.Nodes.SelectMany(InputsOf).Concat(graph.Outputs.Select(output => output.Name)).ToHashSet().Contains);

    /// <summary>
    /// Puts zeros in place of the large weights that a value does not depend on except by its shape: what is left computes the same
    /// value and is a fraction of the size.
    /// </summary>
    public static void DropWeightsBehindShapes(this GraphBuilder graph, string value)
    {
        var needed = Needed(graph, [value], node => node.OpType == "Shape");
        var dropped = graph
            .Initializers.Where(tensor =>
                !needed.Contains(tensor.Name)
                && tensor.DataType == (int)TensorProto.Types.DataType.Float
                && tensor.Dims.Aggregate(1L, (product, side) => product * side) > Large
            )
            .ToArray();
        foreach (var tensor in dropped)
        {
            graph.RemoveInitializer(tensor.Name);
            graph.Add("ConstantOfShape", [graph.Integers([.. tensor.Dims])], tensor.Name);
        }
    }

    /// <summary>The values that some values depend on, themselves included; nodes where the search ends are not looked behind.</summary>
    private static HashSet<string> Needed(OnnxGraph graph, IEnumerable<string> values, Predicate<NodeProto> isEnd)
    {
        var needed = new HashSet<string>();
        var open = new Stack<string>(values);
        while (open.TryPop(out var value))
        {
            if (needed.Add(value) && graph.Producer(value) is { } node && !isEnd(node))
            {
                foreach (var input in InputsOf(node))
                {
                    open.Push(input);
                }
            }
        }

        return needed;
    }

    /// <summary>What a node reads, in sub-graphs too; inputs that are left out have no name.</summary>
    private static IEnumerable<string> InputsOf(NodeProto node) =>
        node
            .Input.Where(input => input.Length > 0)
            .Concat(
                node.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => attribute.G.Node.SelectMany(InputsOf))
            );
}
