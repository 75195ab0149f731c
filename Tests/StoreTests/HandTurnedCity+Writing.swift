import Casework
import Ledger
import Regions
import Replication
@testable import Store

extension HandTurnedCity {
  /// Writes one commit at a node and notes it in the oracle.
  @discardableResult
  func author(
    _ region: RegionID, lane: Lane = .bulk, isHostile: Bool = false, _ drafts: [EventDraft]
  ) throws -> Commit {
    let node = self[region]
    now += 7
    let commit = try write(node) { transaction in
      try transaction.author(actor: "officer", role: "officer", lane: lane) { commit in
        for draft in drafts { commit.add(draft) }
      }
    }
    oracle.note(commit, isHostile: isHostile)
    return commit
  }

  /// A lead that names its audience besides the writer's region.
  func leadDraft(audience: [RegionID] = []) throws -> EventDraft {
    let serial = Int(numbers.next() % 999_999) + 1
    guard let number = LeadNumber(region: 1, incarnation: 1, serial: serial) else {
      throw Fault(description: "no lead number")
    }
    let report = LeadReport(
      number: number, channel: "phone", reportedAtMilliseconds: Int64(now), title: "扬尘",
      text: "工地夜间扬尘")
    return report.draft(rules: Self.rules, salt: numbers.bytes(16), audience: audience)
  }

  /// Founds a lead at a node.
  @discardableResult
  func report(
    at region: RegionID, lane: Lane = .bulk, audience: [RegionID] = []
  ) throws -> EntityID {
    let commit = try author(region, lane: lane, [leadDraft(audience: audience)])
    return try entity(of: commit)
  }

  /// The hub publishes a process, and an office reports a lead that pins it.
  func report(under process: Process, at region: RegionID) throws -> EntityID {
    try author(
      .h, lane: .urgent,
      [PublishedProcess.draft(process, effectiveMilliseconds: 0, salt: numbers.bytes(16))])
    try settle()
    guard let number = LeadNumber(region: 1, incarnation: 1, serial: 7) else {
      throw Fault(description: "no lead number")
    }
    let report = LeadReport(
      number: number, channel: "phone", reportedAtMilliseconds: 0, title: "扬尘", text: "夜间")
    return try entity(
      of: author(
        region,
        [report.draft(rules: process.hash, salt: numbers.bytes(16), audience: [region])]))
  }

  func entity(of commit: Commit, at place: Int = 0) throws -> EntityID {
    guard let event = commit.entries[place].event else { throw Fault(description: "no event") }
    return event.entity
  }

  /// The draft of an act upon the heads that the node folded.
  func draft(
    _ act: Act, on entity: EntityID, at region: RegionID, audience: [RegionID] = []
  ) throws -> EventDraft {
    guard let held = try self[region].entity(entity), !held.heads.isEmpty else {
      throw Fault(description: "\(region) cannot act on \(entity)")
    }
    return act.draft(
      entity: entity, heads: held.heads, salt: numbers.bytes(16), audience: audience)
  }

  @discardableResult
  func act(
    _ act: Act, on entity: EntityID, at region: RegionID, lane: Lane = .bulk,
    audience: [RegionID] = []
  ) throws -> Commit {
    try author(region, lane: lane, [draft(act, on: entity, at: region, audience: audience)])
  }

  /// The hub publishes a tree.
  @discardableResult
  func publish(_ tree: LinkTree) throws -> Commit {
    let body = CanonicalValue.map([
      "regions": tree.canonical, "rules": .bytes(Self.rules.bytes),
    ])
    let commit = try author(
      tree.hub,
      [
        EventDraft(
          entity: nil, kind: SignedTree.kind, parents: [], audience: [.everyone],
          salt: numbers.bytes(16), body: body.encoded)
      ])
    oracle.note(tree, in: commit)
    return commit
  }

  /// Hangs a region under another parent.
  func move(_ region: RegionID, under parent: RegionID) throws {
    guard let hub = oracle.configured?.hub, let tree = try self[hub].newestTree else {
      throw Fault(description: "no tree")
    }
    try publish(
      LinkTree(
        entries: tree.entries.map { entry in
          LinkTree.Entry(
            id: entry.id, tier: entry.tier, parent: entry.id == region ? parent : entry.parent,
            address: entry.address)
        }))
  }
}

extension LinkTree {
  /// The smallest city of three tiers: H, D1, T1.
  static func oneChain() throws -> LinkTree {
    try LinkTree(entries: twoDistricts().entries.filter { [.h, .d1, .t1].contains($0.id) })
  }

  /// The city of most tests: H; D1 with T1 and T2; D2 with T3 and T4.
  static func twoDistricts() throws -> LinkTree {
    try LinkTree(
      entries: [
        Entry(id: .h, tier: .city, parent: nil), Entry(id: .d1, tier: .district, parent: .h),
        Entry(id: .d2, tier: .district, parent: .h),
        Entry(id: .t1, tier: .township, parent: .d1), Entry(id: .t2, tier: .township, parent: .d1),
        Entry(id: .t3, tier: .township, parent: .d2), Entry(id: .t4, tier: .township, parent: .d2),
      ])
  }
}

extension RegionID {
  static let h = known("h")
  static let d1 = known("d1")
  static let d2 = known("d2")
  static let t1 = known("t1")
  static let t2 = known("t2")
  static let t3 = known("t3")
  static let t4 = known("t4")

  private static func known(_ text: String) -> RegionID {
    guard let region = RegionID(text) else { preconditionFailure("\(text) is no region id") }
    return region
  }
}
