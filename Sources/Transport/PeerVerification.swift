import Identity
import NIOCore
import NIOSSL

/// What a finished handshake proved of the other side.
struct VerifiedPeer: Sendable {
  let key: CertifiedKey
  /// The chain as it was presented: DER, leaf first.
  let chain: [[UInt8]]
}

/// The judgement of a peer's chain inside the handshake. It replaces the TLS library's own, which
/// knows hosts and not regions: a link's identity is the region in the URI, its address may be any.
enum PeerVerification {
  typealias Callback =
    @Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResultWithMetadata>) -> Void

  /// - Parameters:
  ///   - judge: whether a chain may go on; it keeps what it finds.
  static func callback(
    _ judge: @escaping @Sendable (_ chain: [[UInt8]], _ loop: any EventLoop) -> Bool
  ) -> Callback {
    { certificates, promise in
      let chain = try? certificates.map { try $0.toDERBytes() }
      let isGood = judge(chain ?? [], promise.futureResult.eventLoop)
      guard isGood, !certificates.isEmpty else { return promise.succeed(.failed) }
      promise.succeed(
        .certificateVerified(VerificationMetadata(ValidatedCertificateChain(certificates))))
    }
  }

  /// What a chain proves by the roots in force, or why it counts for nothing.
  static func judge(
    _ chain: [[UInt8]], by roots: TrustRoots
  ) -> Result<VerifiedPeer, TransportError> {
    switch roots.judge(chain: chain) {
    case .certified(let key): .success(VerifiedPeer(key: key, chain: chain))
    case .refused(let refusal): .failure(TransportError(refusal))
    }
  }
}

extension TransportError {
  /// What a failure of a handshake means. The library tells alerts apart only by their names.
  init(handshake error: any Error) {
    let names = String(describing: error).uppercased()
    if names.contains("DID_NOT_RETURN_A_CERTIFICATE") {
      self.init(
        .certificateRefused,
        "the other side shows no certificate; links need the node's certificate on both sides",
        cause: error)
    } else if names.contains("ALERT") && (names.contains("CERTIFICATE") || names.contains("_CA")) {
      self.init(
        .certificateRefused,
        "the other side refused this node's certificate; its log says why", cause: error)
    } else if names.contains("CERTIFICATE_VERIFY_FAILED") {
      self.init(.certificateRefused, "the other side's certificate was refused", cause: error)
    } else {
      self.init(
        .tlsRefused,
        "the TLS handshake failed; check that both sides are nodes and nothing between them ends "
          + "TLS", cause: error)
    }
  }
}
