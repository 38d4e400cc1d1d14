using SegBatch.Decoding;
using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class SourceFinderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_gives_every_video_below_it_in_order_of_path()
    {
        Files("archive/b.mkv", "archive/a.MP4", "archive/day 2/c.webm", "archive/notes.txt", "archive/day 2/readme");
        Assert.Equal(["archive/a.MP4", "archive/b.mkv", "archive/day 2/c.webm"], Found("archive"));
        Assert.Equal(["archive/a.MP4", "archive/b.mkv", "archive/day 2/c.webm"], Found("archive/"));
    }

    [Fact]
    public void Odd_names_are_found_and_taken_as_they_are()
    {
        string[] names =
        [
            "img%03d.png",
            "img000.png",
            "-dash.mp4",
            "nl\nx.mp4",
            "tab\tx.mp4",
            "a:b.mp4",
            "[x]*?.mp4",
            "日本.mp4",
            "😀.mp4",
            "q\"'; rm.mp4",
        ];
        Files([.. names]);
        foreach (var name in names)
        {
            Assert.Equal([name], Found(name));
        }

        Assert.Equal(names.Where(name => name.EndsWith(".mp4", StringComparison.Ordinal)).Order(StringComparer.Ordinal), Found("*.mp4"));
    }

    [Theory]
    [InlineData("a/*.mp4", "a/1.mp4", "a/2.mp4")]
    [InlineData("a/?.mp4", "a/1.mp4", "a/2.mp4")]
    [InlineData("*/1.mp4", "a/1.mp4", "b/1.mp4")]
    [InlineData("**/1.mp4", "1.mp4", "a/1.mp4", "a/deep/1.mp4", "b/1.mp4")]
    [InlineData("a/**", "a/1.mp4", "a/2.mp4", "a/deep/1.mp4")]
    [InlineData("a/**/*.mp4", "a/1.mp4", "a/2.mp4", "a/deep/1.mp4")]
    [InlineData("a/*", "a/1.mp4", "a/2.mp4")]
    [InlineData("./a/../a/1.mp4", "a/1.mp4")]
    public void Globs(string pattern, params string[] expected)
    {
        Files("1.mp4", "a/1.mp4", "a/2.mp4", "a/10.mkx", "a/deep/1.mp4", "b/1.mp4", "b/1.mp4.txt");
        Assert.Equal(expected, Found(pattern));
    }

    [Fact]
    public void A_glob_also_goes_through_folders_with_a_newline_in_their_name()
    {
        Files("a\nb/c/1.mp4");
        Assert.Equal(["a\nb/c/1.mp4"], Found("**/1.mp4"));
        Assert.Equal(["a\nb/c/1.mp4"], Found("**"));
    }

    [Fact]
    public void Pictures_of_a_folder_are_one_source_and_a_named_picture_is_itself()
    {
        Files("mixed/1.jpg", "mixed/2.png", "mixed/clip.mp4", "mixed/more/3.webp");
        Assert.Equal(["mixed", "mixed/clip.mp4", "mixed/more"], Found("mixed"));
        Assert.Equal(["mixed/2.png"], Found("mixed/2.png"));
        Assert.Equal(["mixed/1.jpg"], Found("mixed/*.jpg"));
    }

    [Fact]
    public void A_file_that_is_named_is_taken_whatever_its_extension()
    {
        Files("recording.dat", ".hidden.mp4");
        Assert.Equal(["recording.dat"], Found("recording.dat"));
        Assert.Equal([".hidden.mp4"], Found(".hidden.mp4"));
    }

    [Fact]
    public void Hidden_files_links_and_what_runs_wrote_are_left_out()
    {
        Files("a/1.mp4", "a/.hidden.mp4", "a/.git/2.mp4", "a/old/_segbatch/plan.json", "a/old/videos/1.mp4", "elsewhere/3.mp4");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "a/link.mp4"), Path.Combine(_folder.Path, "elsewhere/3.mp4"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "a/loop"), Path.Combine(_folder.Path, "a"));
        Assert.Equal(["a/1.mp4"], Found("a"));
        Assert.Equal(["a/link.mp4"], Found("a/link.mp4"));
    }

    [Fact]
    public void The_output_may_lie_among_the_sources_and_is_left_out()
    {
        Files("a/1.mp4", "a/results/videos/1.mp4");
        Assert.Equal(["a/1.mp4"], Found("a/results", "a"));
        Assert.Equal(["a/1.mp4"], Found("a/results", "**/*.mp4"));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out/videos")]
    [InlineData("out/videos/1.mp4")]
    [InlineData("out/videos/*.mp4")]
    public void A_source_in_the_output_is_refused(string pattern)
    {
        Files("out/videos/1.mp4");
        Assert.Equal(
            $"s0: '{pattern}' lies in the output folder {_folder.Path}/out, whose results would become sources. Choose another output folder.",
            Problem(pattern)
        );
    }

    [Theory]
    [InlineData("out/")]
    [InlineData("./out//")]
    public void However_the_output_is_written_a_source_in_it_is_refused_and_results_are_left_out(string output)
    {
        Files("1.mp4", "out/videos/1.mp4");
        Assert.Equal(["1.mp4"], Found(output, "**/*.mp4"));
        var error = Assert.Throws<JobException>(() => Found(output, "out"));
        Assert.StartsWith($"s0: 'out' lies in the output folder {_folder.Path}/out, whose", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_neighbour_whose_name_begins_like_the_outputs_is_no_output()
    {
        Files("out2/1.mp4");
        Assert.Equal(["out2/1.mp4"], Found("out2"));
    }

    [Fact]
    public void The_output_of_another_run_is_refused_as_a_folder_but_its_videos_can_be_named()
    {
        Files("other/_segbatch/lock", "other/videos/1.mp4");
        Assert.Equal(
            "s0: 'other' is the output folder of another run. Name the folder of its videos itself if it is meant.",
            Problem("other")
        );
        Assert.Equal(["other/videos/1.mp4"], Found("other/videos"));
        Assert.Equal(
            "s0: 'other/**/*.mp4' is the output folder of another run. Name the folder of its videos itself if it is meant.",
            Problem("other/**/*.mp4")
        );
        Assert.Equal(["other/videos/1.mp4"], Found("other/videos/*.mp4"));
    }

    [Fact]
    public void What_finds_nothing_is_an_error_that_says_where_it_looked()
    {
        Files("archive/gate.mp4", "empty/readme.txt");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "x.mp4"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "links"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "links/l.mp4"), Path.Combine(_folder.Path, "archive/gate.mp4"));
        Assert.Equal(
            [
                $"s0: 'archive/*.avi' finds no video or picture (looked in {_folder.Path}/archive).",
                $"s1: 'archive/gaet.mp4' does not exist (looked in {_folder.Path}/archive). Did you mean 'gate.mp4'?",
                $"s2: 'empty' finds no video or picture (looked in {_folder.Path}/empty).",
                $"s3: 'x.mp4' finds no video or picture (looked in {_folder.Path}/x.mp4).",
                $"s4: 'no/where/a.mp4' does not exist: there is no folder {_folder.Path}/no/where.",
                $"s5: 'no/**/a.mp4' does not exist: there is no folder {_folder.Path}/no.",
                $"s6: 'links' finds no video or picture (looked in {_folder.Path}/links). 1 links were not followed; name what they lead to.",
            ],
            Problem("archive/*.avi", "archive/gaet.mp4", "empty", "x.mp4", "no/where/a.mp4", "no/**/a.mp4", "links").Split('\n')
        );
    }

    [Theory]
    [InlineData("a/1.mp4", "a")]
    [InlineData("a", "a/1.mp4")]
    public void A_source_named_twice_comes_once_and_the_specific_name_says_its_options(string first, string second)
    {
        Files("a/1.mp4", "a/2.mp4");
        var special = new SourceOptions { Decoding = new DecodingOptions { Stride = 2 } };
        var found = SourceFinder.Find(
            Job([Spec(first, first == "a" ? new() : special, 0), Spec(second, second == "a" ? new() : special, 1)])
        );
        Assert.Equal(["1", "2"], found.Select(source => source.Key));
        Assert.Equal([2, 1], found.Select(source => source.Options.Decoding.Stride));
    }

    [Fact]
    public void A_deeper_glob_goes_before_a_folder_above_it()
    {
        Files("a/night/1.mp4", "a/2.mp4");
        var special = new SourceOptions { Decoding = new DecodingOptions { Stride = 2 } };
        foreach (var order in new[] { true, false })
        {
            SourceSpec[] specs = [Spec("a/night/*.mp4", special, 0), Spec("a", new SourceOptions(), 1)];
            var found = SourceFinder.Find(Job(order ? specs : [.. specs.Reverse()]));
            Assert.Equal(["2", "night__1"], found.Select(source => source.Key));
            Assert.Equal([1, 2], found.Select(source => source.Options.Decoding.Stride));
        }
    }

    [Fact]
    public void The_same_name_with_other_options_is_a_contradiction()
    {
        Files("a.mp4");
        var special = new SourceOptions { Decoding = new DecodingOptions { Stride = 2 } };
        var error = Assert.Throws<JobException>(() => SourceFinder.Find(Job([Spec("a.mp4", new(), 0), Spec("./a.mp4", special, 1)])));
        Assert.Equal($"s1: './a.mp4' names {_folder.Path}/a.mp4 with other options than s0 does", error.Message);
        Assert.Single(SourceFinder.Find(Job([Spec("a.mp4", new(), 0), Spec("./a.mp4", new SourceOptions { Classes = null }, 1)])));
    }

    /// <summary>Names that two videos want get a hash; it must be the same from wherever a command is given.</summary>
    [Fact]
    public void Keys_of_namesakes_go_by_the_key_folder()
    {
        Files("a/gate.mp4", "a/gate.mkv");
        var job = Job([Spec(Path.Combine(_folder.Path, "a"), new(), 0)]);
        string[] Keys(JobManifest from) => [.. SourceFinder.Find(from).Select(source => source.Key)];
        Assert.Equal(Keys(job with { KeyFolder = "/" }), Keys(job with { KeyFolder = "/", BaseFolder = "/" }));
        Assert.NotEqual(Keys(job), Keys(job with { KeyFolder = "/" }));
    }

    [Fact]
    public void A_named_link_that_leads_nowhere_gets_its_verdict_when_it_is_read()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "dangling.mp4"), "nowhere.mp4");
        Assert.Equal(["dangling.mp4"], Found("dangling.mp4"));
    }

    /// <summary>As copies from systems of other encodings have them. Left out silently, the archive would seem complete.</summary>
    [Fact]
    public async Task A_name_that_is_no_text_is_found_and_gets_its_verdict_when_it_is_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "names are text there");
        Files("a/1.mp4");
        await Shell(
            $"cd {_folder.Path}/a && touch \"$(printf 'b\\374ro.mp4')\" \"$(printf 'b\\374ro.txt')\" && mkdir \"$(printf 'd\\374')\""
                + " && mkdir \"$(printf '.h\\374')\" && touch \"$(printf '.h\\374.mp4')\""
        );
        try
        {
            Assert.Equal(["a/1.mp4", "a/b\ufffdro.mp4"], Found("a/*.mp4"));
            Assert.Contains("/a/d\ufffd cannot be read: its name is not UTF-8", Problem("a"), StringComparison.Ordinal);
            Assert.DoesNotContain(".h", Problem("a"), StringComparison.Ordinal); // hidden, and left out as such
        }
        finally
        {
            await Shell($"rm -r {_folder.Path}/a"); // nothing else can name them
        }

        static async Task Shell(string script)
        {
            using var shell = System.Diagnostics.Process.Start("sh", ["-c", script]);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, shell.ExitCode);
        }
    }

    private void Files(params string[] names)
    {
        foreach (var name in names)
        {
            _folder.Write(name);
        }
    }

    private static SourceSpec Spec(string pattern, SourceOptions options, int number) =>
        new()
        {
            Pattern = pattern,
            Options = options,
            Location = $"s{number}",
        };

    private JobManifest Job(IReadOnlyList<SourceSpec> sources, string output = "out") =>
        new()
        {
            Name = "test",
            Model = new ModelReference { Path = "/m.onnx" },
            Output = Path.GetFullPath(Path.Combine(_folder.Path, output)),
            BaseFolder = _folder.Path,
            Sources = sources,
        };

    private string[] Found(string pattern) => Found("out", pattern);

    private string[] Found(string output, string pattern) =>
        [.. SourceFinder.Find(Job([Spec(pattern, new(), 0)], output)).Select(source => Path.GetRelativePath(_folder.Path, source.Path))];

    private string Problem(params string[] patterns)
    {
        var error = Assert.Throws<JobException>(() =>
            SourceFinder.Find(Job([.. patterns.Select((pattern, i) => Spec(pattern, new(), i))]))
        );
        Assert.Equal(JobFailure.Configuration, error.Failure);
        return error.Message;
    }
}
