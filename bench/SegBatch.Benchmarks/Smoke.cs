using SegBatch.Benchmarks.Kernels;

namespace SegBatch.Benchmarks;

/// <summary>Runs every kernel once beside its baseline: a fast kernel that computes something else is no kernel.</summary>
internal static class Smoke
{
    /// <returns>The exit code: 0 when all agree.</returns>
    public static int Run()
    {
        IEnumerable<Comparison> comparisons =
        [
            .. FusedLetterbox.Compare(),
            .. ReferenceLetterbox.Compare(),
            .. MaskDecode.Compare(),
            .. HeadScan.Compare(),
            .. Suppression.Compare(),
            .. HeadDecode.Compare(),
            .. RleEncode.Compare(),
            .. MaskOverlap.Compare(),
            .. TrackerUpdate.Compare(),
            .. CameraMotion.Compare(),
            .. MaskTrackerUpdate.Compare(),
            .. PaintMasks.Compare(),
            .. TableRows.Compare(),
            .. Schedule.Compare(),
        ];
        var failed = 0;
        foreach (var (kernel, difference) in comparisons)
        {
            failed += difference is null ? 0 : 1;
            Console.WriteLine(difference is null ? $"agrees   {kernel}" : $"DIFFERS  {kernel}: {difference}");
        }

        return failed == 0 ? 0 : 1;
    }
}
