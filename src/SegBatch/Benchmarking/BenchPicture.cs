using System.Globalization;
using System.Text;

namespace SegBatch.Benchmarking;

/// <summary>Where the time of a frame goes, as an SVG of stacked bars: CPU milliseconds per frame, with the network and without.</summary>
public static class BenchPicture
{
    private const string NetworkPart = "infer";
    private const string OtherPart = "other threads";
    private const int Width = 960;
    private const int Left = 220;
    private const int Right = 90;
    private const int BarHeight = 26;
    private const int RowHeight = 38;
    private const int PanelHead = 46;

    /// <summary>Colours that people with any kind of sight tell apart (Okabe and Ito, "Color Universal Design", 2008).</summary>
    private static readonly OrderedDictionary<string, string> Colors = new()
    {
        ["decode"] = "#56b4e9",
        ["motion"] = "#000000",
        ["letterbox"] = "#009e73",
        [NetworkPart] = "#c8c8c8",
        ["detect"] = "#e69f00",
        ["track"] = "#cc79a7",
        ["annotate"] = "#d55e00",
        ["write"] = "#0072b2",
        [OtherPart] = "#f0e442",
    };

    private sealed record Bar(string Name, IReadOnlyList<(string Part, double Ms)> Parts)
    {
        public double Sum => Parts.Sum(part => part.Ms);
    }

    public static string Draw(BenchReport report)
    {
        var bars = report
            .Legs.Where(leg => leg is not (BenchReport.Decode or BenchReport.DecodeAndEncode))
            .Select(leg => new Bar(Label(report, leg), Parts(report, leg)))
            .ToList();
        var without = bars.Where(bar => bar.Parts.Count > 1)
            .Select(bar => bar with { Parts = [.. bar.Parts.Where(part => part.Part != NetworkPart)] })
            .ToList();
        var first = PanelHead + 34 + (RowHeight * bars.Count);
        var height = first + PanelHead + (RowHeight * without.Count) + 62;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="DejaVu Sans, Segoe UI, Helvetica, sans-serif" font-size="13" fill="#222">
            <rect width="{Width}" height="{height}" fill="#fff"/>
            <text x="16" y="26" font-size="17" font-weight="bold">CPU time per frame, milliseconds</text>
            <text x="{Width - 16}" y="26" text-anchor="end" fill="#666">{Escape(
                $"{report.Clip}, {report.Frame}, {report.Model}, {report.Device}"
            )}</text>

            """
        );
        Panel(svg, bars, PanelHead);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<text x="16" y="{first + 14}" font-size="17" font-weight="bold">The same without the network</text>{"\n"}"""
        );
        Panel(svg, without, first + 34);
        Legend(svg, bars, height - 24);
        return svg.Append("</svg>\n").ToString();
    }

    private static string Label(BenchReport report, string leg) =>
        leg switch
        {
            BenchReport.Yardstick => $"bare runtime, {report.YardstickInput}",
            BenchReport.Bare => $"bare runtime, {report.Input}",
            BenchReport.Network => $"network, {report.NetworkRunsAtOnce} runs at once",
            _ => leg,
        };

    /// <summary>What the stages' own threads took, and what is left of the whole process.</summary>
    private static List<(string Part, double Ms)> Parts(BenchReport report, string leg)
    {
        var whole = report.CpuMsPerFrame(leg);
        var parts = report.Stages(leg).Select(stage => (stage.Name, report.StageCpuMsPerFrame(leg, stage.Name))).ToList();
        if (parts.Count == 0)
        {
            return [(NetworkPart, whole)];
        }

        parts.Add((OtherPart, Math.Max(0, whole - parts.Sum(part => part.Item2))));
        return parts;
    }

    private static void Panel(StringBuilder svg, IReadOnlyList<Bar> bars, int top)
    {
        var scale = (Width - Left - Right) / Math.Max(0.001, bars.Max(bar => bar.Sum));
        for (var i = 0; i < bars.Count; i++)
        {
            var y = top + (i * RowHeight);
            var middle = y + (BarHeight / 2) + 5;
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<text x="{Left - 10}" y="{middle}" text-anchor="end">{Escape(bars[i].Name)}</text>{"\n"}"""
            );
            var x = (double)Left;
            foreach (var (part, ms) in bars[i].Parts)
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"""<rect x="{x:0.0}" y="{y}" width="{ms * scale:0.0}" height="{BarHeight}" fill="{Color(part)}"><title>{Escape(part)}: {ms:0.00} ms</title></rect>{"\n"}"""
                );
                if (ms * scale > 38 && part != OtherPart)
                {
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"""<text x="{x + (ms * scale / 2):0.0}" y="{middle}" text-anchor="middle" font-size="11">{ms:0.0}</text>{"\n"}"""
                    );
                }

                x += ms * scale;
            }

            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<text x="{x + 6:0.0}" y="{middle}" font-weight="bold">{bars[i].Sum:0.0}</text>{"\n"}"""
            );
        }
    }

    private static void Legend(StringBuilder svg, IReadOnlyList<Bar> bars, int y)
    {
        var x = 16;
        var present = bars.SelectMany(bar => bar.Parts).Select(part => part.Part).ToHashSet();
        foreach (var part in Colors.Keys.Where(present.Contains))
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<rect x="{x}" y="{y - 11}" width="14" height="14" fill="{Color(part)}"/><text x="{x + 20}" y="{y + 1}">{Escape(part)}</text>{"\n"}"""
            );
            x += 44 + (8 * part.Length);
        }
    }

    private static string Color(string part) => Colors.TryGetValue(part, out var color) ? color : "#999999";

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
