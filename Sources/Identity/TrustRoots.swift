import Crypto
import SwiftASN1
import X509

/// The root certificates of one deployment, and the judgement of chains against them.
///
/// More than one root stands here while a root is being replaced. The deployment's name is the
/// organisation in the roots' subject.
package struct TrustRoots: Sendable {
  /// The deployment that the roots speak for.
  package let deployment: Deployment
  /// The DER of the roots.
  package let der: [[UInt8]]

  let certificates: [Certificate]

  /// The most roots of one deployment.
  package static let maximumCount = 4

  /// Reads the roots of `root.pem`.
  ///
  /// - Throws: `IdentityError` if a certificate is not a self-signed P-256 CA of this program, or
  ///   the roots are of different deployments.
  package init(pem: String) throws {
    try self.init(
      der: CertificateChain.certificateBlocks(pem: pem, maximumCount: Self.maximumCount))
  }

  init(der: [[UInt8]]) throws {
    var certificates: [Certificate] = []
    var deployments: Set<Deployment> = []
    for bytes in der {
      do {
        let certificate = try CertificateRules.parse(bytes, place: "the root")
        try CertificateRules.checkAuthority(certificate, place: "the root", authoritiesBelow: 1)
        try CertificateRules.checkSignature(of: certificate, place: "the root", by: certificate)
        deployments.insert(try CertificateRules.deployment(ofAuthority: certificate))
        certificates.append(certificate)
      } catch {
        throw IdentityError(
          .malformed,
          "a trusted root is not usable: \(error.message); take root.pem from the CA's folder")
      }
    }
    guard let deployment = deployments.first, deployments.count == 1 else {
      throw IdentityError(
        .mismatch,
        "the trusted roots are of \(deployments.count) deployments; keep the roots of one")
    }
    self.deployment = deployment
    self.der = der
    self.certificates = certificates
  }

  /// One CERTIFICATE block for each root.
  package var pem: String { CertificateChain.pem(der) }
}

extension TrustRoots {
  /// The answer to ``TrustRoots/judge(chain:)``.
  package enum ChainVerdict: Sendable {
    case certified(CertifiedKey)
    case refused(CertificateRefusal)
  }

  /// Whether `chain` proves the key of a node of this deployment: validity for *history*.
  ///
  /// The chain is DER, leaf first, then the issuing CA; the root itself may follow. It may come
  /// from a hostile peer. Every signature up to a trusted root holds, every issuer is a CA within
  /// its path length (RFC 5280, 4.2.1.9), nothing critical is unknown, all keys are P-256, and the
  /// leaf is a node certificate with exactly one URI, of this deployment. The answer depends on
  /// the chain and the roots alone: no clock, no revocation.
  package func judge(chain: [[UInt8]]) -> ChainVerdict {
    do {
      return .certified(try certifiedKey(chain))
    } catch {
      return .refused(error)
    }
  }

  private func certifiedKey(_ chain: [[UInt8]]) throws(CertificateRefusal) -> CertifiedKey {
    guard (1...CertificateChain.maximumCount).contains(chain.count) else {
      throw CertificateRefusal(
        .malformed,
        "the chain has \(chain.count) certificates; send 1 to \(CertificateChain.maximumCount): "
          + "the node's and those of the CAs above it")
    }
    var certificates: [Certificate] = []
    for (index, bytes) in chain.enumerated() {
      certificates.append(try CertificateRules.parse(bytes, place: Self.place(index)))
    }
    let leaf = certificates[0]
    let issuers = try issuers(above: leaf, in: certificates.dropFirst())

    let (name, publicKey) = try CertificateRules.checkNode(leaf)
    guard name.deployment == deployment else {
      throw CertificateRefusal(
        .wrongDeployment,
        "the certificate is for \(name) and this is the deployment \(deployment); use a "
          + "certificate of this deployment's CA")
    }
    return CertifiedKey(
      name: name,
      publicKey: publicKey,
      keyID: KeyID(of: publicKey),
      notBefore: leaf.notValidBefore,
      notAfter: leaf.notValidAfter,
      issuersNotBefore: issuers.map(\.notValidBefore).max() ?? leaf.notValidBefore,
      issuersNotAfter: issuers.map(\.notValidAfter).min() ?? leaf.notValidAfter,
      fingerprint: Array(SHA256.hash(data: chain[0])))
  }

  /// The issuers of `leaf`, nearest first, each checked, the trusted root last.
  private func issuers(
    above leaf: Certificate, in rest: ArraySlice<Certificate>
  ) throws(CertificateRefusal) -> [Certificate] {
    var issuers = Array(rest)
    if let last = issuers.last, certificates.contains(last) { issuers.removeLast() }
    // A root never certifies a node itself, so that it can stay offline and be told apart.
    guard !issuers.isEmpty else {
      throw CertificateRefusal(
        .brokenChain,
        "there is no issuing CA between the node's certificate and the root; send the chain as "
          + "`ca issue` wrote it, node first, then the issuing CA")
    }
    var child = leaf
    for (index, issuer) in issuers.enumerated() {
      try CertificateRules.checkAuthority(
        issuer, place: Self.place(index + 1), authoritiesBelow: index)
      try CertificateRules.checkSignature(of: child, place: Self.place(index), by: issuer)
      child = issuer
    }
    issuers.append(try root(of: child, authoritiesBelow: issuers.count))
    return issuers
  }

  private func root(
    of top: Certificate, authoritiesBelow count: Int
  ) throws(CertificateRefusal) -> Certificate {
    for root in certificates where CertificateRules.isIssued(top, by: root) {
      try CertificateRules.checkAuthority(root, place: "the root", authoritiesBelow: count)
      return root
    }
    throw CertificateRefusal(
      .foreignAuthority,
      "the chain ends at \(CertificateDescription.plain(top.issuer)), which is not a root trusted "
        + "here; enrol the node with the CA of \(deployment)")
  }

  private static func place(_ index: Int) -> String {
    index == 0 ? "the node's certificate" : "certificate \(index + 1) of the chain"
  }
}
