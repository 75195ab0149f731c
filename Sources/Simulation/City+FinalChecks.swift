import Casework
import Ledger
import Regions
import Replication
import Store

/// What must hold after a heal, when nothing moves any more.
extension City {
  var honest: [Office] { offices.filter { !$0.isHostile } }

  func checkAll() throws {
    let alive = try checkLedgers()
    for office in honest { try checkCursors(at: office) }
    try checkScopes()
    try checkConverged(alive: alive)
    try checkFolds()
    try checkWarnings()
    try checkClocks()
    try checkPublished()
    try checkAccounts()
    try checkSessions()
    try checkKnowledge()
    try checkLinks()
    try checkDigests()
    try checkChains()
    try checkStores()
  }

  /// Every event that is held is what its author signed, in one commit and entity, held by nobody
  /// whose disk was not told of it; and what a disk was told of is there.
  ///
  /// - Returns: what any honest store holds.
  private func checkLedgers() throws -> Set<Hash> {
    var alive: Set<Hash> = []
    for office in honest {
      var held: Set<Int> = []
      var rows: [LedgerEntry] = []
      try office.store.read { reader in try reader.ledger { rows.append($0) } }
      for row in rows {
        lazy var about = [office.region.rawValue, row.hash.short]
        try checks.expect("forged", !books.forged.contains(row.hash), about: about) {
          "\(office.region) holds \(row.hash.short), which nobody with the right to it signed"
        }
        guard let index = books.index[row.hash] else {
          try checks.expect("forged", false, about: about) {
            "\(office.region) holds \(row.hash.short), which was never written"
          }
          continue
        }
        let fact = books.facts[index]
        try checks.expect(
          "unaltered", fact.bytes == row.bytes && fact.stamp.encoded == row.stampBytes,
          about: about
        ) { "\(office.region) holds \(row.hash.short) with other bytes than were signed" }
        try checks.expect(
          "one_commit", fact.commit == row.commit && fact.entity == row.entity, about: about
        ) { "\(office.region) keeps \(row.hash.short) in another commit or entity" }
        try checks.expect(
          "one_entity",
          fact.isHostile
            || fact.parents.allSatisfy { books.fact($0).map { $0.entity == fact.entity } ?? true },
          about: about
        ) { "\(row.hash.short) has a parent in another entity" }
        try checks.expect("once", held.insert(index).inserted, about: about) {
          "\(office.region) holds \(row.hash.short) twice"
        }
        alive.insert(row.hash)
      }
      let lost = books.held[office.index].subtracting(held)
      let extra = held.subtracting(books.held[office.index])
      try checks.expect(
        "durable", lost.isEmpty && extra.isEmpty,
        about: [office.region.rawValue] + lost.prefix(1).map { books.facts[$0].hash.short }
      ) {
        "\(office.region) was told of \(lost.count) events that it lacks, and holds \(extra.count) "
          + "that nobody told it of"
      }
    }
    return alive
  }

  /// No honest event is held where it was never in scope, by any signed tree.
  private func checkScopes() throws {
    let reference = AudienceReference(books.trees.map(\.tree))
    var audiences: [EntityID: Set<RegionID>] = [:]
    for office in honest {
      for index in books.held[office.index].sorted() {
        let fact = books.facts[index]
        guard !fact.isHostile, fact.stamp.origin.region != office.region else { continue }
        let audience =
          audiences[fact.entity]
          ?? reference.audience(of: (books.entities[fact.entity] ?? []).map { books.facts[$0] })
        audiences[fact.entity] = audience
        try checks.expect(
          "scope", reference.isInScope(office.region, audience),
          about: [office.region.rawValue, fact.hash.short, fact.entity.description]
        ) {
          "\(office.region) holds \(fact.hash.short) of \(fact.entity), which was never in its scope"
        }
      }
    }
  }

  /// Everybody in today's scope holds all that is left of an entity, and judges its audience alike.
  private func checkConverged(alive: Set<Hash>) throws {
    let kept = books.trees.filter { alive.contains($0.event) }.map(\.tree)
    let reference = AudienceReference(kept)
    guard let newest = try hub.tree else {
      throw HarnessFault("the hub knows no tree")
    }
    let today = AudienceReference([newest])
    for office in honest {
      let tree = try office.tree
      try checks.expect("same_tree", tree == newest, about: [office.region.rawValue]) {
        "\(office.region) goes by another tree than the hub"
      }
    }
    for (entity, indices) in books.entities.sorted(by: { $0.key < $1.key }) {
      let facts = indices.map { books.facts[$0] }.filter { alive.contains($0.hash) }
      let needed = Self.needed(facts)
      guard !needed.isEmpty else { continue }
      let audience = reference.audience(of: facts)
      for office in honest where today.isInScope(office.region, audience) {
        lazy var about = [office.region.rawValue, entity.description]
        for fact in needed {
          let isHeld = books.index[fact.hash].map { books.held[office.index].contains($0) } ?? false
          try checks.expect("converged", isHeld, about: about + [fact.hash.short]) {
            "\(office.region) lacks \(fact.hash.short) of \(entity), \(fact.kind) by "
              + "\(fact.stamp.origin); audience \(audience.sorted())"
          }
        }
        let stored = try office.store.read { try $0.entity(entity) }
        try checks.expect("audience", stored?.audience == audience.sorted(), about: about) {
          "\(office.region) takes the audience of \(entity) for \(stored?.audience ?? []), it is "
            + "\(audience.sorted())"
        }
      }
    }
  }

  /// The honest events and all their ancestors.
  private static func needed(_ facts: [Books.Fact]) -> [Books.Fact] {
    var needed = Set(facts.lazy.filter { !$0.isHostile }.map(\.hash))
    for fact in facts.reversed() where needed.contains(fact.hash) {
      needed.formUnion(fact.parents)
    }
    return facts.filter { needed.contains($0.hash) }
  }
}
