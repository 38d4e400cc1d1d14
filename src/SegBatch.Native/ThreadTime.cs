using System.Runtime.InteropServices;

namespace SegBatch.Native;

/// <summary>The processor time of the calling thread: what its work costs, however many others share the cores.</summary>
public static unsafe partial class ThreadTime
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID of Linux's time.h.</summary>
    private const int ThreadClock = 3;

    private const long TicksPerSecond = 10_000_000;

    /// <summary>
    /// User and system time of the calling thread in ticks of 100 ns (<see cref="TimeSpan"/>). Two readings are comparable only
    /// on one thread: take none across an await.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The kernel has no such clock.</exception>
    public static long Ticks
    {
        get
        {
            TimeSpec now;
            return Read(ThreadClock, &now) == 0
                ? now.Seconds * TicksPerSecond + now.Nanoseconds / 100
                : throw new PlatformNotSupportedException("This system has no clock of a thread's processor time.");
        }
    }

    // It never blocks and calls nothing back, so the switch of the collector's mode, which would cost as much again, is left out.
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int Read(int clock, TimeSpec* time);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
