using System.Text;
using System.Text.RegularExpressions;
using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class VideoKeysTests
{
    [Theory]
    [InlineData("gate.mp4", "gate")]
    [InlineData("day 1/gate 7.mkv", "day_1__gate_7")]
    [InlineData("gate", "gate")]
    [InlineData("v1.2/a.b.mp4", "v1.2__a.b")]
    [InlineData("café/日本.mp4", "café__日本")]
    [InlineData("a:b*?\"<>|.mp4", "a_b")]
    [InlineData("-dash.mp4", "dash")]
    [InlineData("_private.mp4", "private")]
    [InlineData("nl\nx\tz.mp4", "nl_x_z")]
    [InlineData("dots...mp4", "dots")]
    [InlineData("space .mp4", "space")]
    [InlineData("img%03d.png", "img_03d")]
    [InlineData("Console.mp4", "Console")]
    public void Readable_keys(string path, string key) => Assert.Equal(key, Key(path));

    [Theory]
    [InlineData("CON.mp4")]
    [InlineData("nul.tar.mp4")]
    [InlineData("Com1.mp4")]
    [InlineData("lpt9.mp4")]
    [InlineData("😀.mp4")]
    [InlineData("....mp4")]
    public void Names_that_some_system_cannot_have_become_hashes(string path) => Assert.Matches("^video-[0-9a-f]{8}$", Key(path));

    /// <summary>SHA-256 by another program: printf 'a/gate.mp4' | sha256sum.</summary>
    [Fact]
    public void The_same_key_twice_gets_the_hash_of_its_path_added()
    {
        var keys = VideoKeys.For(
            new Dictionary<string, string> { ["/base/a/gate.mp4"] = "/base/a", ["/base/b/gate.mp4"] = "/base/b" },
            "/base"
        );
        Assert.Equal("gate-c33b4b6b", keys["/base/a/gate.mp4"]);
        Assert.Equal("gate-7b24d6da", keys["/base/b/gate.mp4"]);
    }

    [Theory]
    [InlineData("/r/A.mp4", "/r/a.mp4")]
    [InlineData("/r/a.mp4", "/r/a.mkv")]
    [InlineData("/r/a b.mp4", "/r/a_b.mp4")]
    [InlineData("/r/a/b.mp4", "/r/a__b.mp4")]
    [InlineData("/r/é.mp4", "/r/É.mp4")]
    [InlineData("/r/😀x.mp4", "/r/😁x.mp4")]
    [InlineData("/r/caf\u00e9.mp4", "/r/cafe\u0301.mp4")]
    public void Twins_stay_two_videos_on_any_file_system(string one, string other)
    {
        var keys = VideoKeys.For(new Dictionary<string, string> { [one] = "/r", [other] = "/r" }, "/r");
        Assert.NotEqual(keys[one], keys[other], StringComparer.OrdinalIgnoreCase);
        Assert.All(keys.Values, key => Assert.Matches(new Regex(@"\A[\p{L}\p{Nd}_.+-]+\z"), key));
    }

    [Fact]
    public void A_name_that_looks_like_another_ones_hashed_key_does_not_take_its_place()
    {
        var roots = new Dictionary<string, string> { ["/r/gate.mp4"] = "/r", ["/r/gate.mkv"] = "/r" };
        var taken = VideoKeys.For(roots, "/r")["/r/gate.mp4"];
        roots[$"/r/{taken}.mp4"] = "/r";
        var keys = VideoKeys.For(roots, "/r");
        Assert.Equal(3, keys.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData('a')]
    [InlineData('日')]
    public void Long_names_are_cut_to_what_file_systems_hold_and_stay_apart(char letter)
    {
        var (one, other) = ($"/r/{new string(letter, 240)}1.mp4", $"/r/{new string(letter, 240)}2.mp4");
        var keys = VideoKeys.For(new Dictionary<string, string> { [one] = "/r", [other] = "/r" }, "/r");
        Assert.NotEqual(keys[one], keys[other]);
        Assert.All(keys.Values, key => Assert.InRange(Encoding.UTF8.GetByteCount(key), 100, 200));
        Assert.All(keys.Values, key => Assert.StartsWith(new string(letter, 40), key, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_pictures_is_named_after_itself() =>
        Assert.Equal("photos", VideoKeys.For(new Dictionary<string, string> { ["/r/photos"] = "/r/photos" }, "/r")["/r/photos"]);

    private static string Key(string path) =>
        VideoKeys.For(new Dictionary<string, string> { ["/archive/" + path] = "/archive" }, "/archive")["/archive/" + path];
}
