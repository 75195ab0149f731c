import GRPCNIOTransportHTTP2
package import Identity
import NIOCertificateReloading
import NIOSSL
import Synchronization

/// The key, chain and roots that new connections of this node use. What is replaced here holds from
/// the next handshake on; sessions that are open stay as they are.
package final class LinkCredentials: Sendable {
  private struct Held: Sendable {
    let credentials: NodeKeyStore.Credentials
    let tls: NIOSSLContextConfigurationOverride
  }

  private let held: Mutex<Held>

  /// - Throws: `TransportError`: credentials unusable.
  package init(_ credentials: NodeKeyStore.Credentials) throws {
    held = Mutex(try Self.prepare(credentials))
  }

  /// The credentials in force.
  package var current: NodeKeyStore.Credentials { held.withLock(\.credentials) }

  /// Puts new credentials in force; on an error the old ones stay.
  ///
  /// - Throws: `TransportError`: credentials unusable.
  package func replace(with credentials: NodeKeyStore.Credentials) throws {
    let prepared = try Self.prepare(credentials)
    held.withLock { $0 = prepared }
  }

  /// Reads the node's folder again; on an error the old credentials stay.
  ///
  /// - Throws: `IdentityError` of the folder; `TransportError`: credentials unusable.
  package func reload(from store: NodeKeyStore) throws {
    try replace(with: store.load())
  }

  /// The credentials in force, in the form of the TLS library.
  var tls: NIOSSLContextConfigurationOverride { held.withLock(\.tls) }

  /// The roots that the TLS library is told of; it names them to clients and judges nothing by them.
  var trustRoots: TLSConfig.TrustRootsSource {
    .certificates(current.roots.der.map { .bytes($0, format: .der) })
  }

  private static func prepare(_ credentials: NodeKeyStore.Credentials) throws -> Held {
    do {
      var tls = NIOSSLContextConfigurationOverride()
      tls.certificateChain = try credentials.chain.der.map {
        .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
      }
      let key = try NIOSSLPrivateKey(bytes: Array(credentials.key.pem.utf8), format: .pem)
      tls.privateKey = .privateKey(key)
      return Held(credentials: credentials, tls: tls)
    } catch {
      throw TransportError(
        .credentialsUnusable,
        "the TLS library does not take this node's key or certificates; issue them again",
        cause: error)
    }
  }

  /// Asked by the TLS library at every handshake.
  struct Reloader: CertificateReloader {
    let credentials: LinkCredentials
    var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride { credentials.tls }
  }
}
