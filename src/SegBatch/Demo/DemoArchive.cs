using System.Text;
using SegBatch.Masks;
using SegBatch.Output;

namespace SegBatch.Demo;

/// <summary>
/// An archive of small generated clips of moving shapes with exact truth: clips in the folder itself, truth in
/// <c>truth/instances/VIDEO.parquet</c> below it. The same everywhere, up to the encoders' versions.
/// </summary>
public static class DemoArchive
{
    /// <summary>Raised with any change of the clips, so that an older archive is rendered again.</summary>
    private const string Version = "1";

    private const string MarkerName = ".segbatch-demo";
    private const string PartialName = ".segbatch-demo-partial";

    private static readonly string[] s_classNames = ["disc", "square", "triangle", "ring"];

    /// <summary>File name of the clip with the most frames.</summary>
    public static string LongestClip => DemoClips.All.MaxBy(clip => clip.FrameCount)!.FileName;

    /// <summary>Renders the archive unless it is there already and whole.</summary>
    /// <param name="folder">Made where it does not exist; other files in it are left alone.</param>
    /// <param name="progress">Told a line for each clip; may be called from several threads.</param>
    /// <param name="stopping">Leaves no clip half written under its name.</param>
    /// <exception cref="DemoException">The ffmpeg tool is missing or failed.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task EnsureAsync(string folder, Action<string>? progress, CancellationToken stopping)
    {
        var marker = Path.Combine(folder, MarkerName);
        if (File.Exists(marker) && await File.ReadAllTextAsync(marker, stopping) == Version)
        {
            return;
        }

        var partial = Path.Combine(folder, PartialName);
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial);
        progress?.Invoke($"rendering {DemoClips.All.Count} demo clips into {folder}");
        var parallel = new ParallelOptions { CancellationToken = stopping, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForEachAsync(
            DemoClips.All,
            parallel,
            async (clip, cancelled) =>
            {
                await RenderAsync(clip, partial, cancelled);
                progress?.Invoke(
                    $"rendered {clip.FileName}: {(clip.FrameCount == 1 ? "1 frame" : $"{clip.FrameCount} frames")}, {clip.Size.Width}x{clip.Size.Height}"
                );
            }
        );

        File.Delete(marker);
        var truth = Path.Combine(folder, "truth", "instances");
        Directory.CreateDirectory(truth);
        foreach (var clip in DemoClips.All)
        {
            File.Move(Path.Combine(partial, clip.FileName), Path.Combine(folder, clip.FileName), overwrite: true);
            File.Move(Path.Combine(partial, TruthName(clip)), Path.Combine(truth, TruthName(clip)), overwrite: true);
        }

        Directory.Delete(partial);
        await File.WriteAllTextAsync(marker, Version, stopping);
    }

    private static string TruthName(DemoClip clip) => $"{clip.Key}.parquet";

    private static async Task RenderAsync(DemoClip clip, string folder, CancellationToken stopping)
    {
        var scene = new DemoScene(clip.Size, clip.Seed, clip.Wanderers, clip.Crossers);
        var rasterizer = new SceneRasterizer(scene);
        var metadata = new Dictionary<string, string> { ["segbatch.demo_version"] = Version, ["segbatch.video"] = clip.Key };
        using var truth = new ParquetTableWriter<TruthRow>(TruthTable.Instances, Path.Combine(folder, TruthName(clip)), metadata);
        await using var encoder = new ClipEncoder(clip, Path.Combine(folder, clip.FileName));
        var rgb = new byte[clip.Size.Area * 3];
        var frame = 0;
        foreach (var time in clip.Times())
        {
            rasterizer.Draw(time / 1000.0, rgb);
            foreach (var row in Truth(clip, scene, rasterizer, frame++, time / 1000.0))
            {
                truth.Write(in row);
            }

            await encoder.WriteAsync(rgb, stopping);
        }

        await encoder.FinishAsync(stopping);
        truth.Finish();
    }

    /// <summary>The objects seen in the frame that was drawn last.</summary>
    internal static IEnumerable<TruthRow> Truth(DemoClip clip, DemoScene scene, SceneRasterizer rasterizer, int frame, double seconds)
    {
        for (var i = 0; i < scene.Objects.Count; i++)
        {
            var mask = rasterizer.VisibleMask(i);
            if (mask.Area == 0)
            {
                continue;
            }

            var item = scene.Objects[i];
            yield return new TruthRow(
                clip.Key,
                frame,
                seconds,
                item.Id,
                (int)item.Shape.Kind,
                s_classNames[(int)item.Shape.Kind],
                mask.Bounds,
                Encoding.ASCII.GetBytes(CocoRle.ToString(mask.Counts.Span)),
                mask.Size,
                mask.Area,
                Math.Min(1, mask.Area / item.Shape.Area)
            );
        }
    }
}
