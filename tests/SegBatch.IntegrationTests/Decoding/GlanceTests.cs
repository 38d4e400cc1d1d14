using SegBatch.Decoding;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>What headers alone say of a file, against what a reading of its first packets says.</summary>
public sealed class GlanceTests : IDisposable
{
    private readonly Clips _clips = new();

    public void Dispose() => _clips.Dispose();

    [Theory]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    [InlineData("clip.avi")]
    [InlineData("clip.ts")]
    public async Task A_glance_counts_the_frames_that_a_probe_counts(string name)
    {
        var path = await _clips.Make(name, 40, "96x64", Clips.H264);

        var (glance, probe) = (VideoProbe.Glance(path), VideoProbe.Probe(path));

        Assert.Equal(probe.EstimatedFrames, glance.EstimatedFrames);
        Assert.Equal(probe.FrameRate.ToDouble(), glance.FrameRate.ToDouble(), 0.001);
        Assert.InRange(glance.EstimatedFrames ?? 0, 39, 42);
    }

    [Fact]
    public void What_cannot_be_read_is_refused_with_the_reason()
    {
        var path = _clips.Path("broken.mp4");
        File.WriteAllText(path, "no video at all");

        Assert.Equal("NOT_MEDIA", Assert.Throws<DecodingException>(() => VideoProbe.Glance(path)).Code);
    }
}
