package import Crypto

/// A node's key as the ledger uses it: seals drafts into signed commits.
package struct CommitSigner: Sendable {
  private let privateKey: P256.Signing.PrivateKey
  /// The key's name as stamps carry it.
  package let key: KeyName

  package init(privateKey: P256.Signing.PrivateKey) {
    self.privateKey = privateKey
    self.key = KeyName(of: privateKey.publicKey)
  }

  /// Seals a draft into a commit.
  ///
  /// - Parameters:
  ///   - draft: 1 to `LedgerBounds.commitEvents` events; its stamp must name this signer's key.
  ///   - previous: the hash of the origin's last commit; `Hash.zero` before its first.
  /// - Throws: `MalformedBytes` where the draft exceeds a bound; an error of the signing library.
  package func seal(_ draft: CommitDraft, previous: Hash) throws -> Commit {
    precondition(draft.stamp.key == key, "a stamp must name the key that signs it")
    let list = Commit.listHash(
      draft.parts.map { Event.hash(of: $0, stampHash: draft.stampHash) })
    let preimage = Commit.preimage(stampHash: draft.stampHash, previous: previous, list: list)
    return try Commit(
      stampBytes: draft.stampBytes, previous: previous, parts: draft.parts.map { .event($0) },
      signature: Array(privateKey.signature(for: preimage).rawRepresentation))
  }
}

extension KeyName {
  /// The name of a public key: the first half of the SHA-256 of its DER SubjectPublicKeyInfo.
  package init(of publicKey: P256.Signing.PublicKey) {
    let hash = Hash(SHA256.hash(data: publicKey.derRepresentation))
    guard let name = KeyName(hash.bytes.prefix(Self.byteCount)) else {
      preconditionFailure("a hash has more than 16 bytes")
    }
    self = name
  }
}

extension Commit {
  /// Whether the commit's own signature is that of `key`.
  package func isSigned(by key: P256.Signing.PublicKey) -> Bool {
    guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else {
      return false
    }
    let preimage = Self.preimage(
      stampHash: Stamp.hash(of: stampBytes), previous: previous,
      list: Self.listHash(entries.map(\.hash)))
    return key.isValidSignature(signature, for: preimage)
  }
}
