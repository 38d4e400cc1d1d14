using SegBatch.Evaluation;
using SegBatch.IntegrationTests.Cli;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Parity;

/// <summary>Runs of the program in a folder of its own, and what they agree on with the recordings.</summary>
internal sealed class ParityRun : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("segbatch-parity-").FullName;

    public string Out => Path.Combine(Folder, "out");

    public static string Recording(string name) => SharedData.Path($"reference/recordings/{name}.jsonl.gz");

    /// <summary>Runs over a source without writing videos; the tables are in <see cref="Out"/>.</summary>
    public async Task RunAsync(string source, string model, params string[] options)
    {
        var (code, output, errors) = await SegBatchProcess.Run(
            [
                "run",
                "--source",
                source,
                "--model",
                SharedData.Path($"models/{model}"),
                "--out",
                Out,
                "--no-video",
                "--no-candidates",
                .. options,
            ]
        );
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
    }

    /// <summary>Compares the frames that the run has; <paramref name="frames"/> is how many there must be.</summary>
    public Agreement Compare(string recording, int frames, long offset = 0)
    {
        var recorded = RecordingReader.Read(Recording(recording));
        var agreement = Comparison.Of(recorded, RunInstances.Read(Out, video: null, recorded.Clip), offset, commonFrames: true);
        TestContext.Current.SendDiagnosticMessage(
            $"{recording}: {string.Join(", ", AgreementFigure.Of(agreement).Select(figure => $"{figure.Name} {figure.Rounded}"))}"
        );
        Assert.Equal(frames, agreement.Frames);
        Assert.True(agreement.Reference > frames, $"only {agreement.Reference} recorded objects");
        return agreement;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
