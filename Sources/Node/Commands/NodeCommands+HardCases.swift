import Casework
import Ledger
import Store

/// A lead that needs more than the usual way (疑难件): schema `liandong.hard_case/1`.
package struct HardCaseAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let lead: LinkedLead
  /// Of `repeated`, `reopened` and `long_running` those that it meets.
  package let why: [String]
  /// The reports that are linked to it.
  package let reports: Int
  package let reopenings: Int
  /// Days since it was reported.
  package let days: Int
}

extension NodeCommands {
  private static let reopenedKind = "lead.reopened"
  private static let millisecondsPerDay: Int64 = 86_400_000
  /// The most days that may be asked for: beyond any lead's age.
  private static let mostDays = 36_500

  /// Lists leads that are reported again and again, were opened again, or run long without an end; those
  /// that meet the most criteria first.
  ///
  /// - Throws: `CommandError` of exit 65 for a number out of range.
  package func listHardCases(_ arguments: HardCaseArguments) throws -> [HardCaseAnswer] {
    let limit = try limit(arguments.limit)
    for (name, value) in [
      ("--reports", arguments.reports), ("--reopenings", arguments.reopenings),
      ("--days", arguments.days),
    ] where !(1...Self.mostDays).contains(value) {
      throw CommandError.field(
        name, zh: "应为 1 至 \(Self.mostDays)", en: "must be 1 to \(Self.mostDays)")
    }
    let now = Int64(clamping: core.wallMilliseconds())
    return try core.store.read { reader in
      let reports = Dictionary(
        try reader.incidents(limit: LeadFilter.maximumLimit).map { ($0.incident, $0.reports) },
        uniquingKeysWith: { first, _ in first })
      let reopenings = try reader.effectiveCounts(of: Self.reopenedKind)
      let old = try reader.leads(
        reportedBefore: now - Int64(arguments.days) * Self.millisecondsPerDay,
        notAt: endStages(), limit: LeadFilter.maximumLimit)
      let ids =
        Set(reports.filter { $0.value >= arguments.reports }.keys)
        .union(reopenings.filter { $0.value >= arguments.reopenings }.keys).union(old)
      let answers = try ids.sorted().compactMap { id -> HardCaseAnswer? in
        guard let state = try reader.entity(id)?.state, let lead = Lead(state) else { return nil }
        let (linkedReports, reopened) = (reports[id] ?? 0, reopenings[id] ?? 0)
        let since =
          lead.reportedAtMilliseconds ?? Int64(clamping: lead.header.foundedAtMilliseconds)
        let days = Int(max(0, now - max(since, 0)) / Self.millisecondsPerDay)
        let why = [
          ("repeated", linkedReports >= arguments.reports),
          ("reopened", reopened >= arguments.reopenings),
          ("long_running", days >= arguments.days && !isEnded(state)),
        ].filter(\.1).map(\.0)
        guard !why.isEmpty else { return nil }
        return HardCaseAnswer(
          schema: "liandong.hard_case/1", lead: try linked(id, in: reader), why: why,
          reports: linkedReports, reopenings: reopened, days: days)
      }
      return Array(
        answers.sorted {
          ($1.why.count, $1.days, $0.lead.id) < ($0.why.count, $0.days, $1.lead.id)
        }.prefix(limit))
    }
  }

  /// The stages of leads at which handling is over in every process that has them.
  private func endStages() -> Set<String> {
    let library = core.store.rules.library
    let stages = library.hashes.flatMap { library[$0]?.family(named: "lead")?.stages ?? [] }
    return Set(stages.filter(\.isEnd).map(\.key))
      .subtracting(stages.filter { !$0.isEnd }.map(\.key))
  }
}
