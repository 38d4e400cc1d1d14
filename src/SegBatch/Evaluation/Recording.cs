using SegBatch.Masks;

namespace SegBatch.Evaluation;

/// <summary>An object as the reference saw it.</summary>
/// <param name="Box">Frame pixels; in recordings of a tracker its estimate.</param>
/// <param name="TrackId">Null in recordings without a tracker.</param>
/// <param name="Mask">Of the size that it was recorded at; null where no mask was recorded.</param>
public sealed record RecordedObject(BoxCorners Box, double Score, int ClassId, long? TrackId, RleMask? Mask);

/// <summary>A frame of a recording.</summary>
/// <param name="Index">From 0, in order of presentation.</param>
/// <param name="IsClipped">The boxes end at the frame's edge, as in a tracker's final result; its own rows may reach beyond.</param>
public sealed record RecordedFrame(long Index, bool IsClipped, IReadOnlyList<RecordedObject> Objects);

/// <summary>What a reference found in a clip. The format: docs/parity.md; <see cref="RecordingReader"/> reads it.</summary>
/// <param name="Part">"predict", "retina", or the tracker's name.</param>
/// <param name="Clip">File name of the clip.</param>
/// <param name="Model">File name of the model.</param>
/// <param name="Conf">Lowest score that counts; 0 in recordings of a tracker, which decides by itself.</param>
public sealed record Recording(string Part, string Clip, string Model, double Conf, IReadOnlyList<RecordedFrame> Frames)
{
    /// <summary>Made with a tracker: its objects have ids.</summary>
    public bool IsTracked => IsTrackedPart(Part);

    internal static bool IsTrackedPart(string part) => part is not ("predict" or "retina");
}
