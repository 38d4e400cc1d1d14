using SegBatch.Stitching;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Stitching;

public sealed class UnclaimedSightingsTests
{
    /// <summary>The rounds after the first look at changed tracks only; whoever looks at all of them again must find nothing more.</summary>
    [Theory]
    [InlineData(0.04)]
    [InlineData(0.12)]
    public void Nothing_that_fits_is_left(double seconds)
    {
        var gave = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var scene = new OcclusionScene(new SceneOptions(seed, Objects: 12, Occluders: 3, DropOuts: 0.5, Step: _ => seconds));
            var free = new UnclaimedSightings(OcclusionScene.Conf);
            var tracks = new SortedDictionary<long, List<Sighting>>();
            foreach (var sighting in scene.Track(new TrackingOptions()))
            {
                if (sighting.OnlineId == 0)
                {
                    free.Add(sighting);
                }
                else if (!tracks.TryAdd(sighting.OnlineId, [sighting]))
                {
                    tracks[sighting.OnlineId].Add(sighting);
                }
            }

            Trajectory[] all = [.. tracks.Select(track => new Trajectory(track.Key, track.Value))];
            gave += free.GiveTo(all, scene.Times, mostSeconds: 2) ? 1 : 0;
            Assert.False(free.GiveTo(all, scene.Times, mostSeconds: 2), $"seed {seed}");
        }

        Assert.True(gave > 10, $"only {gave} scenes gave anything");
    }
}
