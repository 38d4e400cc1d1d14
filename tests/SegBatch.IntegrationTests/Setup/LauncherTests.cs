using System.Diagnostics;
using Xunit;

namespace SegBatch.IntegrationTests.Setup;

/// <summary>./segbatch, with a dotnet that only notes what it is asked: publishing makes a program that tells where it runs.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly string _checkout;

    public LauncherTests()
    {
        _checkout = _sandbox.Checkout("checkout", "segbatch");
        foreach (var script in new[] { "install.sh", "install-system.sh" })
        {
            _sandbox.Program(Path.Combine(_checkout, "eng/native", script), "exit 0");
        }

        Directory.CreateDirectory(Path.Combine(_checkout, "src"));
        File.WriteAllText(Source, "one");
        _sandbox.Program(
            "dotnet",
            $$"""
            case $1 in
              publish)
                echo publish >> '{{_sandbox.Root}}/builds'
                while [[ $1 != -o ]]; do shift; done
                mkdir -p "$2"
                cp '{{Source}}' "$2/SegBatch.Cli.dll"
                if grep -q 'no compiler ahead' '{{Source}}' && [[ "$*" == *linux-x64* ]]; then echo "error NU1101: Unable to find package"; exit 1; fi
                if grep -q broken '{{Source}}'; then echo "Program.cs(1,1): error CS1002: ; expected"; exit 1; fi ;;
              *.dll) program=$1; shift; echo "$PWD|$(cat "$program")|$*"; exit "${FAKE_EXIT:-0}" ;;
            esac
            """
        );
    }

    private string Source => Path.Combine(_checkout, "src/Program.cs");

    private int Builds => File.Exists(_sandbox.Root + "/builds") ? File.ReadAllLines(_sandbox.Root + "/builds").Length : 0;

    [Fact]
    public async Task Arguments_folder_and_exit_code_are_the_programs_own()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_sandbox.Root, "else where")).FullName;
        File.CreateSymbolicLink(Path.Combine(_sandbox.Root, "link"), Path.Combine(_checkout, "segbatch"));

        var outcome = await _sandbox.RunAsync(Path.Combine(_sandbox.Root, "link"), ["run", "a b.yaml"], elsewhere, ("FAKE_EXIT", "75"));

        Assert.Equal((75, $"{elsewhere}|one|run a b.yaml\n"), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public async Task A_feed_without_the_ahead_of_time_compiler_is_no_hindrance()
    {
        File.WriteAllText(Source, "no compiler ahead");

        var outcome = await Run();

        Assert.Equal((0, 2), (outcome.ExitCode, Builds));
        Assert.Contains("no compiler ahead", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builds_when_sources_changed_and_only_then()
    {
        await Run();
        var second = await Run();
        Assert.Equal((1, ""), (Builds, second.Error));

        File.WriteAllText(Source, "two");
        var third = await Run();
        Assert.Equal(2, Builds);
        Assert.Contains("|two|", third.Output, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_checkout, "src/New.cs"), "");
        await Run();
        Assert.Equal(3, Builds);
        File.Delete(Path.Combine(_checkout, "src/New.cs"));
        await Run();
        Assert.Equal(4, Builds);
    }

    [Fact]
    public async Task Several_at_the_same_time_build_once()
    {
        var outcomes = await Task.WhenAll(Run(), Run(), Run());

        Assert.All(outcomes, outcome => Assert.Equal(0, outcome.ExitCode));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_build_in_use_stays_and_an_unused_one_goes()
    {
        await Run();
        var first = Directory.GetDirectories(Path.Combine(_checkout, ".build"), "cli-*").Single();
        var held = Path.Combine(_sandbox.Root, "held");
        using (var running = Process.Start("flock", ["-s", Path.Combine(first, ".lock"), "sh", "-c", $"touch '{held}'; sleep 60"]))
        {
            while (!File.Exists(held) && !running.HasExited)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            File.WriteAllText(Source, "two");
            await Run();
            Assert.True(Directory.Exists(first));
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.WriteAllText(Source, "three");
        await Run();
        Assert.False(Directory.Exists(first));
    }

    [Fact]
    public async Task A_failed_build_shows_its_errors_and_keeps_nothing()
    {
        File.WriteAllText(Source, "broken");

        var outcome = await Run();

        Assert.Equal((78, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("error CS1002", outcome.Error, StringComparison.Ordinal);
        File.WriteAllText(Source, "mended");
        Assert.Contains("|mended|", (await Run()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_building_the_last_build_runs()
    {
        var none = await Run(("SEGBATCH_NO_BUILD", "1"));
        Assert.Equal(78, none.ExitCode);

        await Run();
        File.WriteAllText(Source, "two");
        var last = await Run(("SEGBATCH_NO_BUILD", "1"));

        Assert.Contains("|one|", last.Output, StringComparison.Ordinal);
        Assert.Equal(1, Builds);
    }

    public void Dispose() => _sandbox.Dispose();

    private Task<Outcome> Run(params (string Name, string Value)[] environment) =>
        _sandbox.RunAsync(Path.Combine(_checkout, "segbatch"), ["x"], null, environment);
}
