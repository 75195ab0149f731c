package import Identity
package import Regions

/// The beginning of a folder whose keys are made on the node itself: its key, its settings, and a
/// request that the CA answers with `ca issue --csr`.
package struct NodeRequest: Sendable {
  /// What was made.
  package struct Made: Sendable {
    /// The path of the signing request.
    package let path: String
    package let key: KeyID
  }

  package let name: NodeName
  /// DNS and IP names that are asked for.
  package let hosts: [HostName]
  /// The node's language.
  package let language: Language

  package init(name: NodeName, hosts: [HostName], language: Language) {
    self.name = name
    self.hosts = hosts
    self.language = language
  }

  /// Makes what the folder lacks. A key that stands is kept and asked for again.
  ///
  /// - Throws: `HomeError`: already exists, where there is a certificate or a request already;
  ///   foreign owner; input or output. `IdentityError` for a key that cannot be read and for hosts.
  package func make(in home: HomeLayout) throws -> Made {
    try home.requireOwner()
    let folder = HomeFolder(path: home.path)
    let store = home.keyStore
    guard !folder.holds(NodeKeyStore.File.chain) else {
      throw HomeError(
        .alreadyExists,
        "\(home.path) has a certificate already; choose another folder for another node")
    }
    try folder.createIfAbsent()
    if !folder.holds(NodeKeyStore.File.key) { try store.createKey(.generate()) }
    let key = try store.readKey()
    let request = try key.certificateSigningRequest(name: name, hosts: hosts)
    if !folder.holds(HomeLayout.File.configuration) {
      let settings = NodeConfiguration(name: name, language: language)
      try folder.createFile(
        HomeLayout.File.configuration, settings.commentedText, readers: .everybody)
    }
    try folder.createFile(HomeLayout.File.request, request, readers: .everybody)
    return Made(path: home.path(of: HomeLayout.File.request), key: key.keyID)
  }
}
