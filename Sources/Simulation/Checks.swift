/// How often each invariant was asked, and how often it did not hold.
struct Checks {
  struct Tally {
    var checked = 0
    var failed = 0
  }

  private(set) var tallies: [String: Tally] = [:]

  /// Asks once more.
  ///
  /// - Throws: `CheckFailure` where it does not hold.
  mutating func expect(
    _ name: String, _ holds: Bool, about: @autoclosure () -> [String] = [],
    _ detail: () -> String
  ) throws {
    tallies[name, default: Tally()].checked += 1
    guard !holds else { return }
    tallies[name, default: Tally()].failed += 1
    throw CheckFailure(check: name, detail: detail(), about: about())
  }
}

/// An invariant that does not hold.
struct CheckFailure: Error, CustomStringConvertible {
  let check: String
  let detail: String
  /// Regions, entities and events that it is about, as a trace names them.
  let about: [String]

  var description: String { "\(check): \(detail)" }
}
