package import Identity

/// The files of a node's folder ("home"): the one place where their names stand.
package struct HomeLayout: Hashable, Sendable {
  /// The folder's path, without a slash at its end.
  package let path: String

  /// Where a node's folder is unless the operator says otherwise.
  package static let defaultPath = "/var/lib/liandong"
  /// The environment variable that names the folder.
  package static let environmentVariable = "LIANDONG_HOME"

  /// The layout of the folder at that path, which need not exist.
  package init(path: String) {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// The folder's key, certificate chain and trusted roots.
  package var keyStore: NodeKeyStore { NodeKeyStore(path: path) }
  /// The node's settings, YAML.
  package var configuration: String { path(of: File.configuration) }
  /// The private X25519 key to which one-time codes' secrets are sealed, mode 0600.
  package var sealKey: String { path(of: File.sealKey) }
  /// The hub-signed initial tree; optional.
  package var tree: String { path(of: File.tree) }
  /// The store's database; SQLite keeps a `-wal` and a `-shm` file beside it.
  package var database: String { path(of: File.database) }
  /// The start counter, which no backup holds.
  package var starts: String { path(of: File.starts) }
  /// The lock that one process holds while it writes the store.
  package var lock: String { path(of: File.lock) }
  /// The folder of mode 0700 in which the control socket stands.
  package var runFolder: String { path(of: File.runFolder) }
  /// The control socket, on which a running node takes commands.
  package var controlSocket: String { runFolder + "/" + File.controlSocket }

  /// The folder of mode 0700 that holds the evidence files.
  package var evidence: String { path(of: File.evidence) }

  /// The names of the files within the folder.
  package enum File {
    package static let configuration = "node.yaml"
    package static let sealKey = "seal.key"
    /// The keys of reporters' contacts, mode 0600; no backup holds it.
    package static let contactKeys = "contact.keys"
    package static let tree = "tree.bundle"
    /// The signing request of a key that was made here.
    package static let request = "node.csr"
    package static let database = "liandong.db"
    package static let starts = "starts"
    package static let lock = "store.lock"
    package static let runFolder = "run"
    package static let controlSocket = "control.sock"
    package static let evidence = "evidence"
    /// The systemd unit that provisioning puts beside the node's files.
    package static let serviceUnit = "liandong.service"
  }

  /// The path of a file in the folder.
  package func path(of name: String) -> String { path == "/" ? "/" + name : path + "/" + name }
}
