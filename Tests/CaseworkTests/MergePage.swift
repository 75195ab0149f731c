import Ledger
import Regions
import Testing

@testable import Casework

/// The tables of `docs/MERGE.md`, made by folding: what each kind does, and what becomes of every two
/// acts that two offices do at once.
struct MergePage {
  /// Who does the first act, and who the second.
  private enum Column: CaseIterable {
    case earlier, sameTime, higher, founder
  }

  private let city: Office
  private let districts: [Office]
  private let townships: [Office]
  /// Offices that only bring an entity to its stage.
  private let helpers: [Office]

  init() throws {
    city = try Office("city", .city)
    districts = try ["d1", "d2"].map { try Office($0, .district) }
    townships = try ["t1", "t2"].map { try Office($0, .township) }
    helpers = try [Office("t9", .township), Office("d9", .district), city]
  }

  /// The generated part of the page.
  func text() throws -> String {
    var lines: [String] = []
    let library = ProcessLibrary.shipped
    for process in library.hashes.compactMap({ library[$0] }) {
      for family in process.families {
        lines += ["", "### \(family.chinese) \(family.name)", ""]
        lines += kinds(of: family, movers: process.movers) + [""]
        lines += try pairs(of: family, in: process)
      }
    }
    lines += try MergeDecisions().lines()
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: kinds

  private func kinds(of family: Family, movers: Actors) -> [String] {
    let rows = family.kinds.map { rule in
      "| `\(rule.kind)` \(rule.chinese) | \(Self.slot(of: rule, in: family)) "
        + "| \(Self.words(rule.actors)) |"
    }
    return ["| kind | slot and effect | who |", "|---|---|---|"] + rows
  }

  private static func slot(of rule: KindRule, in family: Family) -> String {
    switch rule.effect {
    case .found(let handover):
      "stage: founds, at `\(family.stages[0].key)`; handled by \(words(handover))"
    case .move(let from, let to, let handover):
      "stage: \(from.map { "`\($0)`" }.joined(separator: ", ")) to `\(to)`; handled by "
        + words(handover)
    case .field:
      "one a field: \(family.fields.map { "`\($0.name)`" }.joined(separator: ", "))"
    case .whole(let slot): "`\(slot)`"
    case .fact: "none: a fact"
    case .note: "none: a note, which calls for no review"
    }
  }

  private static func words(_ handover: Handover) -> String {
    switch handover {
    case .keeps: "whom it was"
    case .named: "those named"
    case .giver: "who handed it over"
    case .actor: "who acts"
    case .ordered: "whom it was, due as ordered"
    }
  }

  private static func words(_ actors: Actors) -> String {
    let tiers =
      actors.tiers == Tier.allCases.sorted()
      ? "any tier" : actors.tiers.map(\.name).joined(separator: ", ")
    let places = actors.places.map(\.rawValue).joined(separator: " or ")
    return tiers + (places.isEmpty ? "" : "; the \(places)")
  }

  // MARK: pairs

  private struct Row: Hashable {
    let act: String
    let stage: String
    let cells: [String]
  }

  private func pairs(of family: Family, in process: Process) throws -> [String] {
    let acts = MergeAct.all(of: family, rules: process.hash, named: [])
    var situations = MergeSituations(process, family)
    var rows: [(row: Row, against: [String])] = []
    for first in acts {
      for second in acts {
        let row = try row(first, second, family, process, &situations)
        if let index = rows.firstIndex(where: { $0.row == row }) {
          rows[index].against.append(second.name)
        } else {
          rows.append((row, [second.name]))
        }
      }
    }
    for act in acts {
      try #require(
        rows.contains { $0.row.act == act.name && $0.row.stage != "-" },
        "\(act.name) of \(family.name) is played nowhere")
    }
    let head = [
      "| act | against | at | it is earlier | same time | it is of a higher tier | it is the founder's |",
      "|---|---|---|---|---|---|---|",
    ]
    return head
      + rows.map { row, against in
        let names = against.map { "`\($0)`" }.joined(separator: ", ")
        return "| `\(row.act)` | \(names) | \(row.stage) | "
          + row.cells.joined(separator: " | ") + " |"
      }
  }

