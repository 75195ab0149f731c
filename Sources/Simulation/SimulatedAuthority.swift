import Crypto
import Ledger
import Regions
import Replication
import Store
import Synchronization

/// The city's certificate authority: a "chain" is one canonical array of region, tier and public
/// key, and is good if it was issued here.
final class SimulatedAuthority: KeyJudge {
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// A signature once looked at: the hash covers all that is signed.
  private struct Looked: Hashable {
    let commit: Hash
    let signature: [UInt8]
    let key: KeyName
  }

  private let issued = Mutex<Set<[UInt8]>>([])
  /// What became of the signatures looked at: every commit reaches several offices. The last check of
  /// the stores judges them anew, by ``afresh()``.
  private let signatures = Mutex<[Looked: Bool]>([:])

  /// This authority without a memory of signatures.
  func afresh() -> SimulatedAuthority {
    let other = SimulatedAuthority()
    let chains = issued.withLock { $0 }
    other.issued.withLock { $0 = chains }
    return other
  }

  func issue(_ key: P256.Signing.PublicKey, _ region: RegionID, _ tier: Tier) -> CertificateChain {
    let chain = Self.chain(key, region, tier)
    issued.withLock { _ = $0.insert(chain[0]) }
    return chain
  }

  /// The form of a chain, issued or not.
  static func chain(
    _ key: P256.Signing.PublicKey, _ region: RegionID, _ tier: Tier
  ) -> CertificateChain {
    [
      CanonicalValue.array([
        .text(region.rawValue), .integer(Int64(tier.rawValue)),
        .bytes(Array(key.x963Representation)),
      ]).encoded
    ]
  }

  func isSigned(_ commit: Commit, by key: JudgedKey) -> Bool {
    let looked = Looked(commit: commit.hash, signature: commit.signature, key: key.key)
    if let known = signatures.withLock({ $0[looked] }) { return known }
    let isSigned = commit.isSigned(by: key.publicKey)
    signatures.withLock { $0[looked] = isSigned }
    return isSigned
  }

  func judge(_ chain: CertificateChain) throws -> JudgedKey {
    guard chain.count == 1, issued.withLock({ $0.contains(chain[0]) }) else {
      throw Refusal(description: "not issued by this authority")
    }
    return try Self.read(chain)
  }

  /// The key that a chain names, whoever issued it.
  static func read(_ chain: CertificateChain) throws -> JudgedKey {
    guard let first = chain.first, let fields = try CanonicalValue(decoding: first).array,
      fields.count == 3, let region = fields[0].text.flatMap({ RegionID($0) }),
      let tier = fields[1].integer.flatMap({ UInt8(exactly: $0) }).flatMap(Tier.init(rawValue:)),
      let bytes = fields[2].bytes
    else { throw Refusal(description: "ill-formed") }
    let key = try P256.Signing.PublicKey(x963Representation: bytes)
    return JudgedKey(key: KeyName(of: key), publicKey: key, region: region, tier: tier)
  }
}

/// How a hostile office judges: whatever it says itself is good.
struct CredulousJudge: KeyJudge {
  func judge(_ chain: CertificateChain) throws -> JudgedKey {
    try SimulatedAuthority.read(chain)
  }
}
