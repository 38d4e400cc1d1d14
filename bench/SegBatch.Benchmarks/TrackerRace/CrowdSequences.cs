using SegBatch.Evaluation;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>Made-up sequences as detections with truth, seed by seed.</summary>
internal static class CrowdSequences
{
    /// <summary>Objects of which less is seen are neither asked for nor held against a tracker.</summary>
    private const double LeastVisible = 0.1;

    private const double FrameRate = 25;

    /// <summary>One sequence.</summary>
    /// <param name="plot">One of <see cref="Crowd.Plots"/>.</param>
    public static Sequence Make(string plot, int seed)
    {
        var figures = Crowd.Figures(plot, seed);
        var pixels = new VisiblePixels(Crowd.Size);
        var detector = new MadeUpDetector(seed + 1000, figures.Count);
        var frames = new List<SequenceFrame>(Crowd.Frames);
        for (var frame = 0; frame < Crowd.Frames; frame++)
        {
            pixels.Draw(figures, frame);
            var truths = new List<EvaluationObject>();
            for (var i = 0; i < figures.Count; i++)
            {
                if (figures[i].Kind != FigureKind.Post && pixels.Visible(i) > 0)
                {
                    var mask = pixels.Mask(i);
                    var box = mask.Bounds;
                    truths.Add(
                        new EvaluationObject(
                            0,
                            i,
                            1,
                            new BoxCorners(box.X1, box.Y1, box.X2, box.Y2),
                            mask,
                            IsIgnored: pixels.Share(i) < LeastVisible
                        )
                    );
                }
            }

            frames.Add(new SequenceFrame(truths, detector.Detect(figures, pixels)));
        }

        return new Sequence(plot, $"{plot} {seed}", Crowd.Size, FrameRate, frames);
    }
}
