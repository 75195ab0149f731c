/// A commit as it is stored and sent: what a `Commit` is read from, neither parsed nor hashed.
///
/// A node relays what it holds without looking into it again; whoever takes it reads and judges it.
package struct CommitBytes: Hashable, Sendable {
  package var stamp: [UInt8]
  /// The hash of the origin's commit before this one; `Hash.zero` for its first.
  package var previous: Hash
  /// In the order of the commit's events.
  package var parts: [Commit.Part]
  /// The raw 64 bytes of a P-256 signature.
  package var signature: [UInt8]

  package init(stamp: [UInt8], previous: Hash, parts: [Commit.Part], signature: [UInt8]) {
    self.stamp = stamp
    self.previous = previous
    self.parts = parts
    self.signature = signature
  }

  /// The name of the key that the stamp names; `nil` for bytes that are no stamp.
  package var key: KeyName? { Stamp.key(inBytes: stamp) }
}

extension CommitBytes {
  /// The bytes that a commit was read from.
  package init(_ commit: Commit) {
    self.init(
      stamp: commit.stampBytes, previous: commit.previous,
      parts: commit.entries.map { entry in
        switch entry {
        case .event(let event): .event(event.bytes)
        case .withheld(let hash): .withheld(hash)
        }
      }, signature: commit.signature)
  }
}

extension Commit {
  /// Reads a commit. That its bytes are well formed says nothing of the signature.
  ///
  /// - Throws: `MalformedBytes` for an ill-formed part or an exceeded bound.
  package init(_ bytes: CommitBytes) throws(MalformedBytes) {
    try self.init(
      stampBytes: bytes.stamp, previous: bytes.previous, parts: bytes.parts,
      signature: bytes.signature)
  }
}
