/// How far a clock has come: the reminder and the three warnings (预警), each later than the one
/// before it or at the same time.
package enum WarningLevel: String, CaseIterable, Sendable, Comparable {
  /// 提醒: tells the handler; not scored.
  case reminder
  /// 黄色.
  case yellow
  /// 橙色.
  case orange
  /// 红色.
  case red

  /// Whether reaching the level counts against the office.
  package var isScored: Bool { self != .reminder }

  private var rank: Int {
    switch self {
    case .reminder: 0
    case .yellow: 1
    case .orange: 2
    case .red: 3
    }
  }

  package static func < (a: WarningLevel, b: WarningLevel) -> Bool { a.rank < b.rank }
}
