import Node
import Replication
import Testing

@Suite struct GroupWriterTests {
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
}
