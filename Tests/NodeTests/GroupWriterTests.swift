import Replication
import Store
import Synchronization
import Testing

@testable import Node

/// The writer's end.
@Suite(.timeLimit(.minutes(10))) struct GroupWriterTests {
  @Test func `small requests are grouped up to their number, full batches by two`() {
    let full = ReplicationBounds.batchCommits
    #expect(GroupWriter.groupCount([Int]()) == 0)
    #expect(GroupWriter.groupCount([full]) == 1)
    #expect(GroupWriter.groupCount([Int](repeating: full, count: 8)) == 2)
    #expect(GroupWriter.groupCount([1, 1, full, full, full]) == 4)
    #expect(GroupWriter.groupCount([Int](repeating: 1, count: 500)) == GroupWriter.groupSize)
    // One request may weigh more than a group: it still gets its turn.
    #expect(GroupWriter.groupCount([GroupWriter.groupWeight * 3, 1]) == 1)
  }

  @Test func `a writer that finishes carries out what waits and refuses what comes later`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let done = Atomic(0)
    for _ in 0..<200 {
      lake.core.writer.submit { _ in
      } completion: { outcome in
        if (try? outcome.get()) != nil { done.wrappingAdd(1, ordering: .relaxed) }
      }
    }
    lake.core.writer.finish()
    #expect(done.load(ordering: .relaxed) == 200)
    let late = await #expect(throws: StoreError.self) {
      try await lake.core.writer.write { _ in }
    }
    #expect(late?.code == .closed)
    lake.core.writer.finish()
  }

  @Test func `a store that is closed refuses and prepares nothing`() throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    try lake.close()
    #expect(throws: (any Error).self) { try lake.core.store.write(now: 1) { _ in } }
    #expect(throws: (any Error).self) { try lake.core.store.read { try $0.identity() } }
  }
}
