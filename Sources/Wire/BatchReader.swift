import Ledger
import Replication

/// Reads the message `Batch` of `liandong.proto` straight from a frame's bytes into commits.
///
/// Batches are nearly all that a link carries, and the library's messages in between would copy each
/// field twice. This reads the same messages with the same bounds and the same places in its errors;
/// frames that hold more than a lone batch go through the library.
enum BatchReader {
  /// The bytes of the batch in a frame that consists of it alone; `nil` for any other frame.
  static func soleBatch(in frame: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var reader = FieldReader(frame)
    guard let field = try? reader.next(), field.number == Number.batch,
      case .bytes(let content) = field.content, reader.isAtEnd
    else { return nil }
    return content
  }

  /// The numbers of the fields, by message.
  private enum Number {
    static let batch: UInt64 = 3
    static let lane: UInt64 = 1, start: UInt64 = 2, chains: UInt64 = 3, items: UInt64 = 4
    static let commit: UInt64 = 1, mark: UInt64 = 2
    static let stamp: UInt64 = 1, previous: UInt64 = 2, events: UInt64 = 3
    static let withheld: UInt64 = 4, signature: UInt64 = 5
    static let place: UInt64 = 1, hash: UInt64 = 2
    static let incarnation: UInt64 = 1, position: UInt64 = 2, running: UInt64 = 3
    static let certificates: UInt64 = 1
  }

  static func read(_ bytes: UnsafeRawBufferPointer) throws(MalformedFrame) -> Batch {
    var reader = FieldReader(bytes)
    var lane: Lane?
    var start: Cursor?
    var chains: [CertificateChain] = []
    var items: [Batch.Item] = []
    var commits = 0
    while let field = try reader.next() {
      switch (field.number, field.content) {
      case (Number.lane, .number(let number)): lane = try Self.lane(number)
      case (Number.start, .bytes(let content)):
        guard start == nil else { throw MalformedFrame("more than 1 of them", at: "start") }
        start = try at("start") { () throws(MalformedFrame) in try cursor(content) }
      case (Number.chains, .bytes(let content)):
        guard chains.count < WireBounds.chains else {
          throw MalformedFrame("more than \(WireBounds.chains) of them", at: "chains")
        }
        chains.append(
          try element(chains.count, of: "chains") { () throws(MalformedFrame) in
            try chain(content)
          })
      case (Number.items, .bytes(let content)):
        guard items.count < ReplicationBounds.batchItems else {
          throw MalformedFrame("more than \(ReplicationBounds.batchItems) of them", at: "items")
        }
        items.append(
          try element(items.count, of: "items") { () throws(MalformedFrame) -> Batch.Item in
            try item(content, &commits)
          })
      default: continue
      }
    }
    guard let lane else { throw MalformedFrame("unknown lane 0", at: "lane") }
    guard let start else { throw MalformedFrame("zero", at: "start.incarnation") }
    return Batch(lane: lane, start: start, chains: chains, items: items)
  }

  /// Names the element of a repeated field in which `body` finds a fault.
  private static func element<Value>(
    _ index: Int, of name: String, _ body: () throws(MalformedFrame) -> Value
  ) throws(MalformedFrame) -> Value {
    do {
      return try body()
    } catch {
      throw error.inside("\(name)[\(index)]")
    }
  }

  private static func lane(_ number: UInt64) throws(MalformedFrame) -> Lane {
    switch number {
    case 1: return .urgent
    case 2: return .bulk
    default: throw MalformedFrame("unknown lane \(number)", at: "lane")
    }
  }

  private static func cursor(_ bytes: UnsafeRawBufferPointer) throws(MalformedFrame) -> Cursor {
    var reader = FieldReader(bytes)
    var (incarnation, position) = (UInt32(0), UInt64(0))
    var running = UnsafeRawBufferPointer(start: nil, count: 0)
    while let field = try reader.next() {
      switch (field.number, field.content) {
      case (Number.incarnation, .number(let number)):
        incarnation = UInt32(truncatingIfNeeded: number)
      case (Number.position, .number(let number)): position = number
      case (Number.running, .bytes(let content)): running = content
      default: continue
      }
    }
    return Cursor(
      incarnation: try Read.positive(incarnation, "incarnation"),
      position: try Read.position(position, "position"),
      running: try hash(running, "running"))
  }

