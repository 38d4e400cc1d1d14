using SegBatch.Detection;
using SegBatch.Evaluation;
using SegBatch.Geometry;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>A frame as trackers are judged on it: what is there, and what a detector made of it, best score first.</summary>
/// <param name="Truths">With masks of the visible pixels; all of class 0, as trackers are judged whatever the class.</param>
/// <param name="Detections">Masks own their memory.</param>
internal sealed record SequenceFrame(IReadOnlyList<EvaluationObject> Truths, DetectedObject[] Detections);

/// <summary>A video as detections with exact truth.</summary>
/// <param name="Set">The sets of the table: sequences of one set are summed up.</param>
internal sealed record Sequence(string Set, string Name, FrameSize Size, double FrameRate, IReadOnlyList<SequenceFrame> Frames);
