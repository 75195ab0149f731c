/// The history of one row as a mapping tells it, on its way to the node: words as the table has them,
/// of which only the times are read.
package struct ImportHistory: Codable, Hashable, Sendable {
  /// One act that was done in the older system.
  package struct Step: Codable, Hashable, Sendable {
    /// As the mapping names it.
    package let act: String
    /// When it was done, in milliseconds since 1970 UTC.
    package let at: Int64
    package var by: String?
    /// The role in which it is written; `nil` for the importer's own.
    package var role: String?
    /// The units that handled the lead from then on, the lead unit first.
    package var to: [String] = []
    package var department: String?
    /// By when it was to be done, in milliseconds since 1970 UTC.
    package var due: Int64?
    /// What the body holds, by name.
    package var values: [String: String] = [:]
    /// The names under which the body holds the events of an act of the same history.
    package var events: [String: String] = [:]

    package init(act: String, at: Int64) {
      self.act = act
      self.at = at
    }
  }

  /// The row's id in the older system.
  package let sourceID: String
  /// The word of the table for the stage, and the stages that it may mean.
  package let stageWord: String
  package let stages: [String]
  /// In the order in which they were done.
  package let steps: [Step]

  /// The history's bytes in a request, about.
  var byteEstimate: Int {
    steps.reduce(sourceID.utf8.count) { sum, step in
      let texts =
        [step.act, step.by ?? "", step.role ?? "", step.department ?? ""] + step.to
        + step.values.flatMap { [$0.key, $0.value] } + step.events.flatMap { [$0.key, $0.value] }
      return texts.reduce(sum + Self.stepOverhead) { $0 + $1.utf8.count }
    }
  }

  private static let stepOverhead = 256
}

extension ImportHistory {
  private static let shanghaiMilliseconds: Int64 = 8 * 3_600_000
  private static let dayMilliseconds: Int64 = 86_400_000

  /// The day in China that a time falls on, counted from 1970-01-01.
  static func day(of milliseconds: Int64) -> Int64 {
    let (day, rest) = (milliseconds + shanghaiMilliseconds)
      .quotientAndRemainder(dividingBy: dayMilliseconds)
    return rest < 0 ? day - 1 : day
  }

  /// Whether a time is only a day, as tables write it: its beginning in China.
  private static func isWholeDay(_ milliseconds: Int64) -> Bool {
    (milliseconds + shanghaiMilliseconds) % dayMilliseconds == 0
  }

  /// Steps in the order in which they were done: by day, and within a day by time unless one of that
  /// day has no time of day. Where times do not tell, the given order does.
  static func inOrder(_ steps: [Step]) -> [Step] {
    let byDay = Dictionary(grouping: steps) { day(of: $0.at) }
    return byDay.sorted { $0.key < $1.key }.flatMap { _, steps in
      guard !steps.contains(where: { isWholeDay($0.at) }) else { return steps }
      return steps.enumerated()
        .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }
  }
}
