import Casework
import Ledger
import Regions
import Replication
import Store

/// A reporter's contact as this node holds it, with what was done about its key.
struct HeldContact {
  let id: EntityID
  let seal: ContactSeal
  /// The region whose node sealed it.
  let founder: RegionID
  let heads: [Hash]
  let state: EntityState
  let timeline: [TimelineEntry]
  /// The first genuine order to destroy the key: in effect, and by an office that is, or by any signed
  /// tree was, at or above the founder.
  let destruction: TimelineEntry?
  /// The offices that have destroyed their keys, with the first time at which each said so.
  let acknowledged: [RegionID: HybridTime]
  /// The offices whose nodes hold the key, or once were to: the founder and all above it.
  let holders: [RegionID]

  /// Reads the contact; `nil` where nothing of it is held or folded, or it is none.
  init?(of id: EntityID, in reader: StoreReader) throws {
    guard let entity = try reader.entity(id) else { return nil }
    try self.init(entity, in: reader)
  }

  /// Reads the history of a stored contact; `nil` where it is none.
  init?(_ entity: StoredEntity, in reader: StoreReader) throws {
    guard let state = entity.state, state.family == ContactKind.family,
      let seal = ContactSeal(body: state.founding.body)
    else { return nil }
    let trees = try reader.signedTrees()
    let founder = state.founding.region
    let timeline = try reader.timeline(of: entity.id)
    let genuine = timeline.filter {
      $0.effect == .effective && trees.mayWiden($0.stamp.origin.region, [founder])
    }
    id = entity.id
    self.seal = seal
    self.founder = founder
    heads = entity.heads
    self.state = state
    self.timeline = timeline
    destruction = genuine.first { $0.event.kind == ContactKind.keyDestroyed }
    acknowledged = Dictionary(
      genuine.filter { $0.event.kind == ContactKind.destructionAcknowledged }
        .map { ($0.stamp.origin.region, $0.stamp.time) },
      uniquingKeysWith: { first, _ in first })
    holders = trees.everAtOrAbove(founder)
  }
}

extension NodeCore {
  /// Destroys this node's keys of contacts for which that is ordered, and says so in the ledger, once
  /// for each. The keys are gone from the disk before anything is written.
  ///
  /// - Throws: `EvidenceError` where the keys cannot be overwritten; `StoreError`.
  func destroyKeys(of contacts: [HeldContact]) async throws {
    guard !contacts.isEmpty else { return }
    let acknowledgement = Act(kind: ContactKind.destructionAcknowledged, body: .map([:]))
    try contactKeys.erase(contacts.map(\.seal.keyName))
    try await writer.write { [self] transaction in
      let open = try contacts.compactMap { try HeldContact(of: $0.id, in: transaction.reader) }
        .filter { $0.acknowledged[region] == nil }
      for contact in contacts { try transaction.dropWanted(contact.seal.keyName) }
      guard !open.isEmpty else { return }
      _ = try transaction.author(actor: "system", role: "system", lane: .bulk) { commit in
        for contact in open {
          commit.add(acknowledgement.draft(entity: contact.id, heads: contact.heads, salt: salt()))
        }
      }
    }
  }
}
