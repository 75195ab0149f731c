import Regions
import Testing

@Suite struct TopologyFileTests {
  @Test func theGoodFileIsReadAsWritten() throws {
    let topology = try TopologyFixture.topology(TopologyFixture.good)
    #expect(topology.deployment.rawValue == "testville")
    #expect(topology.regions.map(\.number) == [1, 2, 3, 4, 5])
    let hub = try #require(topology.regions.first)
    #expect(hub.address == "hub.example:7420")
    #expect(hub.location == Topology.Location(latitude: 34.6, longitude: 119.2))
    #expect(hub.departments.isEmpty)
    let begin = try #require(CalendarDay("2023-01-01"))
    #expect(hub.codes.map(\.period) == [DayPeriod(from: begin, to: nil)])
    #expect(topology.regions.map { $0.departments.map(\.key) }[1] == ["ecology", "urban"])
    #expect(topology.regions.map { $0.departments.map(\.key) }[2] == ["ecology"])
    #expect(topology.regions[4].departments == [.init(key: "township", name: "街道")])
  }

  @Test func linksFollowTheManagingBlockAndStatisticsTheAdministration() throws {
    let topology = try TopologyFixture.topology(TopologyFixture.good)
    let office = try #require(RegionID("zhang-jiedao"))
    #expect(topology.linkTree.parent(of: office)?.rawValue == "kaifaqu")
    #expect(topology.administrativeTree.parent(of: office)?.rawValue == "dong-qu")
  }

  @Test func namesFollowTheirDays() throws {
    let topology = try TopologyFixture.topology(TopologyFixture.good)
    let town = try #require(RegionID("zhang-zhen"))
    let office = try #require(RegionID("zhang-jiedao"))
    let last = try #require(CalendarDay("2023-12-31"))
    let first = try #require(CalendarDay("2024-01-01"))
    #expect(topology.name(of: town, on: last) == "旧张镇")
    #expect(topology.name(of: town, on: first) == "张集镇")
    #expect(topology.name(of: office, on: last) == "张集街道")
    #expect(topology.name(of: .everyone, on: first) == nil)
  }

  @Test(arguments: [
    ("zhang-zhen", ["zhang-zhen"]), ("旧张镇", ["zhang-zhen"]), (" 张集街道 ", ["zhang-jiedao"]),
    ("张集", ["zhang-jiedao", "zhang-zhen"]), ("张集办", ["zhang-jiedao"]),
    ("320703001", ["zhang-jiedao", "zhang-zhen"]), ("nbs2023:320703001", ["zhang-jiedao"]),
    ("mca2025:320703001", ["zhang-zhen"]), ("东", []), ("", []), ("集镇", []), ("320703", ["dong-qu"]),
  ])
  func findAnswersEveryRegionThatTheTextMayMean(_ text: String, _ ids: [String]) throws {
    let topology = try TopologyFixture.topology(TopologyFixture.good)
    #expect(topology.find(text).map(\.rawValue) == ids)
  }

