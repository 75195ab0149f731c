import Casework
import Foundation
import Ledger
import Regions
import Testing

/// Duty lists: what is wrong is told with its line, and what is good survives the way through bytes.
@Suite struct DutyFileTests {
  static func shipped() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "topology/duties.yaml"), encoding: .utf8)
  }

  static func list(_ text: String) throws -> DutyList {
    switch DutyFile.parse(text) {
    case .list(let list): return list
    case .refused(let findings):
      try #require(findings.isEmpty, "\(findings)")
      throw CancellationError()
    }
  }

  /// A small list, into which tests put their faults.
  static let small = """
    duties: 1
    channels:
      phone: {zh: 电话, en: phone}
    types:
      air: {zh: 大气, en: air}
      dust: {zh: 扬尘, en: dust, kind: air, words: [工地]}
    departments:
      ecology: {zh: 生态环境, en: ecology, types: [air]}
    rows:
      first: {department: ecology, lead: district, with: [township], from: 2026-01-01, to: 2026-12-31}
    """

  @Test func `the shipped list is good, names every channel, and survives the way through bytes`()
    throws
  {
    let list = try Self.list(Self.shipped())
    #expect(DutyList(decoding: list.encoded) == list)
    #expect(list.channels.count == 26 && list.channels.allSatisfy(\.isEnabled))
    #expect(list.departments.count == 14 && list.department("township") != nil)
    #expect(list.channel("hotline_12345")?.demandsSourceID == true)
    #expect(list.channel("phone")?.demandsSourceID == false)
  }

  @Test(arguments: [
    ("duties: 1", "duties: 2", "unknown_layout", 1),
    ("duties: 1\n", "", "missing_key", 1),
    ("en: phone", "en: phone, open: true", "unknown_key", 3),
    ("en: phone", "en: phone, enabled: maybe", "wrong_type", 3),
    ("zh: 电话, en: phone", "zh: 电话", "missing_name", 3),
    ("kind: air", "kind: smell", "unknown_type", 6),
    ("kind: air", "kind: dust", "unknown_type", 6),
    (", words: [工地]", "", "missing_words", 6),
    ("types: [air]", "types: [fog]", "unknown_type", 8),
    ("types: [air]", "types: []", "no_types", 10),
    ("{department: ecology", "{department: ecolgy, types: [air]", "unknown_department", 10),
    ("lead: district", "lead: District!", "unknown_word", 10),
    ("with: [township]", "with: [district]", "doubled", 10),
    ("with: [township]", "with: [township, township]", "doubled", 10),
    ("from: 2026-01-01", "from: 2026-02-30", "malformed_date", 10),
    ("to: 2026-12-31", "to: 2025-12-31", "ends_before", 10),
    ("lead: district", "region: 海州, lead: district", "malformed_word", 10),
  ])
  func `each fault is told at its line`(
    _ good: String, _ bad: String, _ code: String, _ line: Int
  ) {
    guard case .refused(let findings) = DutyFile.parse(Self.small.replacing(good, with: bad)) else {
      Issue.record("\(bad) was taken for good")
      return
    }
    #expect(findings.first { $0.code == code }?.line == line, "\(findings)")
  }

  @Test func `a row key that stands twice and a list that is too large are refused`() throws {
    _ = try Self.list(Self.small)
    let twice = Self.small + "\n  first: {department: ecology, lead: city}"
    guard case .refused(let doubled) = DutyFile.parse(twice) else {
      Issue.record("a doubled key was taken")
      return
    }
    #expect(doubled.first?.line == 10 || doubled.first?.line == 11)
    let many = (0..<1_000).map { "\n  row\($0): {department: ecology, lead: city}" }.joined()
    guard case .refused(let large) = DutyFile.parse(Self.small + many) else {
      Issue.record("a list beyond the bound was taken")
      return
    }
    #expect(large.map(\.code) == ["too_large"])
  }

  @Test func `bytes that were changed anywhere are no list or another one`() throws {
    let list = try Self.list(Self.small)
    let bytes = list.encoded
    var numbers = SeededNumbers(seed: 7)
    for _ in 0..<2_000 {
      var altered = bytes
      let place = Int(numbers.next() % UInt64(bytes.count))
      altered[place] ^= UInt8(1 + numbers.next() % 255)
      #expect(DutyList(decoding: altered) != list)
    }
    for length in 0..<bytes.count {
      #expect(DutyList(decoding: Array(bytes.prefix(length))) == nil)
    }
  }
}
