using System.Text.RegularExpressions;
using Xunit;

namespace SegBatch.Tests;

/// <summary>Which folder may use which. A stage uses what comes before it, never what comes after.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Geometry"] = [],
        ["Masks"] = ["Geometry"],
        ["Decoding"] = ["Geometry", "Native"],
        ["Letterboxing"] = ["Geometry", "Decoding", "Native"],
        ["Motion"] = ["Geometry", "Decoding", "Letterboxing"],
        ["Onnx"] = [],
        ["Inference"] = ["Geometry", "Decoding", "Letterboxing", "Onnx", "Native"],
        ["Detection"] = ["Geometry", "Masks", "Decoding", "Letterboxing", "Inference"],
        ["Gpu"] = ["Geometry", "Decoding", "Letterboxing", "Inference", "Detection", "Onnx", "Native"],
        ["Appearance"] = ["Geometry", "Decoding", "Letterboxing", "Inference", "Detection", "Native"],
        ["Refining"] = ["Geometry", "Masks", "Decoding", "Letterboxing", "Inference", "Detection", "Onnx"],
        ["Tracking"] = ["Geometry", "Masks", "Decoding", "Motion", "Detection"],
        ["Annotation"] = ["Geometry", "Masks", "Decoding", "Detection", "Tracking", "Native"],
        ["Tables"] = ["Geometry", "Masks", "Decoding", "Detection", "Tracking", "Native"],
        ["Output"] = ["Geometry", "Masks", "Decoding", "Detection", "Tracking", "Tables", "Native"],
        ["Stitching"] = ["Geometry", "Masks", "Tracking", "Tables", "Output"],
        ["Demo"] = ["Geometry", "Masks", "Tables", "Output", "Native"],
        ["Evaluation"] = ["Geometry", "Masks", "Tracking", "Tables", "Output"],
        ["Pipeline"] =
        [
            "Geometry",
            "Decoding",
            "Letterboxing",
            "Motion",
            "Inference",
            "Detection",
            "Gpu",
            "Appearance",
            "Refining",
            "Tracking",
            "Annotation",
            "Output",
            "Native",
        ],
        ["Quantization"] = ["Geometry", "Masks", "Decoding", "Letterboxing", "Inference", "Detection", "Evaluation", "Onnx"],
        ["Jobs"] =
        [
            "Geometry",
            "Decoding",
            "Letterboxing",
            "Motion",
            "Inference",
            "Detection",
            "Gpu",
            "Appearance",
            "Refining",
            "Tracking",
            "Annotation",
            "Tables",
            "Output",
            "Stitching",
            "Pipeline",
            "Demo",
            "Native",
        ],
        ["Retracking"] = ["Geometry", "Masks", "Tracking", "Tables", "Output", "Stitching", "Jobs"],
        ["Benchmarking"] = ["Geometry", "Decoding", "Letterboxing", "Inference", "Detection", "Output", "Pipeline", "Jobs", "Native"],
    };

    [Fact]
    public void Every_folder_uses_only_what_comes_before_it()
    {
        var root = Path.Combine(Repository(), "src", "SegBatch");
        var problems = new List<string>();
        foreach (
            var file in Directory
                .GetFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
        )
        {
            var folder = Path.GetRelativePath(root, file).Split('/')[0];
            foreach (Match use in Regex.Matches(File.ReadAllText(file), @"^using (?:static )?SegBatch\.(\w+)", RegexOptions.Multiline))
            {
                var used = use.Groups[1].Value;
                if (used != folder && !Allowed.GetValueOrDefault(folder, []).Contains(used))
                {
                    problems.Add($"{Path.GetRelativePath(root, file)} uses {used}");
                }
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Unsafe_code_stays_behind_the_fence()
    {
        var projects = Directory.GetFiles(Path.Combine(Repository(), "src"), "*.csproj", SearchOption.AllDirectories);
        var unsafeProjects = projects.Where(file => File.ReadAllText(file).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal));
        Assert.Equal(
            ["FFmpeg.AutoGen", "SegBatch.Native"],
            unsafeProjects.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
        );
    }

    internal static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SegBatch.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
