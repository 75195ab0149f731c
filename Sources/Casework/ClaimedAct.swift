package import Ledger

/// What an act of an imported history claims to have been in the older system (原系统所载): the stamp is
/// of the import, so time and person stand in the body, under ``key``.
package struct ClaimedAct: Hashable, Sendable {
  /// The entry of a body. No act takes it, so nothing but an import writes it.
  package static let key = "claimed"

  /// When it was done, in milliseconds since 1970 UTC.
  package let atMilliseconds: Int64
  /// Who did it, as the older system names him.
  package let by: String?
  /// By when it was ordered to be done, in milliseconds since 1970 UTC, where that was over at the
  /// import.
  package let dueMilliseconds: Int64?

  package init(atMilliseconds: Int64, by: String? = nil, dueMilliseconds: Int64? = nil) {
    self.atMilliseconds = atMilliseconds
    self.by = by
    self.dueMilliseconds = dueMilliseconds
  }

  /// Reads a body, which anybody may have written; `nil` where it claims nothing.
  package init?(body: CanonicalValue) {
    guard let claim = body[Self.key], let at = claim["at"]?.integer else { return nil }
    self.init(
      atMilliseconds: at, by: claim["by"]?.text, dueMilliseconds: claim["due"]?.integer)
  }

  /// The value as a body holds it: `{at, by?, due?}`.
  package var value: CanonicalValue {
    var entries: [String: CanonicalValue] = ["at": .integer(atMilliseconds)]
    entries["by"] = by.map { .text($0) }
    entries["due"] = dueMilliseconds.map { .integer($0) }
    return .map(entries)
  }
}
