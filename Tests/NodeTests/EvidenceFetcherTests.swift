import Evidence
import Foundation
import Ledger
import Regions
import Replication
import Store
import Synchronization
import Testing
import Transport

@testable import Node

/// Fetching from a neighbour that keeps to the protocol, and from some that do not.
@Suite(.timeLimit(.minutes(10))) struct EvidenceFetcherTests {
  private let offices: EvidenceOffices
  private let east: CommandsNode
  private let lake: CommandsNode
  private let sample: EvidenceSample
  private static let length = 300_000

  /// A photo of the township lake0 that the district wants.
  init() async throws {
    offices = try await EvidenceOffices()
    (east, lake) = (offices.east, offices.lake)
    let lead = try await lake.report()
    sample = try await lake.photograph(lead.id, CommandsNode.picture(Self.length))
    try lake.carry(to: east)
    let carrier = try east.carrier()
    let event = sample.event
    let found = try east.core.store.read { try carrier.named(event, $0) }
    let named = try #require(found)
    #expect(try await carrier.want(named, isUrgent: false))
  }

  /// Runs the district's fetcher against `answer` until `isOver`, or until it fails.
  private func fetch(
    until isOver: () throws -> Bool, _ answer: @escaping EvidenceFetcher.Ask
  ) async throws {
    let peer = try #require(RegionID("lake0"))
    let fetcher = EvidenceFetcher(carrier: try east.carrier(), peer: peer)
    let run = Task { try await fetcher.run(WakeUp(), answer) }
    defer { run.cancel() }
    let ended = Mutex(false)
    let watch = Task {
      _ = await run.result
      ended.withLock { $0 = true }
    }
    let deadline = ContinuousClock.now + .seconds(30)
    while try !isOver(), !ended.withLock({ $0 }), ContinuousClock.now < deadline {
      await Task.yield()
    }
    if ended.withLock({ $0 }) { try await run.value }
    watch.cancel()
    #expect(try isOver())
  }

  private var faults: [String] {
    Array(east.core.evidence.faults(of: sample.name).values)
  }

  private func honest() throws -> EvidenceFetcher.Ask {
    let server = EvidenceServer(
      carrier: try lake.carrier(), peer: try #require(RegionID("east")))
    return { try await server.answer($0) }
  }

  private var wantedCount: Int {
    get throws { try east.core.store.read { try $0.wantedEvidenceCount() } }
  }

  @Test func `a whole file comes, and is wanted no more`() async throws {
    try await fetch(until: { try wantedCount == 0 }, honest())
    let folder = try east.carrier().folder
    let isSound = try folder.verify().isSound
    #expect(folder.holds(sample.name) && isSound)
    #expect(try folder.transfers() == [])
  }

  @Test func `a fetch that was cut goes on where it was`() async throws {
    let ask = try honest()
    let asked = Mutex<[Int]>([])
    let error = await #expect(throws: TransportError.self) {
      try await fetch(until: { false }) { request in
        asked.withLock { $0.append(request.offset) }
        guard request.offset < 100_000 else { throw TransportError(.closed, "cut") }
        return try await ask(request)
      }
    }
    #expect(error?.code == .closed)
    let reached = try #require(asked.withLock { $0.last })
    try await fetch(until: { try wantedCount == 0 }) { request in
      asked.withLock { $0.append(request.offset) }
      return try await ask(request)
    }
    let offsets = asked.withLock { $0 }
    #expect(offsets == offsets.sorted(), "no byte is fetched twice")
    #expect(offsets.filter { $0 == reached }.count == 2)
  }

  @Test func `wrong bytes cost the event's length, count for nothing and are reported`()
    async throws
  {
    let received = Mutex(0)
    try await fetch(until: { !faults.isEmpty }) { request in
      received.withLock { $0 += request.mostBytes }
      return .chunk([UInt8](repeating: 7, count: request.mostBytes))
    }
    #expect(received.withLock { $0 } == Self.length)
    let folder = try east.carrier().folder
    #expect(!folder.holds(sample.name))
    #expect(try folder.transfers() == [])
    #expect(try wantedCount == 1, "another time or another neighbour may bring it")
    #expect(faults.first?.contains("lake0") == true)
  }

  @Test func `more than was asked for ends the stream`() async throws {
    let error = await #expect(throws: TransportError.self) {
      try await fetch(until: { false }) { request in
        .chunk([UInt8](repeating: 7, count: request.mostBytes + 1))
      }
    }
    #expect(error?.code == .malformedFrame)
    #expect(try east.carrier().folder.transfers().first?.receivedBytes == 0)
  }

  @Test func `a file that is shorter than its event says ends with a refusal`() async throws {
    let content = sample.content
    try await fetch(until: { !faults.isEmpty }) { request in
      let end = min(request.offset + request.mostBytes, 1_000)
      return request.offset < end ? .chunk(Array(content[request.offset..<end])) : .refused
    }
    let folder = try east.carrier().folder
    #expect(!folder.holds(sample.name))
    #expect(try folder.transfers().first?.receivedBytes == 1_000)
  }

  @Test func `who refuses or puts off is left alone for a while`() async throws {
    for answer in [EvidenceFrame.refused, .wait(seconds: 3_600)] {
      let asked = Mutex(0)
      let peer = try #require(RegionID("lake0"))
      let registry = east.core.evidence
      registry.forget(sample.name)
      try await fetch(until: { registry.retryAt(sample.name, of: peer) > 0 }) { _ in
        asked.withLock { $0 += 1 }
        return answer
      }
      let fetcher = EvidenceFetcher(carrier: try east.carrier(), peer: peer)
      let later = try east.core.store.read { try fetcher.choose($0, at: 1_000) }
      #expect(later.evidence == nil && later.dueMilliseconds > 1_000)
      let muchLater = try east.core.store.read { try fetcher.choose($0, at: 3_600_000) }
      #expect(muchLater.evidence?.name == sample.name)
      #expect(asked.withLock { $0 } == 1)
    }
  }

  @Test func `what rests longest makes room where too much is half fetched`() async throws {
    var limits = EvidenceLimits()
    limits.transferBytes = Self.length + 10
    let folder = try east.carrier(limits).folder
    let other = EvidenceName(of: [1])
    do {
      var transfer = try folder.transfer(of: other, byteCount: 20)
      try transfer.append([1, 2, 3])
      #expect(throws: EvidenceError.self) {
        _ = try folder.transfer(of: sample.name, byteCount: Self.length)
      }
      #expect(try !folder.dropOldestTransfer(), "one that is being fetched stays")
    }
    let event = sample.event
    let named = try #require(try east.core.store.read { try east.carrier().named(event, $0) })
    let file = try await FetchedFile.open(named, in: folder)
    #expect(file.receivedBytes == 0)
    #expect(try folder.transfers().map(\.name) == [sample.name])
  }
}