  @Test func allFindingsAreReportedInTheOrderOfTheFile() {
    let text = """
      deployment: x
      regions:
        - {id: hub, no: 1, tier: city, names: 市}
        - {id: a, no: 1, tier: district, names: 甲, parent: nowhere, colour: red}
        - {id: Bad, no: 0, tier: none, names: []}
        - {id: b, no: 2, tier: township, names: 乙, parent: a, codes: {nbs2023: 12}}
      """
    let found = TopologyFixture.findings(text).map { "\($0.line):\($0.column) \($0.code.rawValue)" }
    #expect(
      found == [
        "4:17 duplicate_number", "4:54 unknown_parent", "4:63 unknown_key", "5:10 malformed_id",
        "5:19 malformed_number", "5:28 unknown_tier", "5:41 wrong_type", "6:74 malformed_code",
      ])
  }

  @Test func aCodeMayPassToAnotherUnitLater() throws {
    let text = try TopologyFixture.spoilt(
      "{system: nbs2023, code: \"320703100\"}",
      by: "{system: nbs2023, code: \"320703001\", to: 2024-05-31}"
    ).split(separator: "\n").map {
      $0.contains("code: \"320703001\"}") && $0.contains("nbs2023")
        ? "      - {system: nbs2023, code: \"320703001\", from: 2024-06-01}" : String($0)
    }.joined(separator: "\n")
    #expect(TopologyFixture.findings(text) == [])
  }

  @Test func aLongPeriodCollidesWithEveryShortOneInside() {
    // The third holder begins after the second has ended, but while the first still holds.
    let text = """
      deployment: x
      regions:
        - {id: hub, no: 1, tier: city, names: 市}
        - {id: a, no: 2, tier: district, names: 甲, parent: hub, codes: [{system: s, code: c}]}
        - id: b
          no: 3
          tier: district
          names: 乙
          parent: hub
          codes: [{system: s, code: c, from: 2021-01-01, to: 2021-12-31}]
        - id: d
          no: 4
          tier: district
          names: 丁
          parent: hub
          codes: [{system: s, code: c, from: 2023-01-01, to: 2023-12-31}]
      """
    let findings = TopologyFixture.findings(text)
    #expect(findings.map(\.code) == [.duplicateCode, .duplicateCode])
    #expect(findings.map(\.line) == [10, 16])
    #expect(findings.map(\.detail) == ["4", "4"])
  }

  @Test func signsInsideNamesAndCommentsAreNoAnchors() throws {
    let text = try TopologyFixture.spoilt(
      "names: 东区", by: "names: \"A &b *c ? d\" # &x *y\n    # *z")
    let topology = try TopologyFixture.topology(text)
    #expect(topology.regions[1].names.map(\.text) == ["A &b *c ? d"])
  }

  @Test(arguments: [("parent: dong-qu", "parent: dong-xu"), ("names: 东区", "names: 东\u{1}区")])
  func linesAreCountedAlikeWithEveryLineEnd(_ good: String, _ bad: String) throws {
    let lines = try TopologyFixture.spoilt(good, by: bad).split(separator: "\n")
    let places = ["\n", "\r\n", "\r"].map { end in
      TopologyFixture.findings("\u{FEFF}" + lines.joined(separator: end)).map {
        [$0.line, $0.column]
      }
    }
    #expect(places[0].count == 1)
    #expect(places.allSatisfy { $0 == places[0] })
  }

  @Test func aMisspeltParentIsAnsweredWithTheNearestID() throws {
    let text = try TopologyFixture.spoilt("managed_by: kaifaqu", by: "managed_by: kaifauq")
    let finding = try #require(TopologyFixture.findings(text).first)
    #expect(finding.cure(in: .en).contains("`kaifaqu`"))
    #expect(finding.cure(in: .zh).contains("`kaifaqu`"))
  }

  @Test func theDrawingShowsLinksAndMarksManagedRegions() throws {
    let topology = try TopologyFixture.topology(TopologyFixture.good)
    let day = try #require(CalendarDay("2024-06-01"))
    let drawing = TopologyDrawing(of: topology, on: day, in: .en).text()
    #expect(
      drawing == """
        hub 试市 city no:1 nbs2023:320700 @hub.example:7420
        ├─ dong-qu 东区 district no:2 nbs2023:320703
        │  └─ zhang-zhen 张集镇 township no:4 nbs2023:320703100
        └─ kaifaqu 开发区 district no:3
           └─ zhang-jiedao 张集街道 township no:5 nbs2023:320703001 \
        [managed by kaifaqu, administratively under dong-qu]
        5 regions: 1 city, 2 district, 2 township; 1 managed by a block

        """)
    let chinese = TopologyDrawing(of: topology, on: day, in: .zh).text()
    #expect(chinese.contains("[由 kaifaqu 托管,行政上级 dong-qu]"))
    #expect(chinese.hasSuffix("共 5 个区域:市 1、区县 2、乡镇街道 2;托管 1\n"))
  }
}