  /// The outcome of two acts at the first stage that lets the most columns be played.
  private func row(
    _ first: MergeAct, _ second: MergeAct, _ family: Family, _ process: Process,
    _ situations: inout MergeSituations
  ) throws -> Row {
    var best: (count: Int, row: Row) = (0, Row(act: first.name, stage: "-", cells: []))
    for stage in family.stages {
      let cells = try Column.allCases.map {
        try cell($0, first, second, at: stage.key, process, &situations)
      }
      let count = cells.count { $0 != nil }
      guard count > best.count else { continue }
      best = (
        count,
        Row(act: first.name, stage: "`\(stage.key)`", cells: cells.map { $0 ?? "-" })
      )
    }
    guard best.count == 0 else { return best.row }
    return Row(
      act: first.name, stage: "-",
      cells: ["never both allowed"] + Column.allCases.dropFirst().map { _ in "-" })
  }

  private func cell(
    _ column: Column, _ first: MergeAct, _ second: MergeAct, at stage: String, _ process: Process,
    _ situations: inout MergeSituations
  ) throws -> String? {
    for (a, b) in authors(column) {
      for founder in column == .founder ? [a] : helpers + [a, b] {
        let regions = [a.region, b.region]
        let acts = [first, second].map { $0.naming(regions) }
        if let situation = try situations.fork(
          at: stage, (acts[0], a), (acts[1], b), founder: founder, helpers: helpers)
        {
          return try outcome(column, of: situation, (acts[0], a), (acts[1], b))
        }
      }
    }
    return nil
  }

  private func authors(_ column: Column) -> [(Office, Office)] {
    let (d, t) = (districts, townships)
    switch column {
    case .earlier, .sameTime:
      return [(t[0], t[1]), (d[0], d[1]), (t[0], t[0]), (d[0], d[0]), (city, city)]
    case .higher: return [(city, t[0]), (city, d[0]), (d[0], t[0])]
    case .founder: return [(t[0], city), (d[0], city)]
    }
  }

  /// The later of two acts has the advantage of rank, so that it shows that rank goes first.
  private func outcome(
    _ column: Column, of situation: MergeSituations.Situation, _ first: (act: MergeAct, by: Office),
    _ second: (act: MergeAct, by: Office)
  ) throws -> String {
    let times: (UInt64, UInt64) =
      switch column {
      case .earlier: (1_000, 2_000)
      case .sameTime: (1_000, 1_000)
      case .higher, .founder: (2_000, 1_000)
      }
    var sample = situation.sample
    let a = try sample.write(
      first.act.kind, first.act.body, by: first.act.by(first.by), at: times.0,
      on: [situation.last])
    let b = try sample.write(
      second.act.kind, second.act.body, by: second.act.by(second.by), at: times.1,
      on: [situation.last])
    let result = sample.fold()
    let review = result.state?.needsReview == true ? ", review needed" : ""
    let outcomes = [a, b].map { result.outcomes[$0.event.hash] }
    switch (outcomes[0], outcomes[1]) {
    case (.effective, .effective): return "both stand" + review
    case (.effective, .ineffective(.superseded)), (.ineffective(.superseded), .effective):
      let isFirst = outcomes[0] == .effective
      guard column == .sameTime else { return isFirst ? "it stands" : "the other stands" }
      try #require(isFirst == (a.event.hash < b.event.hash), "the lower hash stands")
      return "the lower hash stands"
    default:
      return [("it", outcomes[0]), ("the other", outcomes[1])].compactMap { name, outcome in
        guard case .ineffective(let reason) = outcome else { return nil }
        return "\(name): \(reason.rawValue)"
      }.joined(separator: ", ")
    }
  }
}
