import Casework
package import Ledger
package import Replication
import Store

/// The file `tree.bundle` of a provisioned folder: the hub's first commits, with the signed tree and
/// the regions' reference data, so that a node knows its place before it was ever linked.
///
/// Its content goes through the ordinary apply path: what does not verify is not taken.
package enum TreeBundle {
  /// The longest file that is read, in bytes.
  package static let maximumBytes = 16 * 1024 * 1024

  private static let format = "liandong.bundle/1"

  /// The file's bytes: canonical `{format, chains, commits}`.
  package static func encode(_ shipments: [Shipment]) -> [UInt8] {
    let chains = Set(shipments.flatMap(\.chains)).sorted { a, b in
      a.lexicographicallyPrecedes(b) { $0.lexicographicallyPrecedes($1) }
    }
    let commits = shipments.flatMap(\.commits).map { commit in
      CanonicalValue.array([
        .bytes(commit.stampBytes), .bytes(commit.previous.bytes),
        .array(
          commit.entries.map { entry in
            switch entry {
            case .event(let event): .array([.bytes(event.bytes)])
            case .withheld(let hash): .bytes(hash.bytes)
            }
          }), .bytes(commit.signature),
      ])
    }
    return CanonicalValue.map([
      "format": .text(format),
      "chains": .array(chains.map { .array($0.map { .bytes($0) }) }),
      "commits": .array(commits),
    ]).encoded
  }

  /// The bundle of what a node's store knows, whether the node runs or not.
  ///
  /// - Throws: `StoreError` where there is no store.
  package static func made(from home: HomeLayout) throws -> [UInt8] {
    let library = ProcessLibrary.shipped
    return try Store.inspect(in: home.path, library: library) { encode(try $0.referenceData()) }
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `MalformedBytes` for another format or an ill-formed commit.
  package static func decode(_ bytes: [UInt8]) throws(MalformedBytes) -> Shipment {
    let value = try CanonicalValue(decoding: bytes)
    guard value["format"]?.text == format, let chains = value["chains"]?.array,
      let rows = value["commits"]?.array
    else { throw MalformedBytes("no bundle of this format", at: 0) }
    var commits: [Commit] = []
    for row in rows {
      guard let fields = row.array, fields.count == 4, let stamp = fields[0].bytes,
        let previous = fields[1].bytes.flatMap({ Hash($0) }), let entries = fields[2].array,
        let signature = fields[3].bytes
      else { throw MalformedBytes("ill-formed commit \(commits.count + 1)", at: 0) }
      let parts = entries.compactMap { entry -> Commit.Part? in
        entry.bytes.flatMap { Hash($0) }.map { .withheld($0) }
          ?? entry.array?.first?.bytes.map { .event($0) }
      }
      guard parts.count == entries.count else {
        throw MalformedBytes("ill-formed commit \(commits.count + 1)", at: 0)
      }
      commits.append(
        try Commit(
          stampBytes: stamp, previous: previous, parts: parts, signature: signature))
    }
    return Shipment(
      chains: chains.map { $0.array?.compactMap(\.bytes) ?? [] }, commits: commits)
  }
}
