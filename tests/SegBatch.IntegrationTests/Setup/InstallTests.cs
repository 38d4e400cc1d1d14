using Xunit;

namespace SegBatch.IntegrationTests.Setup;

/// <summary>eng/native/install.sh, with a registry of our own.</summary>
public sealed class InstallTests : IDisposable
{
    private const string Script = "eng/native/install.sh";
    private readonly Sandbox _sandbox = new();

    public InstallTests() => _sandbox.ProgramNpm();

    [Fact]
    public async Task Takes_the_named_files_and_nothing_else()
    {
        var checkout = Checkout("a", Sum());

        var outcome = await Install(checkout);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal("library", File.ReadAllText(Native(checkout, "runtime/lib/libthing.so")));
        Assert.Equal("top", File.ReadAllText(Native(checkout, "runtime/Source/Top.cs")));
        Assert.Equal("deep", File.ReadAllText(Native(checkout, "runtime/Source/Deep/Below.cs")));
        Assert.False(File.Exists(Native(checkout, "runtime/Source/Top.cs.meta")));
        Assert.False(File.Exists(Native(checkout, "runtime/gpu.so")));
    }

    [Fact]
    public async Task Fetches_once_for_all_checkouts()
    {
        var sum = Sum();
        var (first, second) = (Checkout("a", sum), Checkout("b", sum));

        Assert.Equal(0, (await Install(first)).ExitCode);
        var again = await Install(first);
        var other = await Install(second);

        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Equal(0, other.ExitCode);
        Assert.Equal("library", File.ReadAllText(Native(second, "runtime/lib/libthing.so")));
        Assert.Single(_sandbox.Fetches);
    }

    [Fact]
    public async Task Two_at_the_same_time_fetch_once_and_both_succeed()
    {
        var checkout = Checkout("a", Sum());

        var outcomes = await Task.WhenAll(Install(checkout), Install(checkout), Install(checkout));

        Assert.All(outcomes, outcome => Assert.Equal(0, outcome.ExitCode));
        Assert.Single(_sandbox.Fetches);
        Assert.Equal("library", File.ReadAllText(Native(checkout, "runtime/lib/libthing.so")));
    }

    [Fact]
    public async Task Another_file_than_the_pinned_one_is_refused_with_both_sums()
    {
        var pinned = new string('a', 64);
        var served = Sum();
        var checkout = Checkout("a", pinned);

        var outcome = await Install(checkout);

        Assert.Equal(78, outcome.ExitCode);
        Assert.Contains(pinned, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(served, outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Native(checkout, "runtime/lib/libthing.so")));
    }

    [Fact]
    public async Task Without_network_it_says_which_file_to_put_where_and_then_uses_it()
    {
        var sum = Sum();
        var checkout = Checkout("a", sum);
        _sandbox.Program("npm", "echo 'npm error network' >&2; exit 1");

        var refused = await Install(checkout);
        var wanted = Path.Combine(_sandbox.Cache, "downloads", "scope-thing-1.2.3.tgz");
        Assert.Equal(78, refused.ExitCode);
        Assert.Contains(wanted, refused.Error, StringComparison.Ordinal);
        Assert.Contains("npm error network", refused.Error, StringComparison.Ordinal);

        File.Copy(Path.Combine(_sandbox.Registry, "@scope/thing.tgz"), wanted);
        Assert.Equal(0, (await Install(checkout)).ExitCode);
        Assert.Equal("library", File.ReadAllText(Native(checkout, "runtime/lib/libthing.so")));
    }

    [Fact]
    public async Task A_damaged_cache_is_noticed_and_fetched_again()
    {
        var sum = Sum();
        Assert.Equal(0, (await Install(Checkout("a", sum))).ExitCode);
        var cached = Directory.GetFiles(_sandbox.Cache, "libthing.so", SearchOption.AllDirectories).Single();
        File.WriteAllText(cached, "flipped");
        var second = Checkout("b", sum);

        var outcome = await Install(second);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("damaged", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("library", File.ReadAllText(Native(second, "runtime/lib/libthing.so")));
        Assert.Equal(2, _sandbox.Fetches.Length);
    }

    [Fact]
    public async Task A_file_removed_by_hand_comes_back_without_a_fetch()
    {
        var checkout = Checkout("a", Sum());
        await Install(checkout);
        File.Delete(Native(checkout, "runtime/lib/libthing.so"));

        Assert.Equal(0, (await Install(checkout)).ExitCode);

        Assert.Equal("library", File.ReadAllText(Native(checkout, "runtime/lib/libthing.so")));
        Assert.Single(_sandbox.Fetches);
    }

    [Fact]
    public async Task Gpu_libraries_come_only_where_they_are_wanted()
    {
        var checkout = Checkout("a", Sum());
        await Install(checkout);

        Assert.Equal(0, (await _sandbox.RunAsync(Path.Combine(checkout, Script), [], null, ("SEGBATCH_GPU", "1"))).ExitCode);

        Assert.Equal("cuda", File.ReadAllText(Native(checkout, "runtime/gpu.so")));
        Assert.Equal("library", File.ReadAllText(Native(checkout, "runtime/lib/libthing.so")));

        // An image made for a GPU also starts where none is seen.
        _sandbox.Program("npm", "exit 1");
        var later = await Install(checkout);
        Assert.Equal((0, ""), (later.ExitCode, later.Error));
        Assert.True(File.Exists(Native(checkout, "runtime/gpu.so")));
    }

    public void Dispose() => _sandbox.Dispose();

    private Task<Outcome> Install(string checkout) => _sandbox.RunAsync(Path.Combine(checkout, Script), []);

    private static string Native(string checkout, string path) => Path.Combine(checkout, ".native", path);

    private string Sum()
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.Registry, "@scope"));
        return _sandbox.Publish(
            "@scope/thing",
            ("bin/libthing.so.1", "library"),
            ("Source/Top.cs", "top"),
            ("Source/Top.cs.meta", "noise"),
            ("Source/Deep/Below.cs", "deep")
        );
    }

    private string Checkout(string name, string sum)
    {
        var checkout = _sandbox.Checkout(name, Script);
        var gpu = _sandbox.Publish("gpu", ("gpu.so", "cuda"));
        File.WriteAllText(
            Path.Combine(checkout, "eng/native/versions.json"),
            $$"""
            {
              "downloads": [
                {
                  "name": "thing",
                  "package": "@scope/thing",
                  "version": "1.2.3",
                  "sha256": "{{sum}}",
                  "bytes": 1000000,
                  "when": "always",
                  "take": ["bin/libthing.so.1 -> runtime/lib/libthing.so", "Source/**/*.cs -> runtime/Source/"]
                },
                {
                  "name": "gpu",
                  "package": "gpu",
                  "version": "1.0.0",
                  "sha256": "{{gpu}}",
                  "bytes": 1000000,
                  "when": "gpu",
                  "take": ["gpu.so -> runtime/gpu.so"]
                }
              ]
            }
            """
        );
        return checkout;
    }
}