  private static func chain(
    _ bytes: UnsafeRawBufferPointer
  ) throws(MalformedFrame) -> CertificateChain {
    var reader = FieldReader(bytes)
    var certificates: CertificateChain = []
    while let field = try reader.next() {
      guard field.number == Number.certificates, case .bytes(let der) = field.content else {
        continue
      }
      guard certificates.count < ReplicationBounds.chainCertificates else {
        throw MalformedFrame(
          "more than \(ReplicationBounds.chainCertificates) of them", at: "certificates")
      }
      guard (1...ReplicationBounds.certificateBytes).contains(der.count) else {
        throw MalformedFrame("\(der.count) bytes", at: "certificates[\(certificates.count)]")
      }
      certificates.append([UInt8](der))
    }
    guard !certificates.isEmpty else { throw MalformedFrame("0 certificates", at: "certificates") }
    return certificates
  }

  private static func item(
    _ bytes: UnsafeRawBufferPointer, _ commits: inout Int
  ) throws(MalformedFrame) -> Batch.Item {
    var reader = FieldReader(bytes)
    var item: Batch.Item?
    var known = 0
    while let field = try reader.next() {
      guard case .bytes(let content) = field.content,
        field.number == Number.commit || field.number == Number.mark
      else { continue }
      known += 1
      guard known == 1 else { continue }
      guard field.number == Number.commit else {
        item = .mark(try hash(content, "mark"))
        continue
      }
      commits += 1
      guard commits <= ReplicationBounds.batchCommits else {
        throw MalformedFrame("more than \(ReplicationBounds.batchCommits) commits", at: "")
      }
      item = .commit(
        try at("commit") { () throws(MalformedFrame) in try CommitReader.read(content) })
    }
    guard let item, known == 1 else {
      throw reader.malformed("\(known) kinds where there is one")
    }
    return item
  }

  fileprivate static func hash(
    _ bytes: UnsafeRawBufferPointer, _ name: String
  ) throws(MalformedFrame) -> Hash {
    guard bytes.count == Hash.byteCount else {
      throw MalformedFrame("hash of \(bytes.count) bytes", at: name)
    }
    return Hash(bytes)
  }

  /// Reads the message `Commit`.
  private enum CommitReader {
    static func read(_ bytes: UnsafeRawBufferPointer) throws(MalformedFrame) -> Commit {
      var reader = FieldReader(bytes)
      var (stamp, signature): ([UInt8], [UInt8]) = ([], [])
      var previous = Hash.zero
      var events: [Commit.Part] = []
      var withheld: [CommitParts.Withheld] = []
      while let field = try reader.next() {
        guard case .bytes(let content) = field.content else { continue }
        switch field.number {
        case Number.stamp:
          guard content.count <= WireBounds.stampBytes else {
            throw MalformedFrame("\(content.count) bytes", at: "stamp")
          }
          stamp = [UInt8](content)
        case Number.previous:
          previous = content.isEmpty ? .zero : try hash(content, "previous")
        case Number.events:
          guard events.count < LedgerBounds.commitEvents else {
            throw MalformedFrame("more than \(LedgerBounds.commitEvents) of them", at: "events")
          }
          events.append(.event([UInt8](content)))
        case Number.withheld:
          guard withheld.count < LedgerBounds.commitEvents else {
            throw MalformedFrame("more than \(LedgerBounds.commitEvents) of them", at: "withheld")
          }
          withheld.append(
            try element(withheld.count, of: "withheld") { () throws(MalformedFrame) in
              try Self.withheld(content)
            })
        case Number.signature: signature = [UInt8](content)
        default: continue
        }
      }
      let parts = try CommitParts.joined(events, withheld)
      do {
        return try Commit(
          stampBytes: stamp, previous: previous, parts: parts, signature: signature)
      } catch {
        throw MalformedFrame("\(error)", at: "")
      }
    }

    private static func withheld(
      _ bytes: UnsafeRawBufferPointer
    ) throws(MalformedFrame) -> CommitParts.Withheld {
      var reader = FieldReader(bytes)
      var place: UInt32 = 0
      var hash: Hash?
      while let field = try reader.next() {
        switch (field.number, field.content) {
        case (Number.place, .number(let number)): place = UInt32(truncatingIfNeeded: number)
        case (Number.hash, .bytes(let content)): hash = try BatchReader.hash(content, "hash")
        default: continue
        }
      }
      guard let hash else { throw MalformedFrame("hash of 0 bytes", at: "hash") }
      return (place, hash)
    }
  }
}
