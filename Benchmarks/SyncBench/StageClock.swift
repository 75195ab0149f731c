import Glibc

/// The clocks of the benchmark.
enum StageClock {
  /// Nanoseconds of the machine's monotonic clock, the same in every process.
  static func nanoseconds() -> UInt64 { nanoseconds(of: CLOCK_MONOTONIC) }

  /// Seconds of the machine's monotonic clock.
  static func seconds() -> Double { Double(nanoseconds()) / 1e9 }

  /// Nanoseconds of processor time that this process has used, in all its threads: unlike elapsed
  /// time it hardly depends on what else the machine does.
  static func processorNanoseconds() -> UInt64 { nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID) }

  /// Milliseconds since 1970 UTC.
  static func wallMilliseconds() -> UInt64 { nanoseconds(of: CLOCK_REALTIME) / 1_000_000 }

  private static func nanoseconds(of clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
