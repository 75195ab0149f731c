import Ledger
import Replication

/// Gathers the certificate chains that the commits of one frame need.
struct ChainCollector {
  private(set) var byKey: [KeyName: CertificateChain] = [:]
  private var seen: Set<KeyName> = []
  private var bytes = 0

  /// Whether the frame should take no commit of a further key.
  var isFull: Bool { bytes >= ReplicationBounds.frameChainBytes }

  /// Adds the chain of a key, once; a key without a chain here adds none.
  mutating func add(_ key: KeyName?, _ reader: StoreReader) throws {
    guard let key, seen.insert(key).inserted, let chain = try reader.chain(of: key) else { return }
    byKey[key] = chain
    bytes += FrameSize.of(chain)
  }
}
