/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): small, and the same numbers for
/// the same seed on every platform and in every version. Not for secrets.
package struct SplitMix64: Sendable {
  private var state: UInt64

  /// A generator that begins at this seed.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from zero to `bound - 1`; `bound` is positive.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "there is no number below \(bound)")
    // The bias of taking the high half of the product is below bound / 2^64.
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// One of the elements; there is at least one.
  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
