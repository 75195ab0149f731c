import Crypto
import Ledger
import Regions
import Replication
import Store
import Synchronization

/// A stand-in for the certificate authority: a "chain" is one canonical array of region, tier and
/// public key, and is good if it was issued here.
final class TestAuthority: KeyJudge {
  struct Refusal: Error {}

  private let issued = Mutex<Set<[UInt8]>>([])

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

  func judge(_ chain: CertificateChain) throws -> JudgedKey {
    guard chain.count == 1, issued.withLock({ $0.contains(chain[0]) }),
      let fields = try CanonicalValue(decoding: chain[0]).array, fields.count == 3,
      let region = fields[0].text.flatMap({ RegionID($0) }),
      let tier = fields[1].integer.flatMap({ UInt8(exactly: $0) }).flatMap(Tier.init(rawValue:)),
      let bytes = fields[2].bytes
    else { throw Refusal() }
    let key = try P256.Signing.PublicKey(x963Representation: bytes)
    return JudgedKey(key: KeyName(of: key), publicKey: key, region: region, tier: tier)
  }
}

extension P256.Signing.PrivateKey {
  /// A key that follows from numbers, so that stamps do too.
  init(from numbers: inout SeededNumbers) throws {
    // Nearly every 32 bytes are a key; the first that are not would throw.
    try self.init(rawRepresentation: numbers.bytes(32))
  }
}
