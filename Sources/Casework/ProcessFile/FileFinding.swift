import Regions

/// One thing that is wrong in a file, with its exact place, in both languages.
package struct FileFinding: Hashable, Sendable, Comparable {
  /// From 1.
  package let line: Int
  /// From 1, counted in Unicode scalars.
  package let column: Int
  /// The stable word for logs and JSON, as an open set.
  package let code: String
  /// What is wrong and what to do.
  package let chinese: String
  /// What is wrong and what to do.
  package let english: String

  package static func < (a: FileFinding, b: FileFinding) -> Bool {
    if (a.line, a.column) != (b.line, b.column) { return (a.line, a.column) < (b.line, b.column) }
    return bytesAscend(a.code + a.english, b.code + b.english)
  }

  init(_ finding: TopologyFinding) {
    self.init(
      line: finding.line, column: finding.column, code: finding.code.rawValue,
      chinese: finding.message(in: .zh) + finding.cure(in: .zh),
      english: finding.message(in: .en) + " " + finding.cure(in: .en))
  }

  init(line: Int, column: Int, code: String, chinese: String, english: String) {
    self.line = line
    self.column = column
    self.code = code
    self.chinese = chinese
    self.english = english
  }
}
