import Crypto
import FoundationEssentials

extension NodeCore.Clocks {
  /// The machine's clocks and its generator of random bytes.
  package static let system: NodeCore.Clocks = {
    let start = ContinuousClock.now
    return NodeCore.Clocks(
      wallMilliseconds: { UInt64(max(0, Date().timeIntervalSince1970 * 1000)) },
      monotonicMilliseconds: { UInt64((ContinuousClock.now - start) / .milliseconds(1)) },
      randomBytes: { count in
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
      })
  }()
}
