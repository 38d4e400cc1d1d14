using System.Globalization;

namespace SegBatch.Detection;

/// <summary>Scores are 0 to 1: what is beyond is another number, and a threshold on it would let anything pass.</summary>
internal static class ScoreRange
{
    /// <summary>1 and what rounding may add.</summary>
    private const float Most = 1.001f;

    /// <summary>The score.</summary>
    /// <exception cref="HeadLayoutException">It is beyond 1.</exception>
    public static float Checked(float score) =>
        score <= Most
            ? score
            : throw new HeadLayoutException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"expected scores of 0 to 1, got {score}: the export ends before its last sigmoid or softmax, or its outputs have another layout"
                )
            );
}
