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

extension CommitBytes {
  /// All of it in one canonical array: stamp, previous, parts, signature. A part is an event's bytes,
  /// or an array with the one hash of a withheld event.
  package var encoded: [UInt8] {
    CanonicalValue.array([
      .bytes(stamp), .bytes(previous.bytes),
      .array(
        parts.map { part in
          switch part {
          case .event(let bytes): .bytes(bytes)
          case .withheld(let hash): .array([.bytes(hash.bytes)])
          }
        }), .bytes(signature),
    ]).encoded
  }

  /// Reads what `encoded` gave.
  ///
  /// - Throws: `MalformedBytes` for anything else.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    let fields = try CanonicalValue(decoding: bytes).array ?? []
    guard fields.count == 4, let stamp = fields[0].bytes,
      let previous = fields[1].bytes.flatMap({ Hash($0) }), let elements = fields[2].array,
      let signature = fields[3].bytes
    else { throw MalformedBytes("commit of another shape", at: 0) }
    var parts: [Commit.Part] = []
    for element in elements {
      if let event = element.bytes {
        parts.append(.event(event))
      } else if let hash = element.array?.first?.bytes.flatMap({ Hash($0) }) {
        parts.append(.withheld(hash))
      } else {
        throw MalformedBytes("commit with a part of another shape", at: 0)
      }
    }
    self.init(stamp: stamp, previous: previous, parts: parts, signature: signature)
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
