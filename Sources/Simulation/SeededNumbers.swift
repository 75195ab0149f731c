import Ledger

/// SplitMix64: numbers that follow from a seed alone, on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 on and below `bound`; 0 where that is 0.
  mutating func below(_ bound: UInt64) -> UInt64 { bound == 0 ? 0 : next() % bound }

  mutating func index(below bound: Int) -> Int { Int(below(UInt64(max(bound, 0)))) }

  /// A number of the range.
  mutating func within(_ range: ClosedRange<UInt64>) -> UInt64 {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True in `share` of a thousand cases.
  mutating func permille(_ share: UInt64) -> Bool { below(1_000) < share }

  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      var word = next()
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  mutating func hash() -> Hash { Hash(of: bytes(Hash.byteCount)) }

  /// An element; `nil` of an empty list.
  mutating func pick<Element>(_ list: [Element]) -> Element? {
    list.isEmpty ? nil : list[index(below: list.count)]
  }

  /// A wait between happenings that come at a mean interval and know nothing of each other.
  ///
  /// It is geometric over 64ths of the mean, in whole numbers, so that no machine's logarithm enters.
  ///
  /// - Parameter mean: in milliseconds.
  mutating func wait(mean: UInt64) -> UInt64 {
    let step = max(mean / 64, 1)
    var wait = below(step) + 1
    // Half a thousand steps are eight means: longer waits hardly ever come.
    for _ in 0..<512 {
      if below(64) == 0 { break }
      wait += step
    }
    return wait
  }
}
