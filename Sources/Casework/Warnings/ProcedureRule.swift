package import Ledger

/// A procedure whose breach warns whatever the clock says (做不对), with the level of its warning.
///
/// The kinds that it looks at are those of the default process; in a process without them the rule
/// finds nothing.
package enum ProcedureRule: String, CaseIterable, Sendable {
  /// An inspection, order or spot check by one officer alone (Administrative Penalty Law 2021,
  /// article 42: two or more). One that names no officers is of a process that asks for none.
  case oneOfficer = "one_officer"
  /// A penalty without the notice that goes before it (article 44 of that law).
  case penaltyBeforeNotice = "penalty_before_notice"
  /// A close without a recheck since rectification was ordered or a penalty imposed.
  case closedWithoutRecheck = "closed_without_recheck"
  /// A recheck by an officer who inspected.
  case sameOfficerRechecks = "same_officer_rechecks"
  /// An act that claims a time later than that of its own writing, so that one of the two clocks was
  /// set.
  case backDated = "back_dated"
  /// A second return, and each one after it.
  case returnedAgain = "returned_again"

  package var level: WarningLevel {
    switch self {
    case .oneOfficer, .backDated: .yellow
    case .sameOfficerRechecks, .returnedAgain: .orange
    case .penaltyBeforeNotice, .closedWithoutRecheck: .red
    }
  }
}

/// An effective act as the procedure looks at it.
package struct ProcedureAct: Hashable, Sendable {
  package let event: Hash
  package let kind: String
  package let parents: [Hash]
  /// When it was written, in milliseconds since 1970 UTC.
  package let atMilliseconds: Int64
  package let body: CanonicalValue

  package init(
    event: Hash, kind: String, parents: [Hash], atMilliseconds: Int64, body: CanonicalValue
  ) {
    self.event = event
    self.kind = kind
    self.parents = parents
    self.atMilliseconds = atMilliseconds
    self.body = body
  }
}

/// Looks for breaches of procedure in the effective acts of a case.
package struct ProcedureCheck {
  /// One act and the rule that it broke.
  package struct Finding: Hashable, Sendable {
    package let rule: ProcedureRule
    package let act: ProcedureAct
  }

  /// How much later than its writing an act may claim to have been, in milliseconds.
  package static let clockTolerance: Int64 = 600_000

  private let acts: [ProcedureAct]

  /// - Parameter acts: parents before children.
  package init(_ acts: [ProcedureAct]) { self.acts = acts }

  /// The breaches, in the order of the acts. An act is judged by the acts before it alone, so a
  /// finding stays true whatever comes later, but for acts that were done apart and come in between.
  package var findings: [Finding] {
    var findings: [Finding] = []
    var course = Course()
    for act in acts {
      if !isImported(act) {
        findings += course.breaches(by: act).map { Finding(rule: $0, act: act) }
      }
      course.take(act)
    }
    return findings
  }

  /// Whether an act came with its founding from an older system. What was done there breaks no
  /// procedure of ours; an act written later that claims to be such is judged like any other.
  private func isImported(_ act: ProcedureAct) -> Bool {
    guard let founded = acts.first?.atMilliseconds else { return false }
    return act.atMilliseconds - founded <= Self.oneImport && ClaimedAct(body: act.body) != nil
  }

  /// How far apart the commits of one import may be, in milliseconds: they are written in one
  /// transaction, in which the clock's counter may run over.
  private static let oneImport: Int64 = 1

  /// What was done so far.
  private struct Course {
    var isNoticed = false
    var mustRecheck = false
    var returns = 0
    var inspectors: Set<String> = []

    func breaches(by act: ProcedureAct) -> [ProcedureRule] {
      let officers = Self.officers(of: act)
      var found: [ProcedureRule] = []
      if ["lead.inspected", "lead.ordered_on_site", "lead.spot_checked"].contains(act.kind),
        act.body["officers"] != nil, officers.count < 2
      {
        found.append(.oneOfficer)
      }
      if act.kind == "lead.penalised", !isNoticed { found.append(.penaltyBeforeNotice) }
      if act.kind == "lead.closed", mustRecheck { found.append(.closedWithoutRecheck) }
      if act.kind == "lead.rechecked", !inspectors.isDisjoint(with: officers) {
        found.append(.sameOfficerRechecks)
      }
      let latest = act.atMilliseconds + ProcedureCheck.clockTolerance
      if ["reported", "taken", "from", "until"].contains(where: {
        act.body[$0]?.integer ?? 0 > latest
      }) {
        found.append(.backDated)
      }
      if act.kind == "lead.returned", returns > 0 { found.append(.returnedAgain) }
      return found
    }

    mutating func take(_ act: ProcedureAct) {
      switch act.kind {
      case "lead.filed": isNoticed = false
      case "lead.penalty_noticed": isNoticed = true
      case "lead.rectification_ordered", "lead.penalised": mustRecheck = true
      case "lead.rechecked": mustRecheck = false
      case "lead.returned": returns += 1
      case "lead.inspected": inspectors.formUnion(Self.officers(of: act))
      default: break
      }
    }

    private static func officers(of act: ProcedureAct) -> Set<String> {
      Set(act.body["officers"]?.array?.compactMap(\.text) ?? [])
    }
  }
}
