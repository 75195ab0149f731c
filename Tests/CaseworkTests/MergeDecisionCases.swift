import Ledger
import Regions
import Testing

@testable import Casework

/// The cases of `docs/MERGE.md` in which a decision is not merely concurrent with one other act.
struct MergeDecisionCases {
  private let city: Office
  private let stranger: Office
  /// Two rivals, and a third handler.
  private let townships: [Office]

  init() throws {
    city = try Office("city", .city)
    stranger = try Office("d2", .district)
    townships = try ["t1", "t2", "t3"].map { try Office($0, .township) }
  }

  /// A case: the acts in question by their names, and the entity after them.
  private struct Case {
    var fork: MergeConflict
    var acts: [(name: String, event: FoldInput)] = []

    init() throws { fork = try .signedTwice() }

    mutating func decides(
      _ name: String = "decision", _ verdict: Decision.Verdict = .confirmed, by office: Office,
      at milliseconds: UInt64 = 1_000, on parents: [FoldInput]? = nil
    ) throws {
      acts.append((name, try fork.decide(verdict, by: office, at: milliseconds, on: parents)))
    }

    mutating func does(
      _ name: String, _ act: Act, by office: Office, at milliseconds: UInt64 = 1_000,
      on parents: [FoldInput]
    ) throws {
      acts.append((name, try fork.sample.act(act, by: office, at: milliseconds, on: parents)))
    }

    /// Decides and changes the same slot, both on the heads as they are.
    mutating func redoes(by office: Office) throws {
      try decides("decision", .redone, by: office)
      try does("change", .dispatch(to: [office.region]), by: office, on: fork.heads)
    }

    func row(_ words: String) throws -> String {
      let outcomes = fork.sample.fold().outcomes
      let state = try fork.sample.state()
      let parts = acts.map { name, event in
        "\(name): \(MergeConflict.failure(outcomes[event.event.hash]) ?? "stands")"
      }
      let holder = acts.last { $0.event.event.hash == state.slots["stage"]?.event }?.name
      return "| \(words) | \(parts.joined(separator: ", ")) | \(fork.words(state)) "
        + "| \(holder ?? "the winner") |"
    }
  }

  func lines() throws -> [String] {
    [
      "| case | what becomes of the acts | the conflict | the slot's value is of |",
      "|---|---|---|---|",
    ] + (try whoMay()) + (try rivals()) + (try redone())
  }

  private func whoMay() throws -> [String] {
    var later = try Case()
    try later.decides("first", .confirmed, by: townships[0])
    let first = later.acts[0].event
    try later.decides("second", .redone, by: city, at: 2_000, on: [first])
    var outsider = try Case()
    try outsider.decides(by: stranger)
    var blind = try Case()
    try blind.decides(by: townships[1], on: [blind.fork.heads[1]])
    return [
      try later.row("the city decides otherwise after a township whose decision it has seen"),
      try outsider.row("a district decides that is neither handler, giver nor founder"),
      try blind.row("a handler decides that has seen one of the two rivals"),
    ]
  }

  private func rivals() throws -> [String] {
    var taken = try Case()
    try taken.decides(by: townships[0])
    try taken.does(
      "rival", .dispatch(to: [townships[2].region]), by: city, on: [taken.fork.before])
    var settled = taken
    for pair in try taken.fork.sample.state().conflicts {
      try settled.does(
        "new decision", .decide(pair, .confirmed), by: city, at: 2_000,
        on: settled.acts.map(\.event))
    }
    var lost = try Case()
    try lost.decides(by: townships[0])
    try lost.does("rival", .sign(), by: townships[2], on: [lost.fork.before])
    return [
      try taken.row("a third rival comes that goes before the winner: the city's"),
      try settled.row("the same, and the city then decides on each new conflict"),
      try lost.row("a third rival comes that goes after the winner"),
    ]
  }

  private func redone() throws -> [String] {
    var plain = try Case()
    try plain.redoes(by: townships[1])
    var above = try Case()
    try above.redoes(by: townships[1])
    try above.decides("the city's decision", .confirmed, by: city, at: 2_000)
    var beaten = try Case()
    try beaten.redoes(by: townships[1])
    try beaten.does(
      "the city's act", .dispatch(to: [townships[2].region]), by: city, at: 2_000,
      on: beaten.fork.heads)
    return [
      try plain.row("redo: decision and change in one commit on the same heads"),
      try above.row("redo, and at once the city confirms"),
      try beaten.row("redo, and at once the city acts in the same slot"),
    ]
  }
}
