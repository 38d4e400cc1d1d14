using System.Numerics;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.Refining;

/// <summary>
/// A promptable pair of networks, shared by all videos: an encoder that looks at a frame once, and a decoder that gives the mask of one
/// prompted object (SAM, MobileSAM, and others with the same two exports).
/// </summary>
public sealed class PromptModel : IDisposable
{
    /// <summary>Longest side of the encoder's input where the export leaves it open, in pixels.</summary>
    private const int UsualSide = 1024;

    /// <summary>ResizeLongestSide and Sam.preprocess of https://github.com/facebookresearch/segment-anything.</summary>
    private static readonly InputConvention s_convention = new()
    {
        Fit = InputFit.Letterbox,
        Padding = PadSide.BottomRight,
        PadLevel = null,
        Mean = new Vector3(123.675f, 116.28f, 103.53f),
        Deviation = new Vector3(58.395f, 57.12f, 57.375f),
    };

    private readonly bool _ownsEncoder;

    private PromptModel(OnnxSegmentationModel encoder, MaskDecoder decoder, bool ownsEncoder) =>
        (Encoder, Decoder, _ownsEncoder) = (encoder, decoder, ownsEncoder);

    /// <summary>Takes pictures; its runs and their number are those of any network.</summary>
    public OnnxSegmentationModel Encoder { get; }

    /// <summary>The decoder's file.</summary>
    public ModelCard DecoderCard => Decoder.Card;

    internal MaskDecoder Decoder { get; }

    /// <summary>Reads both files and checks that they are a pair, without preparing them to run.</summary>
    /// <exception cref="ModelException">A file is unusable, or the two are no pair.</exception>
    public static (ModelCard Encoder, ModelCard Decoder) Check(string encoder, string decoder)
    {
        var cards = (Encoder: ModelCard.Read(encoder), Decoder: ModelCard.Read(decoder));
        var layout = DecoderLayout.Of(cards.Encoder, cards.Decoder);
        _ = cards.Encoder.Input; // refuses what takes no pictures
        return (Convened(cards.Encoder, layout), cards.Decoder);
    }

    /// <summary>Prepares the pair to run.</summary>
    /// <param name="options">Device and precision.</param>
    /// <exception cref="ModelException">A file is unusable, the two are no pair, or the device does not run.</exception>
    public static PromptModel Open(string encoder, string decoder, InferenceOptions options)
    {
        var (encoderCard, decoderCard) = Check(encoder, decoder);
        var batch = encoderCard.FixedBatch is null ? 1 : (int?)null;
        var opened = OnnxSegmentationModel.Open(encoderCard, options with { Batch = batch, TrimHead = false });
        try
        {
            return Of(opened, decoderCard, ownsEncoder: true);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The pair of an encoder that is open already, and stays the caller's.</summary>
    /// <param name="encoder">Opened with the card that <see cref="Check"/> gives.</param>
    /// <exception cref="ModelException">The decoder is unusable, or the two are no pair.</exception>
    public static PromptModel Of(OnnxSegmentationModel encoder, string decoder) => Of(encoder, ModelCard.Read(decoder), ownsEncoder: false);

    private static PromptModel Of(OnnxSegmentationModel encoder, ModelCard decoder, bool ownsEncoder)
    {
        using var settings = encoder.SettingsFor(new InputShape(1, default), "decoder");
        return new(encoder, new MaskDecoder(decoder, DecoderLayout.Of(encoder.Card, decoder), settings), ownsEncoder);
    }

    /// <summary>How frames of a size lie in the encoder's input.</summary>
    public LetterboxTransform Letterbox(FrameSize frame) => Encoder.Card.Letterbox(frame, new LetterboxOptions());

    /// <summary>Call it after every run has ended.</summary>
    public void Dispose()
    {
        Decoder.Dispose();
        if (_ownsEncoder)
        {
            Encoder.Dispose();
        }
    }

    /// <summary>
    /// SAM keeps a frame's aspect; the networks that followed it (SAM 2, EfficientTAM), whose encoders give features of several sizes,
    /// stretch it to the square.
    /// </summary>
    private static ModelCard Convened(ModelCard encoder, DecoderLayout layout) =>
        encoder with
        {
            ImgSz = encoder.Input.Shape is [_, _, > 0, > 0] ? encoder.ImgSz : (UsualSide, UsualSide),
            Convention = s_convention with
            {
                Fit = layout.Embeddings.Count(name => name is not null) > 1 ? InputFit.Stretch : InputFit.Letterbox,
            },
        };
}
