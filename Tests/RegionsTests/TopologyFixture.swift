import Regions
import Testing

/// A small good file, and what tests need to spoil and judge it.
enum TopologyFixture {
  static let good = """
    deployment: testville
    code_systems:
      nbs2023: {name: 统计, from: 2023-01-01}
      mca2025: {name: 民政, from: 2025-01-01}
    department_sets:
      district:
        - {key: ecology, name: 生态环境}
        - {key: urban, name: 城管}
      few:
        - {key: ecology, name: 生态环境}
    regions:
      - id: hub
        no: 1
        tier: city
        names: 试市
        codes: {nbs2023: "320700"}
        address: hub.example:7420
        location: {latitude: 34.6, longitude: 119.2}
      - id: dong-qu
        no: 2
        tier: district
        names: 东区
        codes: {nbs2023: 320703, mca2025: 320703}
        parent: hub
      - id: kaifaqu
        no: 3
        tier: district
        names: 开发区
        parent: hub
        departments: few
      - id: zhang-zhen
        no: 4
        tier: township
        names:
          - {name: 旧张镇, to: 2023-12-31}
          - {name: 张集镇, from: 2024-01-01}
        codes:
          - {system: nbs2023, code: "320703100"}
          - {system: mca2025, code: "320703001"}
        parent: dong-qu
      - id: zhang-jiedao
        no: 5
        tier: township
        names: [张集街道, 张集办]
        codes:
          - {system: nbs2023, code: "320703001"}
        parent: dong-qu
        managed_by: kaifaqu
        departments:
          - {key: township, name: 街道}
    """

  /// The 1-based line of the first line that holds the text.
  static func line(of text: String, in file: String) throws -> Int {
    let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
    return try #require(lines.firstIndex { $0.contains(text) }, "no line holds \(text)") + 1
  }

  /// The good file with the first occurrence of a text replaced.
  static func spoilt(_ text: String, by other: String) throws -> String {
    let range = try #require(good.firstRange(of: text), "the good file does not hold \(text)")
    var text = good
    text.replaceSubrange(range, with: other)
    return text
  }

  static func findings(_ text: String) -> [TopologyFinding] {
    switch TopologyFile.parse(text) {
    case .topology: []
    case .refused(let findings): findings
    }
  }

  static func topology(_ text: String) throws -> Topology {
    switch TopologyFile.parse(text) {
    case .topology(let topology): return topology
    case .refused(let findings):
      for finding in findings { Issue.record("\(finding.line): \(finding.message)") }
      throw Refused()
    }
  }

  struct Refused: Error {}
}
