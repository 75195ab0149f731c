import Evidence
import Foundation
import Ledger
import Replication
import Store
import Testing

@testable import Node

/// What a policy fetches by itself.
@Suite(.timeLimit(.minutes(10))) struct EvidenceKeeperTests {
  private func keeper(
    _ node: CommandsNode, _ fetch: NodeConfiguration.Evidence.Fetch, smallBytes: Int = 1_000
  ) throws -> EvidenceKeeper {
    EvidenceKeeper(
      carrier: try node.carrier(),
      policy: NodeConfiguration.Evidence(fetch: fetch, smallBytes: smallBytes))
  }

  private func wanted(_ node: CommandsNode) throws -> Set<Hash> {
    Set(try node.core.store.read { try $0.wantedEvidence() }.map(\.file))
  }

  @Test func `small files of offices below are wanted, once, and what is here is not`()
    async throws
  {
    let offices = try await EvidenceOffices()
    let (east, lake) = (offices.east, offices.lake)
    let lead = try await lake.report().id
    let small = try await lake.photograph(lead, CommandsNode.picture(1_000))
    let large = try await lake.photograph(lead, CommandsNode.picture(1_001, seed: 1))
    let own = try await east.photograph(
      try await east.report().id, CommandsNode.picture(900, seed: 2))
    try lake.carry(to: east)
    try east.carry(to: lake)
    var place: Int64?
    #expect(try await !keeper(east, .small).look(from: &place))
    #expect(try wanted(east) == [small.name.hash])
    let reached = try #require(place)
    #expect(try await !keeper(east, .small).look(from: &place))
    #expect(place == reached)
    // A policy that came later begins where the other one was.
    var again: Int64?
    #expect(try await !keeper(east, .all).look(from: &again))
    #expect(try wanted(east) == [small.name.hash])
    again = 0
    #expect(try await !keeper(east, .all).look(from: &again))
    #expect(try wanted(east) == [small.name.hash, large.name.hash])
    #expect(try !wanted(east).contains(own.name.hash), "it is here")
    // Below, nothing is fetched by itself.
    var below: Int64?
    #expect(try await !keeper(lake, .all).look(from: &below))
    #expect(try wanted(lake).isEmpty)
  }

  @Test func `a store that was copied back has all looked through, its own files too`()
    async throws
  {
    let offices = try await EvidenceOffices()
    let lake = offices.lake
    let sample = try await lake.photograph(
      try await lake.report().id, CommandsNode.picture(5_000))
    var place: Int64?
    _ = try await keeper(lake, .small).look(from: &place)
    _ = try await lake.core.writer.write { try $0.noteEvidencePlace(1 << 40) }
    #expect(try lake.core.store.read { try $0.evidencePlace() } == 1 << 40)
    let folder = try lake.carrier().folder
    try FileManager.default.removeItem(
      atPath: "\(folder.path)/\(sample.name.relativePath)")
    try await lake.core.openIncarnation(
      leaving: lake.core.store.read { try $0.identity().incarnation })
    #expect(try lake.core.store.read { try $0.evidencePlace() } == 0)
    var anew: Int64?
    _ = try await keeper(lake, .small).look(from: &anew)
    #expect(try wanted(lake) == [sample.name.hash])
  }

  @Test func `where too many files are wanted, the place stays until there is room`()
    async throws
  {
    let offices = try await EvidenceOffices()
    let (east, lake) = (offices.east, offices.lake)
    let sample = try await lake.photograph(
      try await lake.report().id, CommandsNode.picture(900))
    try lake.carry(to: east)
    _ = try await east.core.writer.write { transaction in
      for number in 0..<ReplicationBounds.evidenceWanted {
        _ = try transaction.want(
          Hash(of: Array("\(number)".utf8)), by: sample.event, byteCount: 1, isUrgent: false)
      }
    }
    var place: Int64?
    #expect(try await !keeper(east, .small).look(from: &place))
    #expect(place == nil)
    _ = try await east.core.writer.write { try $0.dropWanted(Hash(of: [48])) }
    #expect(try await !keeper(east, .small).look(from: &place))
    #expect(try wanted(east).contains(sample.name.hash))
  }

  @Test func `a page that is refused is taken later, also where the page before it was taken`()
    async throws
  {
    let offices = try await EvidenceOffices()
    let (east, lake) = (offices.east, offices.lake)
    let own = try await east.report().id
    for seed in 0..<EvidenceKeeper.pageEvents {
      _ = try await east.photograph(own, CommandsNode.picture(500, seed: UInt8(seed)))
    }
    let sample = try await lake.photograph(
      try await lake.report().id, CommandsNode.picture(900))
    try carry(from: lake, to: east)
    _ = try await east.core.writer.write { transaction in
      for number in 0..<ReplicationBounds.evidenceWanted {
        _ = try transaction.want(
          Hash(of: Array("\(number)".utf8)), by: sample.event, byteCount: 1, isUrgent: false)
      }
    }
    let stream = east.core.evidence.enter(lake.core.region)
    await stream.wakeUp.wait(atMost: .seconds(20))
    let keeper = try keeper(east, .small)
    let running = Task { try await keeper.run() }
    defer { running.cancel() }
    // The streams are told of each refusal. The first looks have news of evidence; those after them
    // have none.
    for _ in 0..<3 {
      await stream.wakeUp.wait(atMost: .seconds(20))
      east.core.evidence.evidenceCame.signal()
    }
    #expect(try !wanted(east).contains(sample.name.hash))
    _ = try await east.core.writer.write { try $0.dropWanted(Hash(of: [48])) }
    _ = try await lake.report()
    try carry(from: lake, to: east)
    east.core.evidence.evidenceCame.signal()
    try await eventually(stream.wakeUp) { try wanted(east).contains(sample.name.hash) }
  }

  /// Carries and tells what the writer would.
  private func carry(from node: CommandsNode, to other: CommandsNode) throws {
    for effects in try node.carry(to: other) { other.core.evidence.committed(effects) }
  }

  /// Waits until a look of the keeper brought it about: each that finds something wakes the streams. The
  /// limit only ends a hang.
  private func eventually(_ looked: WakeUp, _ isSo: () throws -> Bool) async throws {
    for _ in 0..<4 where try !isSo() { await looked.wait(atMost: .seconds(20)) }
    #expect(try isSo())
  }

  @Test func `evidence that comes after the first look is wanted, whatever came before it`()
    async throws
  {
    let offices = try await EvidenceOffices()
    let (east, lake) = (offices.east, offices.lake)
    let lead = try await lake.report().id
    try lake.carry(to: east)
    let stream = east.core.evidence.enter(lake.core.region)
    let keeper = try keeper(east, .all)
    let running = Task { try await keeper.run() }
    defer { running.cancel() }
    for number in 0..<3 {
      _ = try await lake.report()
      try carry(from: lake, to: east)
      let sample = try await lake.photograph(
        lead, CommandsNode.picture(900, seed: UInt8(number)))
      try carry(from: lake, to: east)
      try await eventually(stream.wakeUp) { try wanted(east).contains(sample.name.hash) }
    }
    #expect(try wanted(east).count == 3)
  }
}
