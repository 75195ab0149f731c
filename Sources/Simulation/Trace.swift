import Replication

/// What happened, in words: only where somebody asked for it, since it costs more than the run.
final class Trace {
  private(set) var lines: [String] = []
  private let isOn: Bool
  private let start: UInt64
  /// The most lines that are kept; the oldest go first.
  private static let bound = 200_000

  init(isOn: Bool, start: UInt64 = 1_700_000_000_000) {
    self.isOn = isOn
    self.start = start
  }

  func note(_ now: UInt64, _ line: () -> String) {
    guard isOn else { return }
    if lines.count >= Self.bound { lines.removeFirst(Self.bound / 2) }
    let seconds = Double(now - min(start, now)) / 1_000
    lines.append("\(seconds) s: \(line())")
  }

  /// The last lines, all of them or those that matter to a failure: every line that names an event or
  /// entity of it, and what happened to its offices other than frames.
  func last(_ count: Int, about words: [String] = []) -> [String] {
    guard !words.isEmpty else { return Array(lines.suffix(count)) }
    let (names, offices) = (words.filter { $0.count >= Self.nameLength }, Set(words))
    let relevant = lines.filter { line in
      if names.contains(where: { line.contains($0) }) { return true }
      guard !line.contains(Self.frameMark) else { return false }
      return line.contains(" fault ")
        || line.split(separator: " ").contains { offices.contains(String($0)) }
    }
    return Array(relevant.suffix(count))
  }

  /// What stands between an office and the frame that reaches it.
  static let frameMark = " <- "
  /// Hashes and ids are named by so many characters at least; regions by fewer.
  private static let nameLength = 12
}

extension Frame {
  /// A few words for a trace.
  var summary: String {
    switch self {
    case .hello(let hello): "hello #\(hello.incarnation) \(hello.cursors)"
    case .trees(let shipment): "trees \(shipment.commits.count)"
    case .batch(let batch):
      "batch \(batch.lane) \(batch.start.position)...\(batch.end.position)"
    case .acknowledgement(let ack): "ack \(ack.lane) \(ack.position) \(ack.movesCursor)"
    case .noted(let noted): "noted \(noted.count)"
    case .compare(let claims): "compare \(claims.count)"
    case .want(let hashes): "want \(hashes.count)"
    case .repair(let shipment): "repair \(shipment.commits.count)"
    case .setAside(let notices): "set aside \(notices.count)"
    case .ping: "ping"
    case .goodbye(let goodbye): "goodbye \(goodbye.reason)"
    }
  }
}
