import Evidence
import Foundation
import Ledger
import Regions
import Replication
import Store
import Testing

@testable import Node

/// Who is served evidence, and who is refused it without learning what exists.
@Suite(.timeLimit(.minutes(10))) struct EvidenceServerTests {
  private let offices: EvidenceOffices
  private let hub: CommandsNode
  private let east: CommandsNode
  private let lake: CommandsNode
  private let sample: EvidenceSample

  /// A photo of the township lake0, whose event is at the district and the hub.
  init() async throws {
    offices = try await EvidenceOffices(townships: 2)
    (hub, east, lake) = (offices.hub, offices.east, offices.lake)
    let lead = try await lake.report()
    sample = try await lake.photograph(lead.id, CommandsNode.picture(10_000))
    try lake.carry(to: east)
    try east.carry(to: hub)
  }

  private func ask(
    _ node: CommandsNode, as peer: String, _ request: EvidenceRequest? = nil
  ) async throws -> EvidenceFrame {
    let region = try #require(RegionID(peer))
    return try await EvidenceServer(carrier: node.carrier(), peer: region)
      .answer(request ?? sample.request())
  }

  @Test func `the parent is served, from any place and no further than the end`() async throws {
    for (offset, most) in [(0, 1), (0, 4096), (9_999, 4096), (5_000, 65_536)] {
      let answer = try await ask(lake, as: "east", sample.request(at: offset, mostBytes: most))
      let expected = sample.content[offset..<min(offset + most, sample.content.count)]
      #expect(answer == .chunk(Array(expected)))
    }
    #expect(try await ask(lake, as: "east", sample.request(at: 10_000)) == .refused)
    #expect(try await ask(lake, as: "east", sample.request(at: 1 << 40)) == .refused)
  }

  @Test func `all others and all else are refused alike, whether the file is here or not`()
    async throws
  {
    // The district and the hub get the file, so that there is something to betray.
    for node in [east, hub] {
      var writer = try node.carrier().folder.writer(announcedBytes: sample.content.count)
      try writer.write(sample.content)
      _ = try writer.finish()
    }
    // In scope: the child that wrote it, and each parent.
    #expect(try await ask(east, as: "lake0") == .chunk(Array(sample.content.prefix(4096))))
    #expect(try await ask(hub, as: "east") == .chunk(Array(sample.content.prefix(4096))))
    // A sibling, a district of another region, a grandchild, itself, and nobody of the tree.
    #expect(try await ask(east, as: "lake1") == .refused)
    for peer in ["west", "lake0", "hub", "nowhere"] {
      #expect(try await ask(hub, as: peer) == .refused, "\(peer)")
    }
    // In scope, and yet no such event, another file, and an event that names none.
    let other = try await hub.photograph(
      try await hub.report().id, CommandsNode.picture(500, seed: 1))
    let unknown = SetKey(time: sample.event.time, hash: Hash(of: [9]))
    let displaced = SetKey(time: other.event.time, hash: sample.event.hash)
    for (event, file) in [
      (unknown, sample.name), (displaced, sample.name), (sample.event, other.name),
      (other.event, sample.name),
    ] {
      let request = EvidenceRequest(event: event, file: file.hash, offset: 0, mostBytes: 100)
      #expect(try await ask(hub, as: "east", request) == .refused)
    }
    #expect(try await ask(hub, as: "east", other.request()) == .refused, "of the hub's own lead")
  }

  @Test func `what is not here is wanted for who asks, but never from who asks`() async throws {
    #expect(try await ask(east, as: "lake1") == .refused)
    #expect(try await ask(east, as: "lake0") != .refused, "the hub may have it")
    guard case .wait = try await ask(east, as: "hub") else {
      Issue.record("the hub is not told to wait")
      return
    }
    let wanted = try east.core.store.read { try $0.wantedEvidence() }
    #expect(wanted.map(\.file) == [sample.name.hash])
    #expect(wanted.first?.isUrgent == true && wanted.first?.byteCount == 10_000)
    // The hub has it from the district alone.
    #expect(try await ask(hub, as: "east") == .refused)
    #expect(try hub.core.store.read { try $0.wantedEvidenceCount() } == 0)
  }

  @Test func `held links hold evidence as well`() async throws {
    lake.core.links.pause()
    guard case .wait = try await ask(lake, as: "east") else {
      Issue.record("a paused node serves")
      return
    }
  }

  @Test func `no more is wanted than the bound, and what is wanted outlives the node`()
    async throws
  {
    let sample = sample
    _ = try east.core.store.write(now: 1) { transaction in
      for number in 0..<ReplicationBounds.evidenceWanted {
        let file = Hash(of: Array("\(number)".utf8))
        #expect(
          try transaction.want(file, by: sample.event, byteCount: 1, isUrgent: false))
      }
      let isOneMore = try transaction.want(
        sample.name.hash, by: sample.event, byteCount: 1, isUrgent: true)
      #expect(!isOneMore)
      #expect(
        try transaction.want(Hash(of: [48]), by: sample.event, byteCount: 1, isUrgent: true))
    }
    guard case .wait = try await ask(east, as: "hub") else {
      Issue.record("a node with much to do does not say so")
      return
    }
    let before = try east.core.store.read { try $0.wantedEvidence() }
    #expect(before.count == ReplicationBounds.evidenceWanted)
    #expect(before.first?.file == Hash(of: [48]), "what somebody waits for comes first")
  }
}
