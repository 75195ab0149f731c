import Casework
import Crypto
import Foundation
import Ledger
import Regions
import Replication
import Store

/// One office of the store benchmark: a store in a folder of its own, and nothing around it.
struct StageOffice {
  let region: RegionID
  let tier: Tier
  let store: Store
  let chain: CertificateChain

  /// Makes and opens the store; the node's first commit is written.
  init(region: RegionID, tier: Tier, below folder: String, authority: StageAuthority) throws {
    let key = P256.Signing.PrivateKey()
    let home = folder + "/" + region.rawValue
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    _ = try Store.create(
      in: home, for: NodeIdentity(deployment: "bench", region: region, tier: tier))
    self.region = region
    self.tier = tier
    self.chain = StageAuthority.chain(of: key.publicKey, region, tier)
    self.store = try Store.open(
      in: home, library: .shipped, judge: authority,
      signer: CommitSigner(privateKey: key))
    _ = try store.write(now: StageClock.wallMilliseconds()) { [chain] transaction in
      try transaction.learn(chain)
      transaction.openIncarnation(StartCounter(starts: 1, incarnation: 1))
      _ = try transaction.author(actor: "system", role: "system", lane: .bulk) { draft in
        draft.add(Self.opening(of: region, tier))
      }
    }
  }

  private static func opening(of region: RegionID, _ tier: Tier) -> EventDraft {
    let body = CanonicalValue.map(["rules": .bytes(Casework.Process.firstCut.hash.bytes)])
    return EventDraft(
      entity: nil, kind: "origin.opened", parents: [],
      audience: tier == .township ? [region] : [region, .everyone],
      salt: [UInt8](repeating: 7, count: 16), body: body.encoded)
  }

  /// Publishes the tree of the three offices; for the hub.
  func publish(_ tree: LinkTree) throws {
    let body = CanonicalValue.map([
      "rules": .bytes(Casework.Process.firstCut.hash.bytes), "regions": tree.canonical,
    ])
    _ = try store.write(now: StageClock.wallMilliseconds()) { transaction in
      _ = try transaction.author(actor: "system", role: "system", lane: .bulk) { draft in
        draft.add(
          EventDraft(
            entity: nil, kind: SignedTree.kind, parents: [], audience: [.everyone],
            salt: [UInt8](repeating: 8, count: 16), body: body.encoded))
      }
    }
  }
}

/// Believes every chain of its own form: region, tier and public key. The certificates' cost is one
/// per session and stands in no stage.
struct StageAuthority: KeyJudge {
  static func chain(
    of key: P256.Signing.PublicKey, _ region: RegionID, _ tier: Tier
  ) -> CertificateChain {
    [
      CanonicalValue.array([
        .text(region.rawValue), .integer(Int64(tier.rawValue)),
        .bytes(Array(key.x963Representation)),
      ]).encoded
    ]
  }

  func judge(_ chain: CertificateChain) throws -> JudgedKey {
    guard let leaf = chain.first, let fields = try CanonicalValue(decoding: leaf).array,
      fields.count == 3, let region = fields[0].text.flatMap({ RegionID($0) }),
      let tier = fields[1].integer.flatMap({ UInt8(exactly: $0) }).flatMap(Tier.init(rawValue:)),
      let bytes = fields[2].bytes
    else { throw BenchError("not a chain of the benchmark's own form") }
    let key = try P256.Signing.PublicKey(x963Representation: bytes)
    return JudgedKey(key: KeyName(of: key), publicKey: key, region: region, tier: tier)
  }
}
