import Ledger

/// Finds what the other side's noted set has and ours lacks, while the other side finds the reverse.
///
/// The driver sends claims, the responder answers each frame of them with exactly one frame, and a
/// frame without claims from the driver ends the comparison. What crosses the wire follows the
/// difference of the sets, not their size.
package struct RangeComparison: Sendable {
  /// The most claims that the driver puts into one frame; it bounds the answer's size.
  package static let claimsPerFrame = 16
  /// The most events that one answer lists; the rest of its range is claimed anew.
  package static let itemsPerAnswer = 1_024
  /// The most replies that wait for their turn at the driver. A frame's answer adds 4,096 at most, a
  /// frame later each stands for a 256th of its range, and ten million events end after three.
  package static let maximumOpenClaims = 65_536

  private let set: NotedSet
  private var open: [RangeClaim] = []
  /// The events that the other side has and we do not.
  package private(set) var missing: Set<SetKey> = []
  /// Whether the driver has said, or the responder heard, that nothing is left.
  package private(set) var isComplete = false

  package init(of set: NotedSet) { self.set = set }

  /// The number of replies that wait for their turn.
  package var openClaims: Int { open.count }

  /// The driver's first frame: one claim about everything.
  package mutating func begin() -> [RangeClaim] {
    [
      RangeClaim(
        lower: .lowest, upper: nil,
        content: .fingerprint(set.fingerprint(set.places(from: .lowest, before: nil))))
    ]
  }

  /// The driver's next frame after an answer; empty when nothing is left.
  package mutating func proceed(after answer: [RangeClaim]) -> [RangeClaim] {
    for claim in answer { open += reply(to: claim) }
    let frame = Array(open.suffix(Self.claimsPerFrame))
    open.removeLast(frame.count)
    isComplete = frame.isEmpty
    return frame
  }

  /// The responder's answer to a frame; `nil` after the last frame, which wants none.
  package mutating func answer(to claims: [RangeClaim]) -> [RangeClaim]? {
    guard !claims.isEmpty else {
      isComplete = true
      return nil
    }
    return claims.flatMap { reply(to: $0) }
  }

  private mutating func reply(to claim: RangeClaim) -> [RangeClaim] {
    let places = set.places(from: claim.lower, before: claim.upper)
    switch claim.content {
    case .fingerprint(let fingerprint):
      if set.fingerprint(places) == fingerprint { return [] }
      if places.count <= ReplicationBounds.itemsPerClaim {
        return [
          RangeClaim(
            lower: claim.lower, upper: claim.upper, content: .items(Array(set.keys[places])))
        ]
      }
      return divide(claim, places)
    case .items(let items):
      note(items)
      let listed = places.prefix(Self.itemsPerAnswer)
      guard listed.count < places.count else {
        return [
          RangeClaim(
            lower: claim.lower, upper: claim.upper, content: .answer(Array(set.keys[places])))
        ]
      }
      let middle = set.keys[listed.endIndex]
      return [
        RangeClaim(lower: claim.lower, upper: middle, content: .answer(Array(set.keys[listed]))),
        RangeClaim(
          lower: middle, upper: claim.upper,
          content: .fingerprint(set.fingerprint(listed.endIndex..<places.upperBound))),
      ]
    case .answer(let items):
      note(items)
      return []
    }
  }

  private mutating func note(_ items: [SetKey]) {
    for item in items where !set.contains(item) { missing.insert(item) }
  }

  private func divide(_ claim: RangeClaim, _ places: Range<Int>) -> [RangeClaim] {
    let step = (places.count + ReplicationBounds.branching - 1) / ReplicationBounds.branching
    var lower = claim.lower
    return stride(from: places.lowerBound, to: places.upperBound, by: step).map { first in
      let end = min(first + step, places.upperBound)
      let upper = end == places.upperBound ? claim.upper : set.keys[end]
      defer { lower = upper ?? lower }
      return RangeClaim(
        lower: lower, upper: upper, content: .fingerprint(set.fingerprint(first..<end)))
    }
  }
}
