using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SegBatch.Detection;
using SegBatch.Inference;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Words a <see cref="ModelReport"/> for people and for programs.</summary>
internal static class ModelView
{
    private const int MostClasses = 20;
    private const int LongestValue = 160;

    /// <summary>Class names are any language's; the JSON goes to a terminal or a file, not into a page.</summary>
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="all">With the reasons against every other layout, also where one fits.</param>
    public static void Write(IAnsiConsole console, ModelReport report, bool all)
    {
        var card = report.Card;
        console.MarkupLine(
            report.Problem is null ? $"[green]{Kind(report.Layout!)}[/]" : $"[red]Cannot be used:[/] {Clean(report.Problem)}"
        );
        var facts = Facts();
        Add(facts, "file", $"{card.File.Path} ({card.File.Length / 1048576.0:F1} MB)");
        Add(facts, "sha256", card.File.Sha256);
        if (card.File.IsQuantized)
        {
            Add(facts, "precision", "quantised: 8-bit integers inside");
            if (card.File.HasWideIntegers)
            {
                Add(
                    facts,
                    "",
                    "weights of full 8 bits: slower on CPUs without VNNI. 'segbatch quantize' makes 7-bit ones from the original."
                );
            }
        }

        if (card.File.HasHalfWeights)
        {
            Add(facts, "precision", "half: float16 inside");
        }

        Add(facts, "task", card.Task ?? "not stated");
        foreach (var input in card.Inputs)
        {
            Add(facts, "input", $"{input.Name} {input.ElementType} {input}");
        }

        Add(facts, "fed", FedView.Size(report));
        if (report.Layout is not null)
        {
            Add(facts, "", card.Convention.ToString());
        }

        foreach (var output in card.Outputs)
        {
            var sized = report.Outputs?.FirstOrDefault(tensor => tensor.Name == output.Name);
            Add(
                facts,
                "output",
                $"{output.Name} {output.ElementType} {output}{(sized is null || $"{sized}" == $"{output}" ? "" : $", so fed {sized}")}"
            );
        }

        Add(facts, "layout", report.Layout is { } layout ? $"{layout.Name}: {layout.Reason}" : "not recognised");
        if (all || report.Layout is null)
        {
            foreach (var verdict in report.Verdicts.Where(verdict => verdict.WhyNot is not null))
            {
                Add(facts, "", $"not {verdict.Name}: {verdict.WhyNot}");
            }
        }

        Add(facts, "classes", Classes(card, report.Layout));
        Add(facts, "runs on", report.Device?.ToString() ?? "no device");
        foreach (var refusal in report.Refusals)
        {
            Add(facts, "", $"not {refusal}");
        }

        foreach (var note in card.Notes)
        {
            Add(facts, "note", note);
        }

        console.Write(facts);
        if (card.Metadata.Count > 0)
        {
            console.MarkupLine("[bold]Metadata of the file[/]");
            var metadata = Facts();
            foreach (var (key, value) in card.Metadata.Where(pair => pair.Key != "names")) // shown above, as classes
            {
                Add(metadata, key, value.Length > LongestValue ? value[..LongestValue] + "…" : value);
            }

            console.Write(metadata);
        }
    }

    public static string Json(ModelReport report)
    {
        var card = report.Card;
        return JsonSerializer.Serialize(
            new
            {
                card.File.Path,
                Bytes = card.File.Length,
                card.File.Sha256,
                Usable = report.Problem is null,
                report.Problem,
                card.Task,
                Inputs = card.Inputs.Select(Tensor),
                Outputs = card.Outputs.Select(Tensor),
                Layout = report.Layout is { } layout ? Named(layout) : null,
                Layouts = report.Verdicts.Select(verdict => new
                {
                    verdict.Name,
                    Fits = verdict.WhyNot is null,
                    verdict.WhyNot,
                }),
                Input = report.Layout is null ? null : FedView.Json(card.Convention),
                Classes = card.Names,
                card.Stride,
                Imgsz = new[] { card.ImgSz.Height, card.ImgSz.Width },
                Dynamic = card.Inputs is [{ Shape: [.., < 0, < 0] }],
                EndToEnd = card.EndToEnd,
                card.HasNms,
                HalfWeights = card.File.HasHalfWeights,
                Quantized = card.File.IsQuantized,
                WideIntegers = card.File.HasWideIntegers,
                report.Batch,
                Device = report.Device?.ToString(),
                RefusedDevices = report.Refusals.Select(refusal => new { Device = refusal.Device.ToString(), refusal.Reason }),
                card.Notes,
                card.Metadata,
            },
            s_json
        );
    }

    private static object Tensor(ModelTensor tensor) =>
        new
        {
            tensor.Name,
            tensor.ElementType,
            tensor.Shape,
            Axes = tensor.ToString(),
        };

    private static object Named(HeadLayout layout) =>
        new
        {
            Kind = layout.Name.Replace('-', '_'),
            layout.Title,
            layout.Classes,
            MaskCoefficients = (layout as PrototypeLayout)?.Coefficients,
            layout.Reason,
        };

    private static string Kind(HeadLayout layout) => $"Segmentation model, {layout.Title}";

    private static string Classes(ModelCard card, HeadLayout? layout)
    {
        if (card.Names.Count == 0)
        {
            return layout?.Classes is { } count ? $"{count}, without names" : "not stated";
        }

        var rest = card.Names.Count - MostClasses;
        return $"{card.Names.Count}: {string.Join(", ", card.Names.Take(MostClasses))}{(rest > 0 ? $" and {rest} more" : "")}";
    }

    private static Grid Facts() => new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();

    private static void Add(Grid grid, string name, string value) => grid.AddRow($"[grey]{Clean(name)}[/]", Clean(value));

    /// <summary>Metadata is foreign text: no markup and no control characters reach the terminal.</summary>
    private static string Clean(string text) =>
        Markup.Escape(string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '·' : c)));
}
