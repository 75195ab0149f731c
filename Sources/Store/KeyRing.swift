package import Crypto
package import Ledger
package import Regions
package import Replication

/// A node key as a verified certificate chain gives it.
package struct JudgedKey: Sendable {
  package let key: KeyName
  package let publicKey: P256.Signing.PublicKey
  package let region: RegionID
  package let tier: Tier

  package init(key: KeyName, publicKey: P256.Signing.PublicKey, region: RegionID, tier: Tier) {
    self.key = key
    self.publicKey = publicKey
    self.region = region
    self.tier = tier
  }
}

/// Judges certificate chains for history: by the deployment's root, never by today's date.
package protocol KeyJudge: Sendable {
  /// The key that the chain certifies.
  ///
  /// - Throws: an error whose description says what is wrong with the chain.
  func judge(_ chain: CertificateChain) throws -> JudgedKey

  /// Whether a commit's own signature is that of the key. A judge of many stores may remember.
  func isSigned(_ commit: Commit, by key: JudgedKey) -> Bool
}

extension KeyJudge {
  package func isSigned(_ commit: Commit, by key: JudgedKey) -> Bool {
    commit.isSigned(by: key.publicKey)
  }
}

extension JudgedKey {
  /// Whether the key is certified for the region and tier that the stamp speaks for.
  func mayStamp(_ stamp: Stamp) -> Bool {
    region == stamp.origin.region && tier == stamp.tier
  }

  /// Rebuilds a key from its stored form.
  init(key: KeyName, x963: [UInt8], region: RegionID, tier: Tier) throws {
    self.init(
      key: key, publicKey: try P256.Signing.PublicKey(x963Representation: x963), region: region,
      tier: tier)
  }
}
