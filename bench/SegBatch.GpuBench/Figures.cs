using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SegBatch.GpuBench;

/// <summary>One line of the answer.</summary>
/// <param name="Goal">"≥ 2500 fps"; null for what is only noted.</param>
/// <param name="Value">Null where it was not measured.</param>
/// <param name="Verdict">"met", "missed", "noted" or "not measured: …".</param>
internal sealed record Figure(string Id, string What, string? Goal, double? Value, string Unit, string Verdict);

/// <summary>Collects figures; a figure that cannot be taken says why, and never stops the others.</summary>
internal sealed class Figures
{
    private readonly List<Figure> _all = [];

    public double? this[string id] => _all.Find(figure => figure.Id == id)?.Value;

    public void Add(string id, string what, double value, string unit) => Put(new(id, what, null, value, unit, "noted"));

    public void AtLeast(string id, string what, double value, double goal, string unit) =>
        Put(new(id, what, $">= {Text(goal)} {unit}", value, unit, value >= goal ? "met" : "missed"));

    public void AtMost(string id, string what, double value, double goal, string unit) =>
        Put(new(id, what, $"<= {Text(goal)} {unit}", value, unit, value <= goal ? "met" : "missed"));

    public void Missing(string id, string what, string why) => Put(new(id, what, null, null, "", $"not measured: {why}"));

    /// <summary>Takes figures; where that fails, each id is missing for that reason.</summary>
    public async Task TryAsync((string Id, string What)[] figures, Func<Task> take)
    {
        try
        {
            await take();
        }
        catch (Exception error)
        {
            // Whatever failed is the figure's result: the table shows it, and the other figures are still wanted.
            foreach (var (id, what) in figures.Where(figure => _all.TrueForAll(known => known.Id != figure.Id)))
            {
                Missing(id, what, error.Message.ReplaceLineEndings(" "));
            }
        }
    }

    public JsonArray ToJson() =>
        [
            .. _all.Select(figure =>
                (JsonNode)
                    new JsonObject
                    {
                        ["id"] = figure.Id,
                        ["what"] = figure.What,
                        ["goal"] = figure.Goal,
                        ["value"] = figure.Value,
                        ["unit"] = figure.Unit,
                        ["verdict"] = figure.Verdict,
                    }
            ),
        ];

    public static string Json(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    public static string Text(double value) => value.ToString(Math.Abs(value) < 10 ? "0.###" : "0", CultureInfo.InvariantCulture);

    private void Put(Figure figure)
    {
        _all.Add(figure);
        var value = figure.Value is { } known ? $"{Text(known)} {figure.Unit}" : "";
        Console.WriteLine($"{figure.Id, -14} {figure.What, -62} {figure.Goal ?? "", -16} {value, -16} {figure.Verdict}");
    }
}
