import FoundationEssentials
import Regions
import Testing

/// The topology files that ship, and their agreement with the public division tables.
@Suite struct ShippedTopologyTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func topology(_ name: String) throws -> Topology {
    let url = root.appending(path: "topology/\(name).yaml")
    return try TopologyFixture.topology(String(contentsOf: url, encoding: .utf8))
  }

  @Test func lianyungangHasItsHubSevenDistrictNodesAndAllTownships() throws {
    let topology = try Self.topology("lianyungang")
    #expect(topology.deployment.rawValue == "lianyungang")
    #expect(topology.linkTree.hub.rawValue == "lianyungang-shi")
    let districts = topology.regions.filter { $0.tier == .district }
    #expect(
      districts.map(\.id.rawValue) == [
        "lianyun-qu", "haizhou-qu", "ganyu-qu", "donghai-xian", "guanyun-xian", "guannan-xian",
        "kaifaqu",
      ])
    #expect(topology.regions.count { $0.tier == .township } == 109)
    #expect(districts.allSatisfy { $0.departments.count >= 12 })
    #expect(topology.regions.allSatisfy { !$0.departments.isEmpty && !$0.codes.isEmpty })
  }

  @Test func threeStreetOfficesBelongToLianyunAndAreManagedByTheZone() throws {
    let topology = try Self.topology("lianyungang")
    let managed = topology.regions.filter { $0.managedBy != nil }
    #expect(
      Set(managed.flatMap { $0.names.map(\.text) }) == ["中云街道", "猴嘴街道", "朝阳街道"])
    #expect(managed.allSatisfy { $0.parent?.rawValue == "lianyun-qu" })
    #expect(managed.allSatisfy { $0.managedBy?.rawValue == "kaifaqu" })
  }

  @Test func oneCodeMeansTwoStreetOfficesInTheTwoSystems() throws {
    let topology = try Self.topology("lianyungang")
    #expect(topology.find("nbs2023:320706001").map(\.rawValue) == ["quyang-jiedao"])
    #expect(topology.find("mca2025:320706001").map(\.rawValue) == ["haizhou-jiedao"])
    #expect(topology.find("320706001").count == 2)
  }

  @Test func tongshanHasTwoPlacesOfEachAmbiguousName() throws {
    let topology = try Self.topology("xuzhou-tongshan")
    #expect(topology.linkTree.hub.rawValue == "xuzhou-shi")
    #expect(topology.regions.count { $0.tier == .district } == 1)
    #expect(topology.regions.count { $0.tier == .township } == 30)
    #expect(topology.find("张集").map(\.rawValue) == ["zhangji-jiedao", "zhangji-zhen"])
    #expect(topology.find("利国").map(\.rawValue) == ["liguo-jiedao", "liguo-zhen"])
  }

  /// The rows of a table as dictionaries by heading; `nil`, with a printed line, where the data
  /// folder is absent: it is not part of the project.
  private static func table(_ name: String) throws -> [[String: String]]? {
    let folder =
      ProcessInfo.processInfo.environment["LIANDONG_DATA"].map { URL(filePath: $0) }
      ?? root.appending(path: "../shared/data")
    let url = folder.appending(path: name).standardized
    guard FileManager.default.fileExists(atPath: url.path) else {
      print("skipped: \(name) is not in the data folder; set LIANDONG_DATA to compare with it")
      return nil
    }
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    let heading = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(heading, $0)) }
  }

  /// Every (system, code, name) of the tables, and no other code, is in the files.
  @Test func everyCodeAndNameOfTheTablesIsShippedAndNoOtherCode() throws {
    guard let rows = try Self.table("divisions-crosswalk-nbs2023-mca2025.tsv") else { return }
    for (file, prefix) in [("lianyungang", "3207"), ("xuzhou-tongshan", "3203")] {
      let topology = try Self.topology(file)
      var expected = Set<[String]>()
      for row in rows {
        let name = try #require(row["name"])
        for system in ["nbs2023", "mca2025"] {
          guard let code = row[system], code.hasPrefix(prefix) else { continue }
          expected.insert([system, code])
          let found = topology.find("\(system):\(code)")
          #expect(found.count == 1, "\(system) \(code)")
          let names = found.first.flatMap { topology.region($0)?.names.map(\.text) } ?? []
          #expect(names.contains(name), "\(system) \(code) is \(names), not \(name)")
        }
      }
      let shipped = topology.regions.flatMap { $0.codes.map { [$0.system, $0.code] } }
      #expect(Set(shipped) == expected)
      #expect(shipped.count == expected.count)
    }
  }

  /// The bureau's parent is the link parent; the ministry's, where known, is the administrative one.
  @Test func parentsOfBothSystemsAreKeptApart() throws {
    guard let rows = try Self.table("divisions-crosswalk-nbs2023-mca2025.tsv") else { return }
    for (file, prefix) in [("lianyungang", "3207"), ("xuzhou-tongshan", "3203")] {
      let topology = try Self.topology(file)
      for row in rows {
        for (system, tree) in [
          ("nbs2023", topology.linkTree), ("mca2025", topology.administrativeTree),
        ] {
          guard let code = row[system], code.hasPrefix(prefix),
            let parent = row[system == "nbs2023" ? "nbs_parent" : "mca_parent"],
            parent.hasPrefix(prefix), let id = topology.find("\(system):\(code)").first
          else { continue }
          // County codes are the same in both systems.
          #expect(
            tree.parent(of: id) == topology.find("nbs2023:\(parent)").first,
            "\(system) \(code) is not under \(parent)")
        }
      }
    }
  }

  @Test func theBureausListsHaveTheTiersOfTheFiles() throws {
    for (table, file) in [
      ("divisions-lianyungang-nbs2023.tsv", "lianyungang"),
      ("divisions-tongshan-nbs2023.tsv", "xuzhou-tongshan"),
    ] {
      guard let rows = try Self.table(table) else { continue }
      let topology = try Self.topology(file)
      for row in rows {
        let (code, level) = (try #require(row["code"]), try #require(row["level"]))
        let id = try #require(topology.find("nbs2023:\(code)").first, "\(code) is not shipped")
        #expect(topology.linkTree.tier(of: id) == Tier(name: level) ?? .township)
      }
    }
  }
}
