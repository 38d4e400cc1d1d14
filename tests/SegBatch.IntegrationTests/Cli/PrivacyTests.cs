using System.Diagnostics;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary>Libraries that would tell others about the user's work do not.</summary>
public sealed class PrivacyTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("segbatch-home-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    /// <summary>ONNX Runtime's telemetry keeps an identifier of the device and a database of what is to be sent in the user's cache folder.</summary>
    [Fact]
    public async Task Reading_a_model_leaves_nothing_to_be_sent()
    {
        var command = SegBatchProcess.Command("model", SegBatchProcess.DemoModel);
        command.Environment["HOME"] = _home;
        foreach (var name in new[] { "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED", "ORT_RUNNING_UNIT_TESTS" })
        {
            command.Environment.Remove(name);
        }

        foreach (var name in command.Environment.Keys.Where(IsOfBuildServers).ToArray())
        {
            command.Environment.Remove(name); // on a build server the library keeps quiet by itself
        }

        using var process = Process.Start(command)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"{output}\n{await errors}");
        Assert.DoesNotContain(Directory.GetFiles(_home, "*", SearchOption.AllDirectories), IsTelemetry);

        static bool IsOfBuildServers(string name) =>
            name is "CI" or "TF_BUILD" or "BUILD_BUILDID" or "TRAVIS" or "CIRCLECI" or "JENKINS_URL" or "TEAMCITY_VERSION"
            || name.StartsWith("GITHUB_", StringComparison.Ordinal)
            || name.StartsWith("GITLAB_", StringComparison.Ordinal);

        static bool IsTelemetry(string path) =>
            path.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) || path.Contains("Microsoft", StringComparison.Ordinal);
    }
}
