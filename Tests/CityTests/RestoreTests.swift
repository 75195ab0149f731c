import Foundation
import Testing

extension CityTests {
  /// A township's store is replaced by an older copy, a clerk works on, and the link returns.
  @Suite struct RestoreTests {
    /// How the older copy is made and put back.
    enum Way: String, CaseIterable {
      case backupCommands
      case plainCopyOfTheStoppedStore
      case backupCommandsAfterAKill
    }

    @Test(arguments: Way.allCases)
    func `an older store gets its lost leads back and keeps the new ones`(_ way: Way) async throws {
      let city = try City()
      for node in city.line { try await node.start() }
      var before = Set<String>()
      for count in 1...5 { before.insert(try city.lake.report("早先 \(count)")) }
      try await city.settle()
      let copy = city.scratch.path("copy")
      try await backUp(city.lake, to: copy, way)

      var lost = Set<String>()
      for count in 1...5 { lost.insert(try city.lake.report("其后 \(count)")) }
      try await city.settle()
      if way == .backupCommandsAfterAKill { city.lake.kill() }
      try await city.lake.stop()
      try putBack(copy, at: city.lake, way)
      let new = try report(3, offlineAt: city.lake)
      #expect(new.isDisjoint(with: before.union(lost)), "no number is given twice")

      try await city.lake.start()
      let all = before.union(lost).union(new)
      for node in city.line {
        try await eventually("\(node.region) has all leads") { try node.numbers() == all }
      }
      try await city.settle(within: .seconds(20))
      try await judge(city, incarnation: 2)
    }

    @Test func `a store restored twice opens an incarnation each time`() async throws {
      let city = try City()
      for node in city.line { try await node.start() }
      var all = Set([try city.lake.report("早先")])
      try await city.settle()
      let backup = city.scratch.path("first.db")
      try city.lake.good("backup", "create", backup)
      for round in 1...2 {
        all.insert(try city.lake.report("其后 \(round)"))
        try await city.settle()
        try await city.lake.stop()
        try city.lake.good("backup", "restore", backup)
        let new = try report(2, offlineAt: city.lake)
        #expect(new.isDisjoint(with: all), "no number is given twice")
        all.formUnion(new)
        try await city.lake.start()
        for node in city.line {
          try await eventually("\(node.region) has all leads in round \(round)") {
            try node.numbers() == all
          }
        }
        try await city.settle(within: .seconds(20))
      }
      try await judge(city, incarnation: 3)
    }

    private func backUp(_ node: CityNode, to copy: String, _ way: Way) async throws {
      guard way == .plainCopyOfTheStoppedStore else {
        try node.good("backup", "create", copy)
        return
      }
      try await node.stop()
      try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
      for name in try storeFiles(of: node) {
        try FileManager.default.copyItem(atPath: "\(node.home)/\(name)", toPath: "\(copy)/\(name)")
      }
      try await node.start()
    }

    private func putBack(_ copy: String, at node: CityNode, _ way: Way) throws {
      guard way == .plainCopyOfTheStoppedStore else {
        try node.good("backup", "restore", copy)
        return
      }
      for name in try storeFiles(of: node) {
        try FileManager.default.removeItem(atPath: "\(node.home)/\(name)")
      }
      for name in try FileManager.default.contentsOfDirectory(atPath: copy) {
        try FileManager.default.copyItem(atPath: "\(copy)/\(name)", toPath: "\(node.home)/\(name)")
      }
    }

    /// The database with what SQLite keeps beside it; the start counter stays where it is.
    private func storeFiles(of node: CityNode) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: node.home)
        .filter { $0.hasPrefix("liandong.db") }
    }

    /// The clerk's work while no server runs and no link stands.
    private func report(_ count: Int, offlineAt node: CityNode) throws -> Set<String> {
      Set(try (1...count).map { try node.report("离线 \($0)") })
    }

    private func judge(_ city: City, incarnation: Int) async throws {
      #expect(try city.lake.incarnation() == incarnation)
      for node in city.line { try await node.stop() }
      for node in city.line {
        #expect(try node.good("verify").first?["ok"] as? Bool == true)
        #expect(try node.sql("SELECT code, detail FROM alarms") == "")
        #expect(try node.sql("SELECT count(*) FROM set_aside") == "0")
        #expect(!node.log.contains("alarm") && !node.log.contains("equivocat"))
      }
      let below = try City.holdings(of: "0101", at: city.lake)
      #expect(try City.holdings(of: "0101", at: city.east) == below)
      #expect(try City.holdings(of: "0101", at: city.hub) == below)
    }
  }
}
