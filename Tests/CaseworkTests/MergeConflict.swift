import Ledger
import Regions
import Testing

@testable import Casework

/// An entity with one open conflict, for the part of the merge page about decisions.
struct MergeConflict {
  var sample: SampleCase
  /// What the two rivals rest on.
  let before: FoldInput
  /// The two rivals, the provisional winner first.
  let heads: [FoldInput]
  let pair: Conflict

  private init(_ sample: SampleCase, before: FoldInput, _ heads: [FoldInput]) throws {
    (self.sample, self.before, self.heads) = (sample, before, heads)
    let state = try sample.state()
    pair = try #require(state.conflicts.first)
    try #require(state.openConflictCount == 1)
    try #require([pair.winner, pair.loser] == heads.map(\.event.hash))
  }

  /// A lead that the township `t4` reported and the district `d1` dispatched to `t1`, `t2` and `t3`;
  /// the first two signed for it at once.
  static func signedTwice() throws -> MergeConflict {
    let townships = try ["t1", "t2", "t3", "t4"].map { try Office($0, .township) }
    var lead = SampleCase()
    let root = try lead.report(by: townships[3], at: 1)
    let sent = try lead.act(
      .dispatch(to: townships.prefix(3).map(\.region)), by: Office("d1", .district), at: 2,
      on: [root])
    let early = try lead.act(.sign(), by: townships[0], at: 3, on: [sent])
    let late = try lead.act(.sign(), by: townships[1], at: 4, on: [sent])
    return try MergeConflict(lead, before: sent, [early, late])
  }

  /// A directive of the district `d1` that it completed and cancelled at once.
  static func directiveEndedTwice() throws -> MergeConflict {
    let issuer = try Office("d1", .district)
    var order = SampleCase()
    let issued = try order.write(
      DirectiveIssue(title: "停产", text: "应急").draft(
        rules: order.rules, salt: order.salt(), audience: []), by: issuer, at: 1)
    let early = try order.act(.completeDirective(), by: issuer, at: 3, on: [issued])
    let late = try order.act(.cancelDirective(reason: "撤销"), by: issuer, at: 4, on: [issued])
    return try MergeConflict(order, before: issued, [early, late])
  }

  /// Decides on the conflict, upon both rivals unless others are named.
  mutating func decide(
    _ verdict: Decision.Verdict, by office: Office, at milliseconds: UInt64,
    on parents: [FoldInput]? = nil
  ) throws -> FoldInput {
    try sample.act(.decide(pair, verdict), by: office, at: milliseconds, on: parents ?? heads)
  }

  /// What the state says of the conflict, and of others that came to it.
  func words(_ state: EntityState) -> String {
    var parts = ["gone"]
    if let own = state.conflicts.first(where: { $0.isSamePair(as: pair) }) {
      parts = [own.decision.map { "`\($0.verdict.rawValue)`" } ?? "open"]
    }
    let others = state.conflicts.filter { !$0.isSamePair(as: pair) }
    let open = others.count { $0.decision == nil }
    if open > 0 { parts.append("\(open) new and open") }
    if others.count > open { parts.append("\(others.count - open) new and decided") }
    return parts.joined(separator: ", ")
  }

  /// The reason for which an event has no effect.
  static func failure(_ outcome: Outcome?) -> String? {
    switch outcome {
    case .effective: nil
    case .ineffective(let reason): reason.rawValue
    case nil: "waits"
    }
  }
}
