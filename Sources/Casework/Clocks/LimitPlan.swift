/// A limit with its levels, known to be in order.
struct LimitPlan: Hashable, Sendable {
  /// `nil` where the due time is ordered.
  let limit: TimeLimit?
  let offsets: [WarningLevel: WarningOffset]

  init(limit: TimeLimit, offsets: [WarningLevel: WarningOffset]) {
    self.limit = limit
    self.offsets = offsets
  }

  /// - Parameter warnsBefore: whether yellow must come before the limit and red at it.
  /// - Throws: `LimitError` where the levels are not in order or cannot be compared.
  init(
    limit: TimeLimit?, warnings: StageLimit.Warnings, warnsBefore: Bool = false
  ) throws(LimitError) {
    var offsets: [WarningLevel: WarningOffset] = [:]
    var former: (level: WarningLevel, point: WarningPoint, offset: WarningOffset)?
    for (level, point) in warnings.points {
      let offset = try point.offset(from: limit)
      if let former {
        try Self.check(
          former.offset.precedes(offset), "\(former.level.rawValue) '\(former.point)'",
          "\(level.rawValue) '\(point)'")
      }
      former = (level, point, offset)
      offsets[level] = offset
    }
    self.limit = limit
    self.offsets = offsets
    if warnsBefore { try checkWarnsBefore() }
  }

  private func checkWarnsBefore() throws(LimitError) {
    guard case .before = offsets[.yellow], offsets[.red] == .due else {
      throw LimitError(
        .unsuitable, chinese: "法定时限应在到期前预警、到期时为红色：请把黄色提前，红色写成 due",
        english: """
          a statutory limit warns before it is up and is red when it is: set yellow earlier, and \
          red to due
          """)
    }
  }

  private static func check(
    _ isInOrder: Bool?, _ former: String, _ latter: String
  ) throws(LimitError) {
    switch isInOrder {
    case true: return
    case false:
      throw LimitError(
        .outOfOrder, chinese: "预警次序颠倒，\(latter) 早于 \(former)：请由早到晚排列",
        english: "\(latter) comes before \(former): put the levels in ascending order")
    case nil:
      throw LimitError(
        .unitsDiffer, chinese: "\(former) 与 \(latter) 单位不同，无法比较：请改用同一单位",
        english: "\(former) and \(latter) have different units: use one unit")
    }
  }
}
