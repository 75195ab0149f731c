import Dispatch
import Foundation

/// The clocks of the benchmark.
enum StageClock {
  /// Nanoseconds of the machine's monotonic clock.
  static func nanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

  /// Seconds of the machine's monotonic clock.
  static func seconds() -> Double { Double(nanoseconds()) / 1e9 }

  /// Nanoseconds of processor time that this process has used, in all its threads: unlike elapsed
  /// time it hardly depends on what else the machine does.
  static func processorNanoseconds() -> UInt64 {
    UInt64(max(clock(), 0)) * (1_000_000_000 / UInt64(CLOCKS_PER_SEC))
  }

  /// Milliseconds since 1970 UTC.
  static func wallMilliseconds() -> UInt64 { UInt64(Date().timeIntervalSince1970 * 1000) }
}
