import Casework
import Crypto
import Ledger
import Regions
import Replication
@testable import Store

/// One office of a hand-turned city: a store, a start counter beside it, and the ends of its links.
final class CityNode {
  /// One end of a connection.
  final class Session {
    let id: Int
    let peer: RegionID
    var link: Link
    var inputs: [LinkInput] = []

    init(id: Int, peer: RegionID, link: Link) {
      self.id = id
      self.peer = peer
      self.link = link
    }
  }

  let region: RegionID
  let tier: Tier
  let key: P256.Signing.PrivateKey
  let chain: CertificateChain
  let number: Int
  var store: Store
  /// What the file beside the store says.
  var counter: StartCounter
  var sessions: [Int: Session] = [:]
  /// The session of each peer that took the place of any earlier one.
  var current: [RegionID: Int] = [:]
  /// Effects that wait for the writer, in order.
  var writes: [(session: Int, peer: RegionID, effect: LinkEffect)] = []
  var alarms: [Alarm] = []
  var reports: [SetAsideNotice] = []
  /// How the sessions ended, newest last.
  var goodbyes: [Goodbye] = []
  var failures: [String] = []
  /// The incarnation to leave, once a transaction found that the store was replaced unnoticed.
  var replacedIncarnation: UInt32?
  /// By how much this node's wall clock is ahead, in milliseconds.
  var clockAhead: UInt64 = 0

  init(
    region: RegionID, tier: Tier, key: P256.Signing.PrivateKey, chain: CertificateChain,
    number: Int, store: Store
  ) {
    self.region = region
    self.tier = tier
    self.key = key
    self.chain = chain
    self.number = number
    self.store = store
    self.counter = StartCounter(starts: 0, incarnation: 0)
  }

  var signer: CommitSigner { CommitSigner(privateKey: key) }

  var newestTree: LinkTree? {
    get throws { try store.read { try $0.signedTrees() }.newest }
  }

  var incarnation: UInt32 {
    get throws { try store.read { try $0.identity() }.incarnation }
  }

  /// The hashes of all events held.
  var held: Set<Hash> {
    get throws {
      try store.read { reader in
        var all: Set<Hash> = []
        try reader.ledger { all.insert($0.hash) }
        return all
      }
    }
  }

  /// What was queued to a peer or taken from it.
  func exchanged(with peer: RegionID) throws -> Set<Hash> {
    try store.read { try $0.exchanged(with: peer) }
  }

  /// The events that stand in the outbox to a peer, in order; marks left out.
  func queued(to peer: RegionID, _ lane: Lane) throws -> [Hash] {
    try store.read { try $0.outbox(of: peer, lane) }
  }

  /// What the store says of an entity; `nil` where it holds nothing of it.
  struct Held {
    let heads: [Hash]
    let audience: [RegionID]
    let waits: Bool
    let state: EntityState?
  }

  func entity(_ id: EntityID) throws -> Held? {
    try store.read { reader in
      try reader.connection.first(
        """
        SELECT n.heads, a.regions, n.waiting, n.state FROM entities n
        JOIN audiences a ON a.id = n.audience WHERE n.uuid = ?
        """, .blob(id.bytes)
      ) { row in
        Held(
          heads: try [Hash](joinedBytes: row.blob(0)), audience: Interning.regions(in: row.text(1)),
          waits: row.integer(2) != 0,
          state: row.isNull(3) ? nil : try EntityState(decoding: row.blob(3)))
      }
    }
  }
}
