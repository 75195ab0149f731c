import Testing

@testable import Regions

/// Each finding is provoked in the good file by one change and must come alone, at its exact place.
@Suite struct TopologyFindingTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let code: TopologyFinding.Code
    /// A text of the good file.
    let from: String
    /// What replaces it; `▶` stands before the place of the finding and is removed.
    let to: String

    init(_ code: TopologyFinding.Code, _ from: String, _ to: String) {
      (self.code, self.from, self.to) = (code, from, to)
    }

    var testDescription: String { "\(code.rawValue): \(to)" }
  }

  static let faultsOfText: [Fault] = [
    Fault(.forbiddenCharacter, "name: 统计", "name: 统▶\u{1}计"),
    Fault(.forbiddenCharacter, "name: 统计", "name: 统▶\u{10FFF0}计"),
    Fault(.yamlSyntax, "tier: city", "tier: city▶: x"),
    Fault(.yamlSyntax, "deployment: testville", "deployment: testville\n▶---"),
    Fault(.anchorNotAllowed, "names: 试市", "names: ▶&a 试市"),
    Fault(.anchorNotAllowed, "names: 东区", "names: ▶*a"),
    Fault(.tooDeep, "names: 东区", "names: [[[[[[[[[[[[[▶x]]]]]]]]]]]]]"),
    Fault(.duplicateKey, "no: 1\n    tier: city", "▶no: 1\n    tier: city\n    no: 9"),
  ]

  static let faultsOfShape: [Fault] = [
    Fault(.unknownKey, "tier: city", "tier: city\n    ▶colour: red"),
    Fault(.unknownKey, "deployment:", "▶version: 2\ndeployment:"),
    Fault(.unknownKey, "{name: 统计,", "{name: 统计, ▶title: x,"),
    Fault(.unknownKey, "to: 2023-12-31", "▶until: 2023-12-31"),
    Fault(.unknownKey, "longitude: 119.2}", "longitude: 119.2, ▶height: 1}"),
    Fault(.missingKey, "id: dong-qu\n    no: 2", "▶id: dong-qu"),
    Fault(
      .missingKey, "id: kaifaqu\n    no: 3\n    tier: district\n    names: 开发区\n    parent: hub",
      "▶id: kaifaqu\n    no: 3\n    tier: district\n    names: 开发区"),
    Fault(.missingKey, "{key: urban, name: 城管}", "▶{key: urban}"),
    Fault(.missingKey, "deployment: testville\ncode", "▶code"),
    Fault(.wrongType, "names: 东区", "names: ▶{a: b}"),
    Fault(.wrongType, "names: 东区", "names: ▶[]"),
    Fault(.wrongType, "names: 东区", "names: ▶~"),
    Fault(.wrongType, "managed_by: kaifaqu", "managed_by: ▶[kaifaqu]"),
    Fault(.wrongType, "codes: {nbs2023: 320703, mca2025: 320703}", "codes: ▶320703"),
    Fault(.wrongType, "  - id: hub", "  - ▶17\n  - id: hub"),
    Fault(.malformedID, "managed_by: kaifaqu", "managed_by: ▶Kaifaqu"),
    Fault(.malformedID, "managed_by: kaifaqu", "managed_by: ▶\"*\""),
    Fault(.malformedID, "deployment: testville", "deployment: ▶test_ville"),
    Fault(.malformedNumber, "no: 2", "no: ▶10000"),
    Fault(.malformedNumber, "no: 2", "no: ▶2.0"),
    Fault(.malformedNumber, "no: 2", "no: ▶-2"),
    Fault(.malformedDate, "to: 2023-12-31", "to: ▶2023-02-29"),
    Fault(.malformedCode, "\"320703100\"", "▶\"32070310\""),
    Fault(.malformedAddress, "hub.example:7420", "▶hub.example:70000"),
    Fault(.malformedAddress, "hub.example:7420", "▶hub.example"),
    Fault(.malformedAddress, "hub.example:7420", "▶-hub.example:1"),
    Fault(.malformedLocation, "latitude: 34.6", "latitude: ▶94.6"),
    Fault(.malformedLocation, "longitude: 119.2", "longitude: ▶nan"),
    Fault(.malformedWord, "{key: urban", "{key: ▶Urban"),
    Fault(.malformedName, "names: 东区", "names: ▶\"东区 \""),
    Fault(.unknownTier, "tier: township\n    names: [", "tier: ▶village\n    names: ["),
    Fault(
      .periodReversed, "from: 2024-01-01}", "from: 2024-02-01, to: ▶2024-01-31}"),
  ]

  static let faultsOfSense: [Fault] = [
    Fault(
      .duplicateDepartment, "{key: urban, name: 城管}", "{key: ▶ecology, name: 环保}"),
    Fault(.unknownDepartmentSet, "departments: few", "departments: ▶many"),
    Fault(.unknownCodeSystem, "{system: mca2025", "{system: ▶mca2024"),
    Fault(
      .duplicateID, "  - id: zhang-zhen",
      "  - {id: ▶kaifaqu, no: 9, tier: district, names: 甲, parent: hub}\n  - id: zhang-zhen"),
    Fault(.duplicateNumber, "no: 4", "no: ▶2"),
    Fault(
      .duplicateCode, "{system: nbs2023, code: \"320703001\"}",
      "{system: nbs2023, code: ▶\"320703100\"}"),
    Fault(
      .duplicateCode, "{system: nbs2023, code: \"320703001\"}",
      "{system: nbs2023, code: ▶\"320703100\", from: 2024-01-01, to: 2024-01-31}"),
    Fault(
      .secondHub, "tier: district\n    names: 开发区\n    parent: hub",
      "tier: ▶city\n    names: 开发区"),
    Fault(.unknownParent, "parent: dong-qu", "parent: ▶dong-xu"),
    Fault(.unknownManagingBlock, "managed_by: kaifaqu", "managed_by: ▶nowhere"),
    Fault(.tierOutOfOrder, "managed_by: kaifaqu", "managed_by: ▶zhang-zhen"),
    Fault(
      .tierOutOfOrder, "names: 开发区\n    parent: hub", "names: 开发区\n    parent: ▶dong-qu"),
  ]

  @Test(arguments: faultsOfText + faultsOfShape + faultsOfSense)
  func oneFaultGivesOneFindingAtItsPlace(_ fault: Fault) throws {
    let marked = try TopologyFixture.spoilt(fault.from, by: fault.to)
    let (text, place) = try Self.placed(marked)
    let findings = TopologyFixture.findings(text)
    #expect(findings.map(\.code) == [fault.code], "\(findings)")
    #expect(findings.first?.line == place.line, "\(findings)")
    #expect(findings.first?.column == place.column, "\(findings)")
  }

  /// The text without the mark, and where the mark stood.
  private static func placed(_ marked: String) throws -> (String, FilePosition) {
    let mark = try #require(marked.firstIndex(of: "▶"), "the fault has no mark")
    let before = marked[..<mark].split(separator: "\n", omittingEmptySubsequences: false)
    let column = (before.last?.unicodeScalars.count ?? 0) + 1
    return (
      String(marked[..<mark] + marked[marked.index(after: mark)...]),
      FilePosition(line: before.count, column: column)
    )
  }

  @Test func aCircleOfParentsIsFoundOnceWithItsRound() throws {
    let text = try TopologyFixture.spoilt(
      "names: 东区\n    codes: {nbs2023: 320703, mca2025: 320703}\n    parent: hub",
      by: "names: 东区\n    parent: zhang-zhen")
    let line = try TopologyFixture.line(of: "parent: zhang-zhen", in: text)
    let findings = TopologyFixture.findings(text)
    #expect(findings.map(\.code) == [.cycle, .tierOutOfOrder])
    #expect(findings.map(\.line) == [line, line])
    #expect(findings.first?.detail == "dong-qu → zhang-zhen → dong-qu")
  }

  @Test func aRegionThatManagesItselfIsACircle() throws {
    let text = try TopologyFixture.spoilt("managed_by: kaifaqu", by: "managed_by: zhang-jiedao")
    let codes = TopologyFixture.findings(text).map(\.code)
    #expect(codes == [.cycle, .tierOutOfOrder])
  }

  @Test func aFileWithoutAHubSaysSoAtItsRegions() {
    let text = "deployment: x\nregions:\n  - {id: a, no: 1, tier: township, names: 甲, parent: a}\n"
    let findings = TopologyFixture.findings(text)
    #expect(Set(findings.map(\.code)) == [.noHub, .cycle, .tierOutOfOrder])
    #expect(findings.first { $0.code == .noHub }?.line == 3)
  }

  @Test func aFileOverTheBoundIsRefusedUnread() {
    let text = String(repeating: "#", count: TopologyFile.maximumBytes + 1)
    #expect(TopologyFixture.findings(text).map(\.code) == [.fileTooLarge])
    #expect(
      TopologyFixture.findings(String(text.dropLast())).map(\.code) == [.missingKey, .missingKey])
  }

  @Test func aDraftThatIsNoTreeIsStillRefused() throws {
    var draft = TopologyDraft()
    draft.deployment = RegionID("x")
    guard case .refused(let findings) = TopologyFile.assemble(draft) else {
      Issue.record("A topology without regions was accepted.")
      return
    }
    #expect(findings.map(\.code) == [.treeRefused])
  }

  @Test func everyCodeIsProvokedByATestAboveAndHasItsWords() {
    let tabled = (Self.faultsOfText + Self.faultsOfShape + Self.faultsOfSense).map(\.code)
    let single: [TopologyFinding.Code] = [.cycle, .noHub, .fileTooLarge, .treeRefused]
    #expect(Set(tabled + single) == Set(TopologyFinding.Code.allCases))
    for language in Language.allCases {
      var messages = Set<String>()
      for code in TopologyFinding.Code.allCases {
        let finding = TopologyFinding(
          line: 1, column: 1, code: code, subject: "S7", detail: "D7")
        messages.insert(finding.message(in: language))
        #expect(!finding.cure(in: language).isEmpty)
      }
      #expect(messages.count == TopologyFinding.Code.allCases.count)
    }
  }

  @Test func chineseAndEnglishWordsDiffer() {
    let isHan: (Unicode.Scalar) -> Bool = { (0x4E00...0x9FFF).contains($0.value) }
    for code in TopologyFinding.Code.allCases {
      let finding = TopologyFinding(line: 1, column: 1, code: code, subject: "S7", detail: "D7")
      for text in [finding.message(in: .zh), finding.cure(in: .zh)] {
        #expect(text.unicodeScalars.contains(where: isHan), "\(code.rawValue)")
      }
      for text in [finding.message, finding.cure] {
        #expect(!text.unicodeScalars.contains(where: isHan), "\(code.rawValue)")
      }
    }
  }
}
