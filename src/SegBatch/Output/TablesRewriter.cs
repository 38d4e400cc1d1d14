using System.Runtime.InteropServices;
using SegBatch.Tables;

namespace SegBatch.Output;

/// <summary>
/// Makes the tables of one video anew from tables: reads frame by frame, lets a step change the rows, and writes what comes out. The step
/// may set and clear tracks, move rows between `instances` and `candidates`, and add rows that are no detections; what the detector said
/// stays, so that a later step finds it.
/// </summary>
public sealed class TablesRewriter(VideoTablesReader reader, VideoTables writer)
{
    private readonly List<InstanceRow> _instances = [];
    private readonly List<InstanceRow> _candidates = [];

    /// <summary>Rewrites every frame. The writer is not finished: that is the caller's decision.</summary>
    /// <param name="change">The step.</param>
    /// <param name="framesDone">Told the number of written frames after each.</param>
    /// <exception cref="InvalidDataException">The tables cannot be read.</exception>
    /// <exception cref="IOException">The tables cannot be written.</exception>
    public void Run(Action<TableFrame> change, Action<long>? framesDone, CancellationToken stopping)
    {
        var frame = new TableFrame();
        for (var done = 1L; reader.Next(frame); done++)
        {
            stopping.ThrowIfCancellationRequested();
            change(frame);
            Write(frame);
            framesDone?.Invoke(done);
        }
    }

    private void Write(TableFrame frame)
    {
        _instances.Clear();
        _candidates.Clear();
        foreach (ref readonly var detection in CollectionsMarshal.AsSpan(frame.Detections))
        {
            (detection.IsInstance ? _instances : _candidates).Add(detection.Row);
        }

        writer.Write(
            frame.Frame with
            {
                Instances = _instances.Count,
            },
            CollectionsMarshal.AsSpan(_instances),
            CollectionsMarshal.AsSpan(_candidates),
            frame.CameraMotion
        );
    }
}
