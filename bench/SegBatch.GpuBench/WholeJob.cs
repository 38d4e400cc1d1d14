using System.Diagnostics;
using SegBatch.Benchmarking;
using SegBatch.Gpu;
using SegBatch.Jobs;

namespace SegBatch.GpuBench;

/// <param name="CpuMsPerFrame">Of the whole process.</param>
internal sealed record JobFigures(double FramesPerSecond, double CpuMsPerFrame, long Frames, GpuTraffic? Traffic);

/// <summary>Jobs as users run them, over copies of one clip.</summary>
internal static class WholeJob
{
    /// <param name="files">Copies of the clip: several bitstreams keep several decoders busy.</param>
    /// <param name="device">As in a job: "cuda", "tensorrt", "cpu".</param>
    public static async Task<JobFigures> RunAsync(string model, string clip, int files, bool video, string device, string acceleration)
    {
        var scratch = Directory.CreateTempSubdirectory("segbatch-gpu-").FullName;
        try
        {
            var sources = new List<string>();
            for (var i = 0; i < files; i++)
            {
                sources.Add(Path.Combine(scratch, $"clip-{i:d2}{Path.GetExtension(clip)}"));
                File.Copy(clip, sources[i]);
            }

            var job = ManifestReader.Create(
                new JobOverrides
                {
                    Model = model,
                    Output = Path.Combine(scratch, "out"),
                    Sources = sources,
                }
            );
            job = job with
            {
                Run = job.Run with { Device = device, Videos = files },
                Sources =
                [
                    .. job.Sources.Select(source =>
                        source with
                        {
                            Options = source.Options with
                            {
                                Decoding = source.Options.Decoding with
                                {
                                    HardwareAccelerations = acceleration == "none" ? [] : [acceleration],
                                },
                                Encoding = source.Options.Encoding with { Video = video },
                            },
                        }
                    ),
                ],
            };
            var runner = new JobRunner(job, Silence.Instance, Silence.Log);
            var cpu = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            var summary = await runner.RunAsync(CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (summary.Rejected > 0 || summary.Frames == 0)
            {
                throw new InvalidOperationException($"{summary.Rejected} of {files} videos failed on {device}");
            }

            var used = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
            return new(summary.Frames / seconds, used / summary.Frames, summary.Frames, runner.Traffic);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
