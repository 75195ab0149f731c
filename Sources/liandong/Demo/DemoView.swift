import Regions

/// What the demonstration shows while it runs: a table that is redrawn on a terminal, and plain lines
/// elsewhere.
final class DemoView {
  struct Position {
    let region: String
    let commits: Int64
    let events: UInt64
    let leads: Int64
    let backlog: UInt64
    let oldestMilliseconds: UInt64?
  }

  private let output: Output
  private let isTerminal: Bool
  private let now: () -> UInt64
  private var drawnLines = 0

  init(output: Output, isTerminal: Bool, now: @escaping () -> UInt64) {
    self.output = output
    self.isTerminal = isTerminal
    self.now = now
  }

  /// A step begins.
  func say(_ text: Text) {
    output.note(text)
    drawnLines = 0
  }

  /// Shows each node's position, backlog and lag.
  func show(_ positions: [Position]) {
    if isTerminal, drawnLines > 0 { output.rewind(lines: drawnLines) }
    for position in positions {
      let lag = position.oldestMilliseconds.map { (now() - min($0, now())) / 1000 } ?? 0
      output.note(
        .demoPosition(
          region: position.region, commits: position.commits, events: position.events,
          leads: position.leads, backlog: position.backlog, lagSeconds: lag))
    }
    drawnLines = positions.count
  }
}
