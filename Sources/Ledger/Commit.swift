/// One signed unit of writing at one node: a person's action or one chunk of an import.
///
/// A commit may be held in part: an event that this node may not see stands in it as its bare hash.
package struct Commit: Hashable, Sendable {
  /// One place in a commit's list of events.
  package enum Entry: Hashable, Sendable {
    case event(Event)
    /// An event that is not here: its hash keeps the commit's own hash computable.
    case withheld(Hash)

    package var hash: Hash {
      switch self {
      case .event(let event): event.hash
      case .withheld(let hash): hash
      }
    }

    package var event: Event? {
      guard case .event(let event) = self else { return nil }
      return event
    }
  }

  package let stamp: Stamp
  package let stampBytes: [UInt8]
  /// The hash of the origin's commit before this one; `Hash.zero` for its first.
  package let previous: Hash
  package let entries: [Entry]
  /// The raw 64 bytes of a P-256 signature over `preimage`, outside every hash.
  package let signature: [UInt8]
  /// The commit's hash: SHA-256 of `preimage`.
  package let hash: Hash

  /// The number of bytes of a signature.
  package static let signatureBytes = 64

  /// What one place of a commit is read from.
  package enum Part: Hashable, Sendable {
    case event([UInt8])
    case withheld(Hash)
  }

  /// Reads a commit from its parts. That the parts are well formed says nothing of the signature.
  ///
  /// - Throws: `MalformedBytes` for an ill-formed part or an exceeded bound.
  package init(
    stampBytes: [UInt8], previous: Hash, parts: [Part], signature: [UInt8]
  ) throws(MalformedBytes) {
    let stamp = try Stamp(decoding: stampBytes)
    guard signature.count == Self.signatureBytes else {
      throw MalformedBytes("signature of \(signature.count) bytes", at: 0)
    }
    guard (1...LedgerBounds.commitEvents).contains(parts.count) else {
      throw MalformedBytes("commit of \(parts.count) events", at: 0)
    }
    guard (stamp.sequence == 1) == (previous == .zero) else {
      throw MalformedBytes("first commit with a previous one, or a later one without", at: 0)
    }
    let stampHash = Stamp.hash(of: stampBytes)
    var entries: [Entry] = []
    entries.reserveCapacity(parts.count)
    var size = 0
    for part in parts {
      switch part {
      case .event(let bytes):
        size += bytes.count
        guard size <= LedgerBounds.commitBytes else {
          throw MalformedBytes("commit of more than \(LedgerBounds.commitBytes) bytes", at: 0)
        }
        entries.append(
          .event(
            try Event(
              bytes: bytes, stampHash: stampHash, milliseconds: stamp.time.milliseconds)))
      case .withheld(let hash):
        entries.append(.withheld(hash))
      }
    }
    self.init(
      stamp: stamp, stampBytes: stampBytes, stampHash: stampHash, previous: previous,
      entries: entries, signature: signature)
  }

  private init(
    stamp: Stamp, stampBytes: [UInt8], stampHash: Hash, previous: Hash, entries: [Entry],
    signature: [UInt8]
  ) {
    self.stamp = stamp
    self.stampBytes = stampBytes
    self.previous = previous
    self.entries = entries
    self.signature = signature
    self.hash = Hash.tagged(
      "liandong.commit.1\n", [stampHash, previous, Self.listHash(entries.map(\.hash))])
  }

  /// The events that are here, with their places in the commit.
  package var events: [(position: Int, event: Event)] {
    entries.enumerated().compactMap { position, entry in entry.event.map { (position, $0) } }
  }

  /// What is signed: a tag and three hashes (stamp, previous commit, event list). Its SHA-256 is the
  /// commit's hash, so a signature of these bytes is one of that hash.
  package static func preimage(stampHash: Hash, previous: Hash, list: Hash) -> [UInt8] {
    var bytes = Array("liandong.commit.1\n".utf8)
    bytes.reserveCapacity(bytes.count + 3 * Hash.byteCount)
    for hash in [stampHash, previous, list] {
      hash.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// The hash of a commit's list of event hashes.
  package static func listHash(_ hashes: [Hash]) -> Hash {
    .tagged("liandong.events.1\n", hashes)
  }
}
