import Ledger
import Replication

/// Writes a frame that holds an outgoing batch, in the encoding of `liandong.proto`: each byte is
/// copied once, from the store's row to the message.
struct BatchWriter {
  private var bytes: [UInt8] = []

  static func frame(_ batch: OutgoingBatch) -> [UInt8] {
    var writer = BatchWriter()
    let count = size(of: batch)
    writer.bytes.reserveCapacity(count + maximumHead)
    writer.head(3, count)
    writer.write(batch)
    return writer.bytes
  }

  /// The most bytes of a field's tag and length.
  private static let maximumHead = 11

  // MARK: sizes, which stand before what they measure

  private static func size(of batch: OutgoingBatch) -> Int {
    var count = 2 + field(size(of: batch.start))
    for chain in batch.chains { count += field(size(of: chain)) }
    for item in batch.items { count += field(size(of: item)) }
    return count
  }

  private static func size(of cursor: Cursor) -> Int {
    var count = field(Hash.byteCount)
    if cursor.incarnation != 0 { count += 1 + length(UInt64(cursor.incarnation)) }
    if cursor.position != 0 { count += 1 + length(cursor.position) }
    return count
  }

  private static func size(of chain: CertificateChain) -> Int {
    chain.reduce(0) { $0 + field($1.count) }
  }

  private static func size(of item: OutgoingBatch.Item) -> Int {
    switch item {
    case .commit(let commit): field(size(of: commit))
    case .mark: field(Hash.byteCount)
    }
  }

  private static func size(of commit: CommitBytes) -> Int {
    var count = field(commit.stamp.count) + field(commit.signature.count)
    if commit.previous != .zero { count += field(Hash.byteCount) }
    for (place, part) in commit.parts.enumerated() {
      switch part {
      case .event(let bytes): count += field(bytes.count)
      case .withheld: count += field(sizeOfWithheld(at: place))
      }
    }
    return count
  }

  private static func sizeOfWithheld(at place: Int) -> Int {
    field(Hash.byteCount) + (place == 0 ? 0 : 1 + length(UInt64(place)))
  }

  /// The bytes of a field of less than sixteen's number, its tag and length included.
  private static func field(_ count: Int) -> Int { 1 + length(UInt64(count)) + count }

  private static func length(_ number: UInt64) -> Int {
    max(1, (70 - number.leadingZeroBitCount) / 7)
  }

  // MARK: contents

  private mutating func write(_ batch: OutgoingBatch) {
    switch batch.lane {
    case .urgent: number(1, 1)
    case .bulk: number(1, 2)
    }
    head(2, Self.size(of: batch.start))
    write(batch.start)
    for chain in batch.chains {
      head(3, Self.size(of: chain))
      for certificate in chain { field(1, certificate) }
    }
    for item in batch.items {
      head(4, Self.size(of: item))
      switch item {
      case .commit(let commit):
        head(1, Self.size(of: commit))
        write(commit)
      case .mark(let mark): field(2, mark)
      }
    }
  }

  private mutating func write(_ cursor: Cursor) {
    if cursor.incarnation != 0 { number(1, UInt64(cursor.incarnation)) }
    if cursor.position != 0 { number(2, cursor.position) }
    field(3, cursor.running)
  }

  /// Fields in the order of their numbers, as the library writes them.
  private mutating func write(_ commit: CommitBytes) {
    field(1, commit.stamp)
    if commit.previous != .zero { field(2, commit.previous) }
    for case .event(let event) in commit.parts { field(3, event) }
    for (place, part) in commit.parts.enumerated() {
      guard case .withheld(let hash) = part else { continue }
      head(4, Self.sizeOfWithheld(at: place))
      if place != 0 { number(1, UInt64(place)) }
      field(2, hash)
    }
    field(5, commit.signature)
  }

  // MARK: fields

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func number(_ field: UInt8, _ number: UInt64) {
    bytes.append(field << 3)
    varint(number)
  }

  private mutating func head(_ field: UInt8, _ count: Int) {
    bytes.append(field << 3 | 2)
    varint(UInt64(count))
  }

  private mutating func field(_ field: UInt8, _ content: [UInt8]) {
    head(field, content.count)
    bytes.append(contentsOf: content)
  }

  private mutating func field(_ field: UInt8, _ hash: Hash) {
    head(field, Hash.byteCount)
    hash.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}
