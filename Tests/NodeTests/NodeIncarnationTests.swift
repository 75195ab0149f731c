import Foundation
import Ledger
import Regions
import Replication
import Store
import Testing

@testable import Node

/// A node whose whole folder was put back, so that only its neighbours can tell.
@Suite(.timeLimit(.minutes(10))) struct NodeIncarnationTests {
  private static let files = [
    "liandong.db", "liandong.db-wal", "liandong.db-shm", "starts", "sequence",
  ]

  /// Reports a lead that the district takes, and puts the township's folder back to before it.
  private func putBack(
    _ city: CommandsCity
  ) async throws -> (lake: CommandsNode, east: CommandsNode) {
    let east = try city.node("east")
    var lake = try city.node("lake0")
    _ = try await lake.report()
    try lake.close()
    let home = lake.home.path
    for name in Self.files {
      try FileManager.default.copyItem(atPath: "\(home)/\(name)", toPath: city.path(name))
    }
    lake = try city.node("lake0")
    _ = try await lake.report()
    try lake.carry(to: east)
    try lake.close()
    for name in Self.files {
      try FileManager.default.removeItem(atPath: "\(home)/\(name)")
      try FileManager.default.copyItem(atPath: city.path(name), toPath: "\(home)/\(name)")
    }
    lake = try city.node("lake0")
    let identity = try lake.core.store.read { try $0.identity() }
    #expect(identity.incarnation == 1)
    return (lake, east)
  }

  @Test func `two links that find the store replaced at once open one incarnation`() async throws {
    let city = try CommandsCity()
    let (lake, _) = try await putBack(city)
    let first = try #require(RegionID("east"))
    let second = try #require(RegionID("west"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for peer in [first, second] {
        group.addTask {
          try await lake.core.openIncarnation(
            leaving: 1, claim: IncarnationClaim(peer: peer, incarnation: 1))
        }
      }
      try await group.waitForAll()
    }
    let identity = try lake.core.store.read { try $0.identity() }
    #expect(identity.incarnation == 2 && identity.sequence == 1)
    let numbers = [try await lake.report().number, try await lake.report().number]
    #expect(Set(numbers).count == 2)
    // A straggler changes nothing either, and takes no serial back.
    try await lake.core.openIncarnation(leaving: 1)
    #expect(try await !numbers.contains(lake.report().number))
    #expect(try await lake.commands.verify().ok)
  }

  /// All that a node took from a peer or queued to it.
  private func exchanged(by node: CommandsNode, with peer: RegionID) throws -> [Shipment] {
    let (begun, _) = try node.core.store.write(now: node.core.wallMilliseconds()) {
      try $0.beginRepair(with: peer, marks: LanePair(repeating: Hash(of: [1])))
    }
    return try node.core.store.read { reader in
      var pending = try reader.events(begun.1.keys)
      var shipments: [Shipment] = []
      while let shipment = try reader.nextShipment(of: &pending) { shipments.append(shipment) }
      return shipments
    }
  }

  @Test func `a crash between the proof and the incarnation forgets nothing`() async throws {
    let city = try CommandsCity()
    var (lake, east) = try await putBack(city)
    // East sends back what the township lost; the process ends before anything else is done.
    let lost = try exchanged(by: east, with: lake.core.region)
    let peer = east.core.region
    for shipment in lost {
      _ = try lake.core.store.write(now: lake.core.wallMilliseconds()) {
        try $0.take(shipment, from: peer)
      }
    }
    await #expect(throws: StoreError.self) { _ = try await lake.report() }
    try lake.close()
    lake = try city.node("lake0")
    #expect(try lake.core.store.read { try $0.identity().incarnation } == 2)
    #expect(try await lake.report().number?.contains("-2-") == true)
    #expect(try await lake.commands.verify().ok)
  }
}
