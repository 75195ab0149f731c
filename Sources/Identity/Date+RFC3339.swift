import FoundationEssentials

extension Date {
  /// RFC 3339 in UTC with whole seconds, for example `2026-11-23T08:00:00Z`.
  var rfc3339: String { formatted(.iso8601) }

  /// The moment without its fraction of a second, as certificates carry it.
  var wholeSeconds: Date {
    Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down))
  }
}
