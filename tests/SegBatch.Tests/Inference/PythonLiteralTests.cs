using System.Numerics;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Inference;

/// <summary>Expectations are what CPython's repr() and ast.literal_eval() give.</summary>
public class PythonLiteralTests
{
    [Theory]
    [InlineData("'plain'", "plain")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'a, b: {c}'", "a, b: {c}")]
    [InlineData("'say \"hi\"'", "say \"hi\"")]
    [InlineData(@"'both \' and ""'", "both ' and \"")]
    [InlineData(@"'tab\there\nline\\'", "tab\there\nline\\")]
    [InlineData(@"'\a\b\f\v\r'", "\a\b\f\v\r")]
    [InlineData(@"'\x41\101\7z'", "AA\az")]
    [InlineData(@"'\u00fc\U0001f600'", "ü😀")]
    [InlineData("'Fußgänger 行人'", "Fußgänger 行人")]
    [InlineData(@"'\q'", @"\q")]
    [InlineData(@"r'\n'", @"\n")]
    [InlineData(@"r'\''", @"\'")]
    [InlineData("u'x'", "x")]
    [InlineData("'''a'b\nc'''", "a'b\nc")]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("'one' \"two\"", "onetwo")]
    [InlineData("'a\\\nb'", "ab")]
    public void Strings(string literal, string expected) => Assert.Equal(expected, PythonLiteral.Parse(literal));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData(" 640 ", 640L)]
    [InlineData("-32", -32L)]
    [InlineData("+7", 7L)]
    [InlineData("1_000", 1000L)]
    [InlineData("0.5", 0.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e-05", 1e-5)]
    [InlineData("-2.5E+3", -2500.0)]
    [InlineData("True", true)]
    [InlineData("False", false)]
    [InlineData("None", null)]
    [InlineData("(3)", 3L)]
    public void Scalars(string literal, object? expected) => Assert.Equal(expected, PythonLiteral.Parse(literal));

    [Fact]
    public void Whole_numbers_beyond_64_bits_are_kept() =>
        Assert.Equal(BigInteger.Pow(10, 30), PythonLiteral.Parse("1" + new string('0', 30)));

    [Fact]
    public void Containers_nest()
    {
        var dict = Assert.IsType<PythonDict>(PythonLiteral.Parse("{0: 'a', 'k': [1, (2, 3.5), [], ()], None: {}, 0: 'b',}"));

        Assert.Equal(new object?[] { 0L, "k", null }, dict.Items.Select(item => item.Key));
        Assert.Equal("b", dict.Items[0].Value);
        Assert.True(dict.TryGet("k", out var value));
        var list = Assert.IsType<List<object?>>(value);
        Assert.Equal(1L, list[0]);
        Assert.Equal(new object?[] { 2L, 3.5 }, Assert.IsType<List<object?>>(list[1]));
        Assert.Empty(Assert.IsType<List<object?>>(list[2]));
        Assert.Empty(Assert.IsType<List<object?>>(list[3]));
        Assert.Equal(new object?[] { 1L }, Assert.IsType<List<object?>>(PythonLiteral.Parse("(1,)")));
        Assert.False(dict.TryGet("absent", out _));
    }

    [Theory]
    [InlineData("", "column 1: expected a value")]
    [InlineData("{0: 'a'", "column 8: expected ',' or '}', found the end")]
    [InlineData("{0 'a'}", "column 4: expected ':', found '''")]
    [InlineData("{[1]: 2}", "column 2: expected a string or number as key")]
    [InlineData("[1 2]", "column 4: expected ',' or ']', found '2'")]
    [InlineData("[,]", "column 2: expected a value")]
    [InlineData("1 2", "column 3: expected the end, found '2'")]
    [InlineData("'open", "column 1: the string that begins here has no closing quote")]
    [InlineData("'line\nbreak'", "column 1: the string that begins here has no closing quote")]
    [InlineData(@"['\x4']", "column 5: expected 2 hexadecimal digits")]
    [InlineData(@"'\N{DASH}'", "column 2: characters by name")]
    [InlineData("{'a': PosixPath('x')}", "column 7: expected a value")]
    [InlineData("b'x'", "column 1: strings with the prefix 'b' are not read")]
    [InlineData("1.2.3", "column 1: expected a decimal number")]
    [InlineData("true", "column 1: expected a value")]
    public void Errors_say_where_and_what(string literal, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => PythonLiteral.Parse(literal)).Message, StringComparison.Ordinal);

    [Fact]
    public void Depth_is_bounded() =>
        Assert.Contains(
            "nested deeper",
            Assert.Throws<FormatException>(() => PythonLiteral.Parse(new string('[', 100_000))).Message,
            StringComparison.Ordinal
        );
}
