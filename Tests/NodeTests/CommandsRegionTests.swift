import Foundation
import Ledger
import Node
import Regions
import Replication
import Store
import Testing

/// The directory of regions that the ledger carries.
@Suite struct CommandsRegionTests {
  @Test func `a region's body reads back as the region that was written`() throws {
    let day = try #require(CalendarDay("2020-01-01"))
    let period = try #require(DayPeriod(from: nil, to: day))
    let region = Topology.Region(
      id: try #require(RegionID("lake0")), number: 17, tier: .township,
      names: [Topology.Name("湖镇", during: period), Topology.Name("湖街道")],
      codes: [Topology.DivisionCode(system: "mca2025", code: "320706001", during: period)],
      parent: RegionID("east"), managedBy: RegionID("west"), address: "10.0.0.1:7420",
      location: Topology.Location(latitude: 34.601234, longitude: 119.2),
      departments: [Topology.Department(key: "ecology", name: "生态环境")])
    let body = RegionDirectory.body(of: region, rules: Hash(of: [1]))
    let value = try CanonicalValue(decoding: body)
    #expect(Topology.Region(canonical: value) == region)
    #expect(value["no"]?.integer == 17)
    #expect(value["managed_by"]?.text == "west")
  }

  @Test func `regions are found by id, name and code, and near misses are offered`()
    throws
  {
    let city = try CommandsCity(townships: 3)
    let lake = try city.node("lake1")
    let (directory, tree) = try lake.core.store.read {
      (try RegionDirectory(reader: $0), try $0.signedTrees().newest)
    }
    let east = try #require(RegionID("east"))
    for text in ["east", "东海区", "东海", "32072", "nbs2023:32072"] {
      #expect(directory.resolve(text, in: tree) == .region(east), "\(text)")
    }
    let lakes = try ["lake0", "lake1", "lake2"].map { try #require(RegionID($0)) }
    #expect(directory.resolve("lake9", in: tree) == .unknown(near: lakes))
    #expect(directory.resolve("东海", in: nil) == .unknown(near: []))
    #expect(directory.number(of: lakes[1]) == 11)
    #expect(directory.regions.count == 6)
  }
}
