using SegBatch.Decoding;
using SegBatch.Output;

namespace SegBatch.Jobs;

/// <summary>What was odd about a video without being a fault: fall-backs, repaired time stamps, scaled frames.</summary>
internal static class VideoNotes
{
    /// <param name="annotated">Null where nothing was drawn.</param>
    public static List<string> Of(IFrameReader reader, VideoStages stages, IResultWriter? annotated)
    {
        var notes = new List<string>([.. reader.Notes, .. stages.Camera?.Notes ?? []]);
        var full = stages.Device?.FullPictures ?? 0;
        Add(full, $"{full} frames had more candidates than are brought back from the device: their worst objects may be missing");
        Add(reader.DamagedPackets, $"{reader.DamagedPackets} damaged packets; frames around them may be missing or concealed");
        if (annotated is AnnotatedVideoWriter { Report: { } report })
        {
            Add(
                report.TimestampsRepaired,
                $"{report.TimestampsRepaired} time stamps of the annotated video were moved to keep their order"
            );
            Add(report.FramesScaled, $"{report.FramesScaled} frames of another size were scaled in the annotated video");
            notes.AddRange(report.SkippedAudio);
        }

        return notes;

        void Add(long count, string note)
        {
            if (count > 0)
            {
                notes.Add(note);
            }
        }
    }
}
