using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Cli;

/// <summary>Everything <c>segbatch model</c> found out, before it is worded.</summary>
internal sealed record ModelReport
{
    /// <summary>The frame size that shows how pictures would be fed.</summary>
    public static readonly FrameSize SampleFrame = new(1920, 1080);

    public required ModelCard Card { get; init; }

    /// <summary>Null where the outputs are no segmentation layout.</summary>
    public HeadLayout? Layout { get; private init; }

    /// <summary>What every layout says to the outputs.</summary>
    public IReadOnlyList<LayoutVerdict> Verdicts { get; private init; } = [];

    /// <summary>How <see cref="SampleFrame"/> would be fed; null where the input takes no pictures.</summary>
    public LetterboxTransform? Letterbox { get; private init; }

    /// <summary>Outputs for <see cref="Letterbox"/> as the prepared session states them; null where none could be prepared.</summary>
    public IReadOnlyList<ModelTensor>? Outputs { get; private init; }

    /// <summary>Pictures per run.</summary>
    public int? Batch { get; private init; }

    /// <summary>Where it would run.</summary>
    public ExecutionDevice? Device { get; private init; }

    public IReadOnlyList<ProviderRefusal> Refusals { get; private init; } = [];

    /// <summary>Why it cannot be used here; null if it can.</summary>
    public string? Problem { get; private init; }

    public ExitCode CodeOfProblem { get; private init; } = ExitCode.Configuration;

    /// <exception cref="ModelException">The file is no model that ONNX Runtime loads.</exception>
    public static ModelReport Of(string file, string device, string? layout)
    {
        var card = ModelLayouts.Read(file, new ModelOverrides { Layout = layout });
        return new ModelReport { Card = card, Verdicts = ModelLayouts.Verdicts(card) }
            .WithDevice(device)
            .WithLayout();
    }

    private ModelReport WithDevice(string device)
    {
        LetterboxTransform? letterbox = null;
        try
        {
            letterbox = Card.Letterbox(SampleFrame, new());
            using var model = OnnxSegmentationModel.Open(Card, new() { Device = device });
            return this with
            {
                Letterbox = letterbox,
                Outputs = model.OutputsFor(letterbox.Value.Input),
                Batch = model.BatchSize,
                Device = model.Device,
                Refusals = model.Refusals,
            };
        }
        catch (ModelException error)
        {
            var code = error.Code == ModelException.Device ? ExitCode.Unavailable : ExitCode.Configuration;
            return this with { Letterbox = letterbox, Problem = PromptDecoder() ?? error.Message, CodeOfProblem = code };
        }
    }

    /// <summary>What is wrong with a decoder of a promptable pair, which takes no pictures; null for other networks.</summary>
    private string? PromptDecoder() =>
        Card.Inputs.Any(input => input.Name == "point_coords")
            ? $"Model {Card.File.Path} takes prompts: it is the mask decoder of a promptable pair. Name it under 'refine' "
                + "(refine: {encoder: …, decoder: …})."
            : null;

    private ModelReport WithLayout()
    {
        try
        {
            return this with { Layout = ModelLayouts.Recognise(Card) };
        }
        catch (HeadLayoutException error)
        {
            return Problem is null ? this with { Problem = error.Found } : this;
        }
    }
}
