using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

/// <summary>Class filters, suggestions, printable text.</summary>
public sealed class WordsTests
{
    private static readonly string[] Names = ["person", "bicycle", "traffic light", "2"];

    [Fact]
    public void Classes_are_names_in_any_casing_or_ids_sorted_and_each_once()
    {
        Assert.Equal([0, 1, 2], ClassFilter.Resolve(["Traffic Light", "1", "person", "bicycle"], Names)!);
        Assert.Null(ClassFilter.Resolve(null, Names));
    }

    [Fact]
    public void A_name_that_is_a_number_goes_before_the_id() => Assert.Equal([3], ClassFilter.Resolve(["2"], Names)!);

    [Fact]
    public void Ids_do_without_names() => Assert.Equal([5, 70], ClassFilter.Resolve(["70", "5"], [])!);

    [Fact]
    public void Every_unknown_class_is_told_with_the_nearest_or_the_list()
    {
        var error = Assert.Throws<JobException>(() => ClassFilter.Resolve(["persn", "9", "person", "zebra"], Names));
        Assert.Equal(JobFailure.Configuration, error.Failure);
        Assert.Equal(
            [
                "classes: the model has no class 'persn'. Did you mean 'person'?",
                "classes: the model has no class '9'. The model's classes: person, bicycle, traffic light, 2.",
                "classes: the model has no class 'zebra'. The model's classes: person, bicycle, traffic light, 2.",
            ],
            error.Message.Split('\n')
        );
    }

    [Fact]
    public void Many_or_no_names_are_not_listed()
    {
        var many = Enumerable.Range(0, 80).Select(i => $"name{i}").ToArray();
        Assert.Equal(
            "classes: the model has no class 'zebra'. 'segbatch model FILE' lists its 80 classes.",
            Assert.Throws<JobException>(() => ClassFilter.Resolve(["zebra"], many)).Message
        );
        Assert.Equal(
            "classes: the model has no class 'zebra'. The file states no class names: use ids, or state them (model: {path: …, names: […]}).",
            Assert.Throws<JobException>(() => ClassFilter.Resolve(["zebra"], [])).Message
        );
    }

    [Theory]
    [InlineData("persn", "person")]
    [InlineData("peron", "person")]
    [InlineData("pesron", "person")]
    [InlineData("PERSON", "person")]
    [InlineData("persons", "person")]
    [InlineData("confidence", "conf")]
    [InlineData("trafic light", "traffic light")]
    [InlineData("dog", "")]
    [InlineData("x", "")]
    [InlineData("", "")]
    public void Did_you_mean(string word, string expected) =>
        Assert.Equal(
            expected.Length == 0 ? "" : $" Did you mean '{expected}'?",
            Suggestion.For(word, ["person", "conf", "traffic light", "y", ""])
        );

    [Fact]
    public void A_huge_word_costs_nothing() =>
        Assert.Equal("", Suggestion.For(new string('a', 4_000_000), ["person", new string('a', 3_999_999)]));

    [Theory]
    [InlineData("plain é 日本 😀", "plain é 日本 😀")]
    [InlineData("a\nb\tc\r", "a\\nb\\tc\\r")]
    [InlineData("\u001b[31mred\u0007\u009b", "\\u001b[31mred\\u0007\\u009b")]
    [InlineData("gpj\u202e4pm", "gpj\\u202e4pm")]
    public void Control_characters_are_written_out(string text, string expected) => Assert.Equal(expected, PrintableText.Of(text));
}
