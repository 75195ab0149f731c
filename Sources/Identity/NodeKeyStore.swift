/// The key and certificates in a node's folder: `node.key` (mode 0600), `node.pem` (the chain, node
/// first) and `root.pem`.
///
/// A renewal brings a new key. `node.pem` says which key is in force, and its replacement is the one
/// step that decides: before it the old key and chain stand, after it the new ones, and a crash in
/// between is repaired by ``load()``.
package struct NodeKeyStore: Sendable {
  /// The folder's path.
  package let path: String

  /// The files of a node's folder.
  package enum File {
    package static let key = "node.key"
    package static let chain = "node.pem"
    package static let roots = "root.pem"
    /// The key of a renewal that waits for its certificate.
    package static let nextKey = "node.key.next"
  }

  /// What a node needs to sign and to link; key, chain and roots belong together.
  package struct Credentials: Sendable {
    package let key: NodeKey
    package let chain: CertificateChain
    package let roots: TrustRoots
    /// What the chain proves, judged for history; dates are not looked at.
    package let certified: CertifiedKey
  }

  package init(path: String) { self.path = DurableFolder.normalised(path) }

  private var folder: DurableFolder { DurableFolder(path: path) }

  /// Writes a node's first key, making the folder (mode 0700) if there is none.
  ///
  /// - Throws: `IdentityError`: already exists, for a key is never overwritten; input or output.
  package func createKey(_ key: NodeKey) throws {
    try folder.createIfAbsent()
    try folder.createFile(File.key, key.pem, readers: .owner)
  }

  /// Writes the roots and the first chain of the key that is in the folder.
  ///
  /// - Throws: `IdentityError`: mismatch if the chain is not of this key or not of these roots.
  package func install(_ chain: CertificateChain, roots: TrustRoots) throws {
    _ = try credentials(key: readKey(File.key), chain: chain, roots: roots)
    try folder.replaceFile(File.roots, roots.pem, readers: .everybody)
    try folder.replaceFile(File.chain, chain.pem, readers: .everybody)
  }

  /// Puts the key of a renewal aside until its certificate comes. A renewal that was begun before
  /// goes on: the answer is the key that waits, `key` or the earlier one.
  package func beginRenewal(with key: NodeKey) throws -> NodeKey {
    if folder.holds(File.nextKey) { return try readKey(File.nextKey) }
    // Whole or absent: half a key left by a crash would bar the next start.
    try folder.replaceFile(File.nextKey, key.pem, readers: .owner)
    return key
  }

  /// Brings the waiting key and its chain into force.
  ///
  /// - Throws: `IdentityError`: not found if no renewal was begun; mismatch if the chain is not of
  ///   the waiting key, of these roots, or of the node's name.
  package func completeRenewal(_ chain: CertificateChain) throws -> Credentials {
    let current = try load()
    let next = try credentials(key: readKey(File.nextKey), chain: chain, roots: current.roots)
    guard next.certified.name == current.certified.name else {
      throw IdentityError(
        .mismatch,
        "the new certificate is for \(next.certified.name) and this node is "
          + "\(current.certified.name); ask the CA for one of this node's name")
    }
    try folder.replaceFile(File.chain, chain.pem, readers: .everybody)
    try folder.renameFile(File.nextKey, to: File.key)
    return next
  }

  /// Reads key, chain and roots, checks that they belong together, and finishes a renewal that a
  /// crash cut after its deciding step. Dates are not looked at: ask
  /// ``CertifiedKey/mayLink(at:revoked:)``.
  ///
  /// - Throws: `IdentityError`: not found, exposed key, malformed, mismatch.
  package func load() throws -> Credentials {
    let roots = try TrustRoots(pem: folder.readFile(File.roots, readers: .everybody))
    let chain = try CertificateChain(pem: folder.readFile(File.chain, readers: .everybody))
    let certified = try judge(chain, roots: roots)
    if folder.holds(File.nextKey) {
      let next = try readKey(File.nextKey)
      if next.keyID == certified.keyID {
        try folder.renameFile(File.nextKey, to: File.key)
        return Credentials(key: next, chain: chain, roots: roots, certified: certified)
      }
    }
    return try credentials(key: readKey(File.key), chain: chain, roots: roots)
  }

  /// Reads the node's key alone, for a signing request before there is a certificate.
  ///
  /// - Throws: `IdentityError`: not found, exposed key (with the cure), malformed.
  package func readKey() throws -> NodeKey { try readKey(File.key) }

  private func readKey(_ name: String) throws -> NodeKey {
    let text = try folder.readFile(name, readers: .owner)
    do {
      return try NodeKey(pem: text)
    } catch let error as IdentityError {
      throw IdentityError(error.code, "\(folder.path(of: name)): \(error.message)")
    }
  }

  private func judge(_ chain: CertificateChain, roots: TrustRoots) throws -> CertifiedKey {
    switch roots.judge(chain: chain.der) {
    case .certified(let certified): return certified
    case .refused(let refusal):
      throw IdentityError(
        .mismatch, "the certificate for \(path) does not count here: \(refusal.message)")
    }
  }

  private func credentials(
    key: NodeKey, chain: CertificateChain, roots: TrustRoots
  ) throws -> Credentials {
    let certified = try judge(chain, roots: roots)
    guard certified.keyID == key.keyID else {
      throw IdentityError(
        .mismatch,
        "the certificate is of the key \(certified.keyID) and the key in \(path) is \(key.keyID); "
          + "ask the CA for a certificate of the key that is here")
    }
    return Credentials(key: key, chain: chain, roots: roots, certified: certified)
  }
}
