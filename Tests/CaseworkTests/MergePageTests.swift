import Foundation
import Testing

/// `docs/MERGE.md` says what the code does.
struct MergePageTests {
  private static let begin = "<!-- made by MergePageTests: begin -->\n"
  private static let end = "<!-- made by MergePageTests: end -->\n"

  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/MERGE.md")

  /// With `LIANDONG_WRITE_MERGE=1` the tables are written instead of compared.
  @Test func `the tables of the page are those of the code`() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let begin = try #require(text.range(of: Self.begin))
    let end = try #require(text.range(of: Self.end))
    let made = try MergePage().text()
    // A table without these would prove nothing.
    for word in [
      "it stands", "both stand, review needed", "the lower hash stands", "the lower hash counts",
      "already_decided", "not_authorised", "2 new and open",
    ] {
      #expect(made.contains(word))
    }
    if ProcessInfo.processInfo.environment["LIANDONG_WRITE_MERGE"] == "1" {
      let written = text[..<begin.upperBound] + made + text[end.lowerBound...]
      try String(written).write(to: Self.page, atomically: true, encoding: .utf8)
      print("wrote \(Self.page.path)")
      return
    }
    let found = text[begin.upperBound..<end.lowerBound].split(separator: "\n")
    let expected = made.split(separator: "\n")
    let different = zip(found, expected).first { $0 != $1 }
    let isSame = found == expected
    #expect(
      isSame,
      """
      docs/MERGE.md differs from the code, first at \(different?.1 ?? "its end"): look at the change, \
      then run this test with LIANDONG_WRITE_MERGE=1
      """)
  }
}
