using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Detection;

/// <summary>
/// Finds the anchors with a class score above the threshold. Reads every score once, a vector of anchors (or classes) at a time;
/// which class it is, is only looked up for the few that pass.
/// </summary>
internal static class CandidateScan
{
    private const int Lanes = 8;

    /// <summary>Scores class by class: value of class c and anchor a at [c * anchors + a].</summary>
    /// <typeparam name="TScore">What the values are.</typeparam>
    /// <param name="wanted">Classes to keep by id, or null. A candidate's class is its best one, wanted or not.</param>
    /// <param name="firstAnchor">Number of the first anchor here.</param>
    public static void ByClass<TScore>(
        ReadOnlySpan<float> scores,
        int classes,
        int anchors,
        float conf,
        bool[]? wanted,
        Candidates candidates,
        int firstAnchor = 0
    )
        where TScore : IScore
    {
        scores = scores[..(classes * anchors)];
        ref var first = ref MemoryMarshal.GetReference(scores);
        var threshold = Vector256.Create(TScore.Floor(conf));
        var anchor = 0;
        for (; anchor <= anchors - (4 * Lanes); anchor += 4 * Lanes)
        {
            var at = (nuint)anchor;
            var a = Vector256.Create(float.NegativeInfinity);
            var b = a;
            var c = a;
            var d = a;
            for (var id = 0; id < classes; id++, at += (nuint)anchors)
            {
                // MaxNative keeps its second operand where the first is NaN.
                a = Vector256.MaxNative(Vector256.LoadUnsafe(ref first, at), a);
                b = Vector256.MaxNative(Vector256.LoadUnsafe(ref first, at + Lanes), b);
                c = Vector256.MaxNative(Vector256.LoadUnsafe(ref first, at + (2 * Lanes)), c);
                d = Vector256.MaxNative(Vector256.LoadUnsafe(ref first, at + (3 * Lanes)), d);
            }

            var passed =
                Vector256.GreaterThan(a, threshold).ExtractMostSignificantBits()
                | (Vector256.GreaterThan(b, threshold).ExtractMostSignificantBits() << Lanes)
                | (Vector256.GreaterThan(c, threshold).ExtractMostSignificantBits() << (2 * Lanes))
                | (Vector256.GreaterThan(d, threshold).ExtractMostSignificantBits() << (3 * Lanes));
            for (; passed != 0; passed &= passed - 1)
            {
                var found = anchor + BitOperations.TrailingZeroCount(passed);
                Add<TScore>(scores[found..], anchors, classes, conf, wanted, candidates, firstAnchor + found);
            }
        }

        for (; anchor < anchors; anchor++)
        {
            Add<TScore>(scores[anchor..], anchors, classes, conf, wanted, candidates, firstAnchor + anchor);
        }
    }

    /// <summary>Rows of one anchor each: score of class c and anchor a at [a * pitch + c].</summary>
    public static void ByAnchor(
        ReadOnlySpan<float> scores,
        int classes,
        int anchors,
        int pitch,
        float conf,
        bool[]? wanted,
        Candidates candidates
    )
    {
        var threshold = Vector256.Create(conf);
        for (var anchor = 0; anchor < anchors; anchor++)
        {
            var row = scores.Slice(anchor * pitch, classes);
            ref var first = ref MemoryMarshal.GetReference(row);
            var passed = Vector256<float>.Zero;
            var id = 0;
            for (; id <= classes - Lanes; id += Lanes)
            {
                passed |= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)id), threshold);
            }

            var any = passed.ExtractMostSignificantBits() != 0;
            for (; id < classes && !any; id++)
            {
                any = row[id] > conf;
            }

            if (any)
            {
                Add<Probability>(row, 1, classes, conf, wanted, candidates, anchor);
            }
        }
    }

    /// <summary>Looks at one anchor, whose values are <paramref name="step"/> apart; equal scores: the first class has it.</summary>
    private static void Add<TScore>(
        ReadOnlySpan<float> scores,
        int step,
        int classes,
        float conf,
        bool[]? wanted,
        Candidates candidates,
        int anchor
    )
        where TScore : IScore
    {
        var best = float.NegativeInfinity;
        var classId = 0;
        var floor = TScore.Floor(conf);
        for (var id = 0; id < classes; id++)
        {
            var value = scores[id * step];
            if (value > floor && TScore.Of(value) is var score && score > best)
            {
                best = score;
                classId = id;
            }
        }

        if (best > conf && (wanted is null || wanted[classId]))
        {
            candidates.Add(anchor, classId, best);
        }
    }
}
