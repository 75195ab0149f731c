package import Ledger
package import Regions

/// The hub's word that whoever writes must have an account from now on (施行账号制度). It goes to
/// everyone.
package enum AccountDemand {
  package static let kind = "accounts.required"
  package static let family = "accounts"

  /// - Parameter salt: 16 random bytes.
  package static func draft(salt: [UInt8]) -> EventDraft {
    EventDraft(
      entity: nil, kind: kind, parents: [], audience: [.everyone], salt: salt,
      body: CanonicalValue.map(["rules": .bytes(Process.accounts.hash.bytes)]).encoded)
  }
}

/// A node's secret for one-time codes, sealed to the regions above it (口令恢复密钥): ciphertext only.
package enum RecoverySeal {
  package static let kind = "recovery.sealed"
  package static let family = "recovery"

  /// - Parameters:
  ///   - region: the region that writes; what is sealed goes up from it.
  ///   - sealed: as `RecoverySecret` writes it.
  ///   - salt: 16 random bytes.
  package static func draft(
    of region: RegionID, sealed: CanonicalValue, salt: [UInt8]
  ) -> EventDraft {
    EventDraft(
      entity: nil, kind: kind, parents: [], audience: [region], salt: salt,
      body: CanonicalValue.map([
        "rules": .bytes(Process.accounts.hash.bytes), "sealed": sealed,
      ]).encoded)
  }

  /// What a founding event sealed; `nil` for an entity of another family or one without effect.
  package static func sealed(in state: EntityState) -> CanonicalValue? {
    guard state.family == family, state.stage != nil else { return nil }
    return (try? CanonicalValue(decoding: state.founding.body))?["sealed"]
  }
}
