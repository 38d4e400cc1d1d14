using System.Text;
using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

/// <summary>
/// What is published about jobs says what the program does. With SEGBATCH_WRITE_PUBLISHED=1 the schema and the tables of the
/// documentation are written instead of compared.
/// </summary>
public sealed class PublishedFilesTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("SEGBATCH_WRITE_PUBLISHED") == "1";

    [Fact]
    public void The_schema_is_that_of_the_table_of_keys() => AssertPublished("jobs/job.schema.json", _ => ManifestSchema.Text());

    [Fact]
    public void The_documentation_names_every_key_with_its_values_and_its_default() =>
        AssertPublished(
            "docs/jobs.md",
            text =>
            {
                foreach (var section in OptionKeys.Sections.Prepend(""))
                {
                    var start = $"<!-- options:{(section.Length == 0 ? "top" : section)} -->\n";
                    var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
                    Assert.True(from >= start.Length, $"docs/jobs.md has no table of '{section}'");
                    var to = text.IndexOf("<!-- end -->", from, StringComparison.Ordinal);
                    text = text[..from] + Table(section) + text[to..];
                }

                return text;
            }
        );

    [Fact]
    public void Every_sample_job_is_clean()
    {
        var jobs = Directory.GetFiles(Path.Combine(ArchitectureTests.Repository(), "jobs"), "job.yaml", SearchOption.AllDirectories);
        Assert.True(jobs.Length >= 3, $"{jobs.Length} sample jobs");
        foreach (var path in jobs)
        {
            var job = ManifestReader.Read(path);
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(path)), job.Name);
            Assert.NotEmpty(job.Sources);
        }
    }

    /// <summary>The schema has a property for every key, with the same bounds; and none of its own.</summary>
    [Fact]
    public void The_schema_holds_every_key_and_nothing_else()
    {
        var properties = ManifestSchema.Create()["properties"]!.AsObject();
        var expected = OptionKeys.All.SelectMany(key => key.Aliases.Prepend(key.Name).Select(name => (key.Section, Name: name)));
        var found = new List<(string, string)>();
        foreach (var (name, value) in properties)
        {
            if (OptionKeys.Sections.Contains(name))
            {
                found.AddRange(value!["properties"]!.AsObject().Select(pair => (name, pair.Key)));
            }
            else if (!ManifestReader.OwnKeys.Contains(name))
            {
                found.Add(("", name));
            }
        }

        Assert.Equal(expected.Order(), found.Order());
        Assert.Equal(0.25, (double)properties["detect"]!["properties"]!["conf"]!["default"]!);
        Assert.Equal(1.0, (double)properties["detect"]!["properties"]!["conf"]!["maximum"]!);
    }

    private static string Table(string section)
    {
        var table = new StringBuilder("\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var key in OptionKeys.All.Where(key => key.Section == section && !key.IsHabit))
        {
            var names = string.Join(", ", key.Aliases.Prepend(key.Name).Select(name => $"`{name}`"));
            var value = EffectiveOptions.ToJson(key.Get(new JobDraft()))?.ToString() ?? (key.Value.TakesAuto ? "auto" : "");
            var shown = value.Length > 0 ? $"`{value}`" : "";
            table.Append($"| {names} | {key.Value.Expected().Replace("|", "\\|", StringComparison.Ordinal)} | {shown} | {key.Help} |\n");
        }

        return table.Append('\n').ToString();
    }

    private static void AssertPublished(string name, Func<string, string> expect)
    {
        var path = Path.Combine(ArchitectureTests.Repository(), name);
        var published = File.Exists(path) ? File.ReadAllText(path) : "";
        var expected = expect(published);
        if (Writes)
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(
            Writes || published == expected,
            $"{name} is not what the program says: run this test with SEGBATCH_WRITE_PUBLISHED=1, and look at the difference"
        );
    }
}
