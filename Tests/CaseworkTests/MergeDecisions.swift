import Ledger
import Regions
import Testing

@testable import Casework

/// The part of `docs/MERGE.md` about decisions, made by folding: two acts of one slot rival, nobody
/// has decided yet, and the two fork from there.
struct MergeDecisions {
  /// Who acts, and when.
  private typealias Side = (by: Office, at: UInt64)

  private let city: Office
  private let township: Office
  private let other: Office
  private let process = Process.firstCut

  init() throws {
    city = try Office("city", .city)
    township = try Office("t1", .township)
    other = try Office("t2", .township)
  }

  /// The generated part of the page.
  func lines() throws -> [String] {
    let head = [
      "", "### Decisions", "",
      "A decision needs an open conflict, so `\(Process.conflictDecidedKind)` is in no table above.",
      "",
    ]
    return head + (try againstActs()) + [""] + (try againstDecisions()) + [""]
      + (try MergeDecisionCases().lines())
  }

  // MARK: against another act

  private func againstActs() throws -> [String] {
    let family = try #require(process.family(named: "lead"))
    var rows: [(cells: [String], acts: [String])] = []
    for act in MergeAct.all(of: family, rules: process.hash, named: []) {
      let cells = try cells(against: act.naming([township.region]))
      guard cells.contains(where: { $0 != nil }) else { continue }
      let words = cells.map { $0 ?? "-" }
      if let index = rows.firstIndex(where: { $0.cells == words }) {
        rows[index].acts.append("`\(act.name)`")
      } else {
        rows.append((words, ["`\(act.name)`"]))
      }
    }
    return [
      "| a decision against | it is earlier | it is later | it is of a higher tier | the act is of a higher tier |",
      "|---|---|---|---|---|",
    ] + rows.map { "| \($0.acts.joined(separator: ", ")) | \($0.cells.joined(separator: " | ")) |" }
  }

  private func cells(against act: MergeAct) throws -> [String?] {
    func equal(_ first: UInt64, _ second: UInt64) throws -> String? {
      try outcome((township, first), act, (other, second))
        ?? outcome((city, first), act, (city, second))
    }
    return [
      try equal(1_000, 2_000), try equal(2_000, 1_000),
      try outcome((city, 2_000), act, (township, 1_000)),
      try outcome((township, 1_000), act, (city, 2_000)),
    ]
  }

  /// - Returns: `nil` where the author may not do the act.
  private func outcome(_ decider: Side, _ act: MergeAct, _ author: Side) throws -> String? {
    var fork = try MergeConflict.signedTwice()
    let before = try fork.sample.state()
    guard fork.sample.folder.refusal(of: act.kind, on: before, by: author.by.actor) == nil else {
      return nil
    }
    let decision = try fork.decide(.confirmed, by: decider.by, at: decider.at)
    let event = try fork.sample.write(
      act.kind, act.body, by: author.by, at: author.at, on: fork.heads)
    let (outcomes, state) = (fork.sample.fold().outcomes, try fork.sample.state())
    let failures = [("it", decision), ("the act", event)].compactMap { name, input in
      MergeConflict.failure(outcomes[input.event.hash]).map { "\(name): \($0)" }
    }
    let words = failures.isEmpty ? "both stand" : failures.joined(separator: ", ")
    return words + (state.needsReview ? ", review needed" : "") + "; " + fork.words(state)
  }

  // MARK: against another decision

  private func againstDecisions() throws -> [String] {
    let lead = MergeConflict.signedTwice
    let district = try Office("d1", .district)
    var lines = [
      "| a decision against | it is earlier | same time | it is of a higher tier, though later | it is the founder's, though later |",
      "|---|---|---|---|---|",
    ]
    for (first, second) in [
      (Decision.Verdict.confirmed, Decision.Verdict.confirmed), (.confirmed, .redone),
      (.redone, .confirmed), (.redone, .redone),
    ] {
      let cells = [
        try outcome(try lead(), (first, (township, 1_000)), (second, (other, 2_000))),
        try outcome(try lead(), (first, (township, 1_000)), (second, (other, 1_000))),
        try outcome(try lead(), (first, (district, 2_000)), (second, (township, 1_000))),
        try outcome(
          try MergeConflict.directiveEndedTwice(), (first, (district, 2_000)),
          (second, (city, 1_000))),
      ]
      lines.append(
        "| `\(first.rawValue)` against `\(second.rawValue)` | \(cells.joined(separator: " | ")) |")
    }
    return lines
  }

  private func outcome(
    _ fork: MergeConflict, _ first: (verdict: Decision.Verdict, side: Side),
    _ second: (verdict: Decision.Verdict, side: Side)
  ) throws -> String {
    var fork = fork
    let a = try fork.decide(first.verdict, by: first.side.by, at: first.side.at)
    let b = try fork.decide(second.verdict, by: second.side.by, at: second.side.at)
    let outcomes = fork.sample.fold().outcomes
    let isFirst = outcomes[a.event.hash] == .effective
    let (winner, loser) = isFirst ? (a, b) : (b, a)
    let state = try fork.sample.state()
    #expect(state.conflicts.map(\.decision?.event) == [winner.event.hash])
    let reason = try #require(MergeConflict.failure(outcomes[loser.event.hash]))
    let isDrawn = first.side.at == second.side.at && first.side.by.tier == second.side.by.tier
    guard isDrawn else {
      let words = isFirst ? "it counts, the other" : "the other counts, it"
      return "\(words): \(reason); \(fork.words(state))"
    }
    #expect(isFirst == (a.event.hash < b.event.hash))
    return "the lower hash counts, the other: \(reason)"
  }
}
