/// The clock rule of a stage, or of the whole handling of a case.
package struct StageLimit: Hashable, Sendable {
  package enum Base: Hashable, Sendable {
    /// The same for every case.
    case fixed(TimeLimit)
    /// The due time stands in the case itself, as in an order to rectify (责令改正). Without one the
    /// fallback holds, and without that the stage is not limited.
    case asOrdered(fallback: TimeLimit?)
  }

  /// When the levels are reached.
  package struct Warnings: Hashable, Sendable {
    package let reminder: WarningPoint?
    package let yellow: WarningPoint
    package let orange: WarningPoint
    package let red: WarningPoint

    package init(
      reminder: WarningPoint? = nil, yellow: WarningPoint, orange: WarningPoint, red: WarningPoint
    ) {
      self.reminder = reminder
      self.yellow = yellow
      self.orange = orange
      self.red = red
    }

    /// Those of an operational stage that names none: a reminder at 80 % of the limit, yellow at the
    /// limit, orange at 150 % and red at 200 % of it.
    package static let operational = Warnings(
      reminder: .percent(80), yellow: .percent(100), orange: .percent(150), red: .percent(200))
  }

  package let base: Base
  /// In place of the fixed limit or the fallback for an urgent case. An ordered due time holds
  /// whether the case is urgent or not.
  package let urgent: TimeLimit?
  /// Whether the limit is one of the law (法定时限) and not one of the office's own.
  package let isStatutory: Bool
  package let warnings: Warnings
  private let standingPlan: LimitPlan?
  private let urgentPlan: LimitPlan?
  private let orderedPlan: LimitPlan?

  /// Checks that the parts fit together:
  /// - The levels come in the order reminder, yellow, orange, red, each no earlier than the one before;
  ///   to be comparable, warnings from entry have the limit's unit, and those after the due time one
  ///   unit.
  /// - Where the due time may be ordered, every level is `due` or later: nothing else can be counted.
  /// - Where there is an urgent limit, no level is a fixed time from entry, which would not follow it.
  /// - A fixed statutory limit is yellow before the limit and red at it.
  ///
  /// - Parameter warnings: may be left out for a fixed operational limit, which then has
  ///   ``Warnings/operational``.
  /// - Throws: `LimitError` where they do not.
  package init(
    base: Base, urgent: TimeLimit? = nil, isStatutory: Bool = false, warnings: Warnings? = nil
  ) throws(LimitError) {
    let levels: Warnings
    if let warnings {
      levels = warnings
    } else {
      levels = try Self.standardWarnings(base: base, isStatutory: isStatutory)
    }
    if urgent != nil { try levels.checkFollowUrgentLimit() }
    let warnsBefore: Bool
    switch base {
    case .fixed(let limit):
      warnsBefore = isStatutory
      standingPlan = try LimitPlan(limit: limit, warnings: levels, warnsBefore: warnsBefore)
      orderedPlan = nil
    case .asOrdered(let fallback):
      warnsBefore = false
      // Every level is the due time or later, and so the same for the fallback.
      let plan = try LimitPlan(limit: nil, warnings: levels)
      standingPlan = fallback.map { LimitPlan(limit: $0, offsets: plan.offsets) }
      orderedPlan = plan
    }
    if let urgent {
      urgentPlan = try LimitPlan(limit: urgent, warnings: levels, warnsBefore: warnsBefore)
    } else {
      urgentPlan = nil
    }
    self.base = base
    self.urgent = urgent
    self.isStatutory = isStatutory
    self.warnings = levels
  }

  /// What holds for a case; `nil` where it is not limited.
  func plan(isOrdered: Bool, isUrgent: Bool) -> LimitPlan? {
    if isOrdered, let orderedPlan { return orderedPlan }
    if isUrgent, let urgentPlan { return urgentPlan }
    return standingPlan
  }

  private static func standardWarnings(
    base: Base, isStatutory: Bool
  ) throws(LimitError) -> Warnings {
    guard case .fixed = base, !isStatutory else {
      throw LimitError(
        .missingWarnings, chinese: "法定时限和以文书为准的期限没有默认预警：请写明黄、橙、红三级",
        english: """
          a statutory limit and an ordered due time have no standard warnings: give yellow, orange \
          and red
          """)
    }
    return .operational
  }
}

extension StageLimit.Warnings {
  /// The levels that there are, in their order.
  var points: [(level: WarningLevel, point: WarningPoint)] {
    let scored: [(level: WarningLevel, point: WarningPoint)] = [
      (.yellow, yellow), (.orange, orange), (.red, red),
    ]
    guard let reminder else { return scored }
    return [(.reminder, reminder)] + scored
  }

  fileprivate func checkFollowUrgentLimit() throws(LimitError) {
    for (_, point) in points {
      guard case .afterEntry = point else { continue }
      throw LimitError(
        .unsuitable, chinese: "有紧急时限时，预警“\(point)”不能写成固定时长：请写成时限的百分比，如 150%",
        english: """
          beside an urgent limit the warning '\(point)' cannot be a fixed time from entry: write it \
          as a part of the limit, like 150%
          """)
    }
  }
}
