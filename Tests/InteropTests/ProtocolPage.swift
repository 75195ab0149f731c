import Foundation
import Ledger
import Testing

/// The vectors of `docs/PROTOCOL.md`: fenced blocks `vector NAME` of lines `key: value`.
struct ProtocolPage {
  /// The lines of each block, in order; a key may stand several times.
  let blocks: [String: [(key: String, value: String)]]

  /// The root of the checkout.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  init() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/PROTOCOL.md"), encoding: .utf8)
    var blocks: [String: [(key: String, value: String)]] = [:]
    var open: String?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        open = line.hasPrefix("```vector ") ? String(line.dropFirst("```vector ".count)) : nil
        if let open { blocks[open] = [] }
      } else if let open {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        blocks[open]?.append((String(parts[0]), value))
      }
    }
    self.blocks = blocks
  }

  /// The lines of a block that must be there.
  func lines(_ name: String) throws -> [(key: String, value: String)] {
    try #require(blocks[name], "docs/PROTOCOL.md has no vector \(name)")
  }

  /// A value of a block, each of which must be there.
  func text(_ block: String, _ key: String) throws -> String {
    let line = try lines(block).first { $0.key == key }
    return try #require(line?.value, "the vector \(block) has no line \(key)")
  }

  func bytes(_ block: String, _ key: String) throws -> [UInt8] {
    let text = try text(block, key)
    return try #require([UInt8](hex: text), "\(block), \(key): not hexadecimal")
  }

  func number<Number: FixedWidthInteger>(_ block: String, _ key: String) throws -> Number {
    let text = try text(block, key)
    return try #require(Number(text), "\(block), \(key): not a number within its range")
  }

  func hash(_ block: String, _ key: String) throws -> Hash {
    let bytes = try bytes(block, key)
    return try #require(Hash(bytes), "\(block), \(key): not 32 bytes")
  }

  /// The commit of a block with the events of other blocks, the rest withheld.
  func commit(_ block: String, events: [String]) throws -> Commit {
    var parts: [Commit.Part] = []
    for (place, hash) in try text(block, "events").split(separator: " ").enumerated() {
      parts.append(
        place < events.count
          ? .event(try bytes(events[place], "bytes")) : .withheld(try #require(Hash(hex: hash))))
    }
    return try Commit(
      stampBytes: bytes(block, "stamp"), previous: hash(block, "previous"), parts: parts,
      signature: bytes(block, "signature"))
  }
}
