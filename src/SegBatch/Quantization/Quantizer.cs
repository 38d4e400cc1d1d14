using System.Globalization;
using System.Reflection;
using SegBatch.Detection;
using SegBatch.Inference;

namespace SegBatch.Quantization;

/// <summary>What became of a network that was to be quantised, or of a candidate that was compared.</summary>
/// <param name="CalibrationFrames">Frames whose values set the ranges; 0 where a ready candidate was compared.</param>
/// <param name="Check">The comparison, on other frames.</param>
/// <param name="Problem">Why the candidate does not pass; null when it does.</param>
/// <param name="Written">Path of the new file; null when there is none.</param>
public sealed record QuantizationReport(int CalibrationFrames, QuantizationCheck Check, string? Problem, string? Written);

/// <summary>
/// Static 8-bit quantisation of a network on frames of the archive it is meant for. The result is written only if it finds, on frames it
/// has not seen, what the original finds.
/// </summary>
public sealed class Quantizer(
    string modelPath,
    IReadOnlyList<string> sources,
    QuantizationOptions options,
    IProgress<QuantizationStep>? progress = null
)
{
    private const int CheckedPerCalibrated = 2;

    private readonly ModelCard _card = ModelLayouts.Read(modelPath);

    /// <summary>Quantises, compares, and writes if the comparison is good enough.</summary>
    /// <param name="outputPath">The new file; an old one of that name is replaced, and only by a good one.</param>
    /// <param name="stopping">Ends the work early; nothing is left behind.</param>
    /// <exception cref="ModelException">The network cannot be quantised.</exception>
    /// <exception cref="Decoding.DecodingException">A source cannot be read.</exception>
    public async Task<QuantizationReport> QuantizeAsync(string outputPath, CancellationToken stopping)
    {
        _ = QuantizationGate.HeadOf(_card, options.Detection); // refused before the long work
        var graph = QuantizableModel.Read(_card);
        var plan = QuantizationPlan.Of(graph, _card.Input.Name);
        var (seen, unseen) = await FramesAsync(options.Frames, stopping);
        var ranges = plan.Ranges(new Calibrator(_card, plan).Run(seen, Step("calibrate"), stopping));
        QdqGraph.Write(graph, plan, ranges);
        graph.Metadata("quantized", $"int8, static, by SegBatch {Version} from {seen.Count} frames");
        var temporary = $"{outputPath}.part";
        try
        {
            await File.WriteAllBytesAsync(temporary, graph.ToBytes(), stopping);
            var check = Compare(ModelLayouts.Read(temporary), unseen, stopping);
            var problem = check.Problem(options);
            if (problem is null)
            {
                File.Move(temporary, outputPath, overwrite: true);
            }

            return new QuantizationReport(seen.Count, check, problem, problem is null ? outputPath : null);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Compares a ready candidate with the original.</summary>
    /// <inheritdoc cref="QuantizeAsync" path="/exception"/>
    public async Task<QuantizationReport> CheckAsync(string candidatePath, CancellationToken stopping)
    {
        var candidate = ModelLayouts.Read(candidatePath);
        if (_card.IsDynamic != candidate.IsDynamic || (!_card.IsDynamic && _card.ImgSz != candidate.ImgSz))
        {
            throw new ModelException(
                ModelException.Options,
                $"{candidatePath} takes {candidate.Input}, {_card.File.Path} takes {_card.Input}: the same frame would not be the same input. "
                    + "Compare exports of the same input size."
            );
        }

        var samples = await new FrameSampler(_card, options.Letterbox).TakeAsync(sources, options.Frames / CheckedPerCalibrated, stopping);
        var check = Compare(candidate, samples, stopping);
        return new QuantizationReport(0, check, check.Problem(options), null);
    }

    private static string Version =>
        typeof(Quantizer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    private QuantizationCheck Compare(ModelCard candidate, List<FrameSample> samples, CancellationToken stopping) =>
        QuantizationGate.Compare(_card, candidate, samples, options.Detection, Step("compare"), stopping);

    /// <summary>Every third frame is kept back for the comparison.</summary>
    private async Task<(List<FrameSample> Seen, List<FrameSample> Unseen)> FramesAsync(int count, CancellationToken stopping)
    {
        var all = await new FrameSampler(_card, options.Letterbox).TakeAsync(sources, count + (count / CheckedPerCalibrated), stopping);
        var unseen = all.Where((_, i) => i % (CheckedPerCalibrated + 1) == 1).ToList();
        return unseen.Count > 0
            ? (all.Where((_, i) => i % (CheckedPerCalibrated + 1) != 1).ToList(), unseen)
            : throw new ModelException(
                ModelException.Quantization,
                $"The sources give {all.Count.ToString(CultureInfo.InvariantCulture)} frames: quantising wants some to learn from and others to be compared on. Name more sources."
            );
    }

    private Progress<double>? Step(string name) =>
        progress is null ? null : new Progress<double>(share => progress.Report(new QuantizationStep(name, share)));
}

/// <summary>How far the work is.</summary>
/// <param name="Name">"calibrate" or "compare".</param>
/// <param name="Share">0 to 1.</param>
public readonly record struct QuantizationStep(string Name, double Share);
