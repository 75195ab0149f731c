import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// The most conflicts of one page; each entity among them is folded once.
  package static let largestConflictPage = 200

  /// A page of conflicts: those of the entities accepted last first, of one entity by the superseded
  /// events' hashes.
  package func listConflicts(_ arguments: ConflictListArguments) throws -> [ConflictAnswer] {
    let limit = arguments.limit ?? Self.usualPage
    guard (1...Self.largestConflictPage).contains(limit) else {
      throw CommandError.field(
        "--limit", zh: "应为 1 至 \(Self.largestConflictPage)",
        en: "must be 1 to \(Self.largestConflictPage)")
    }
    return try core.store.read { reader in
      let owner = try arguments.region.map {
        try region($0, field: "--region", Places(reader))
      }
      let before = try arguments.before.map { try ConflictReference($0) }
      let first = try before.map { try entity($0, in: reader).id }
      var page: [(entity: StoredEntity, conflicts: [Conflict])] = []
      var room = limit
      try reader.entitiesInConflict(from: first, includesDecided: arguments.all) { entity in
        guard let state = entity.state, owner == nil || state.conflictOwner == owner else {
          return true
        }
        let conflicts = state.conflicts
          .filter { arguments.all || $0.decision == nil }
          .filter { entity.id != first || before?.precedes($0) == true }
          .sorted { $0.loser < $1.loser }
        page.append((entity, Array(conflicts.prefix(room))))
        room -= min(room, conflicts.count)
        return room > 0
      }
      return try page.filter { !$0.conflicts.isEmpty }
        .flatMap { try answers(on: $0.conflicts, of: $0.entity, in: reader) }
    }
  }

  /// The conflicts of an entity, or the one that is named, decided or not; of more than a page the
  /// first.
  ///
  /// - Throws: `CommandError` of exit 65 where there is none.
  package func showConflict(_ arguments: ConflictShowArguments) throws -> [ConflictAnswer] {
    try core.store.read { reader in
      let reference = try ConflictReference(arguments.conflict)
      let entity = try entity(reference, in: reader)
      let conflicts = try foldedState(of: entity).conflicts.filter {
        reference.names($0) && (arguments.slot == nil || $0.slot == arguments.slot)
      }
      guard !conflicts.isEmpty else {
        let (zh, en) = arguments.slot.map { ("在“\($0)”上", " over '\($0)'") } ?? ("", "")
        throw CommandError(
          .notFound, .badData,
          zh: "“\(arguments.conflict)”\(zh)没有冲突,请用 conflict list --all 查看",
          en: "'\(arguments.conflict)' has no conflict\(en); see conflict list --all")
      }
      let shown = conflicts.sorted { $0.loser < $1.loser }.prefix(Self.largestConflictPage)
      return try answers(on: Array(shown), of: entity, in: reader)
    }
  }

  /// Finds the entity of a conflict: any by its whole id, leads as people name them.
  func entity(_ reference: ConflictReference, in reader: StoreReader) throws -> StoredEntity {
    if let id = EntityID(text: reference.entity), let entity = try reader.entity(id) {
      return entity
    }
    return try lead(reference.entity, in: reader)
  }
}
