using System.Text.RegularExpressions;
using Xunit;

namespace SegBatch.Tests;

/// <summary>Links between the pages, and from them into the repository, lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages => [.. Files()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_and_picture_of_a_page_is_there(string page)
    {
        var root = ArchitectureTests.Repository();
        var problems = new List<string>();
        foreach (var target in Links(File.ReadAllText(Path.Combine(root, page))))
        {
            var (path, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
            var file = path.Length == 0 ? Path.Combine(root, page) : Path.Combine(root, Path.GetDirectoryName(page)!, path);
            if (!Path.Exists(file))
            {
                problems.Add($"{target}: no such file");
            }
            else if (anchor.Length > 0 && !Anchors(File.ReadAllText(file)).Contains(anchor))
            {
                problems.Add($"{target}: no such heading");
            }
        }

        Assert.Empty(problems);
    }

    /// <summary>A page that nothing leads to is not read, and not kept true.</summary>
    [Fact]
    public void Every_page_is_linked_from_another()
    {
        var root = ArchitectureTests.Repository();
        var linked = Files()
            .SelectMany(page =>
                Links(File.ReadAllText(Path.Combine(root, page)))
                    .Where(target => target[0] != '#')
                    .Select(target => Path.GetRelativePath(root, Path.Combine(root, Path.GetDirectoryName(page)!, target.Split('#')[0])))
            )
            .ToHashSet();
        var pages = Files().Where(page => page.StartsWith("docs/", StringComparison.Ordinal)).ToList();
        Assert.True(pages.Count > 10, $"{pages.Count} pages");
        Assert.All(pages, page => Assert.Contains(page, linked));
    }

    private static IEnumerable<string> Files()
    {
        var root = ArchitectureTests.Repository();
        string[] folders = ["", "docs", "jobs", "bench", "models"];
        return folders
            .SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*.md"))
            .Select(path => Path.GetRelativePath(root, path))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Targets of links and pictures that are not on the web; what stands in code is none.</summary>
    private static IEnumerable<string> Links(string text) =>
        Link().Matches(Code().Replace(text, "")).Select(match => match.Groups[1].Value).Where(target => !Web().IsMatch(target));

    /// <summary>What a heading is called in a link, as GitHub forms it.</summary>
    private static IEnumerable<string> Anchors(string text) =>
        Heading()
            .Matches(Fence().Replace(text, ""))
            .Select(match => NotInAnchors().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(https?|mailto):")]
    private static partial Regex Web();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
