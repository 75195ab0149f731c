import Casework
import Ledger
package import Regions
package import Store

/// The public keys to which nodes seal what only some may read, as the origins' first commits announce
/// them.
package struct SealDirectory: Sendable {
  /// One reader: a region and the public key of its node, 32 bytes.
  package struct Recipient: Hashable, Sendable {
    package let region: RegionID
    package let publicKey: [UInt8]

    package init(region: RegionID, publicKey: [UInt8]) {
      self.region = region
      self.publicKey = publicKey
    }
  }

  private let keys: [RegionID: [UInt8]]

  static let keyBytes = 32

  /// Reads the newest announced key of each region.
  package init(reader: StoreReader) throws {
    var newest: [RegionID: (incarnation: UInt32, key: [UInt8])] = [:]
    for (incarnation, entity) in try reader.originEntities() {
      // An origin whose founding has no effect announces nothing.
      guard let state = entity.state, state.stage != nil,
        let key = try? CanonicalValue(decoding: state.founding.body)["seal"]?.bytes,
        key.count == Self.keyBytes
      else { continue }
      let region = state.founding.region
      if newest[region].map({ $0.incarnation < incarnation }) ?? true {
        newest[region] = (incarnation, key)
      }
    }
    keys = newest.mapValues(\.key)
  }

  /// The node itself and each region above it whose key is known.
  ///
  /// - Parameter own: the node's own public key, 32 bytes.
  package func recipients(
    above region: RegionID, own: [UInt8], in tree: LinkTree?
  ) -> [Recipient] {
    let above = (tree?.path(from: region) ?? []).filter { $0 != region }
    return [Recipient(region: region, publicKey: own)]
      + above.compactMap { upper in
        keys[upper].map { Recipient(region: upper, publicKey: $0) }
      }
  }
}
