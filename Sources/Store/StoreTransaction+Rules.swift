import Casework
import Ledger

extension StoreTransaction {
  /// Whether the program folds by rules files or kinds that the store was not folded by.
  func isFoldedByAnother() throws -> Bool {
    let known = try knownRules()
    return try isOfAnotherVersion() || folder.library.hashes.contains { !known.contains($0) }
  }

  /// Folds anew what this program may fold further than the one before: the entities that wait, since
  /// the rules file that they wait for may have come, those that were only partly understood, the leads
  /// that were ever linked to an incident: an older program that added to a state it did not make told
  /// their links by fewer kinds than the state was folded by; and closed cases that were ended further,
  /// from which one before fold version 6 took the mark of a review. Notes the program's rules files and
  /// fold version. Everything else it folds to the same bytes.
  func foldFurther() throws {
    try notePublications()
    for id in try unsettledEntities() {
      // A program that lacked the rules of closures held them without effect.
      try noteClosures(of: id)
      try foldAnew(id)
    }
    try noteRules()
    // The program before may have looked for warnings without the rules that tell them.
    looksAtAllClocks = true
  }

  /// Folds anew what waits, after processes were published.
  func foldWaiting() throws {
    var waiting: [EntityID] = []
    try connection.query("SELECT uuid FROM entities WHERE id IN (SELECT entity FROM waits)") {
      row in
      if let id = EntityID(row.blob(0)) { waiting.append(id) }
      return true
    }
    for id in waiting { try foldAnew(id) }
    try noteRules()
  }

  private func noteRules() throws {
    let known = try knownRules()
    for hash in folder.library.hashes where !known.contains(hash) {
      try connection.execute("INSERT INTO rules_known (hash) VALUES (?)", .hash(hash))
    }
    try connection.execute(
      "INSERT OR REPLACE INTO fold_version (id, hash) VALUES (1, ?)",
      .hash(folder.library.foldVersion))
  }

  /// Takes a published process into account, if the event is one.
  func notePublication(_ event: Event, of stamp: Stamp, at row: Int64) throws {
    switch event.kind {
    case PublishedProcess.kind, PublishedCalendar.kind, PublishedDuties.kind: break
    default: return
    }
    let isCalendar = PublishedCalendar(event, of: stamp) != nil
    if isCalendar || PublishedDuties(event, of: stamp) != nil {
      try connection.execute(
        "INSERT OR IGNORE INTO publications (event, effective) VALUES (?, 0)", .integer(row))
      // Holidays move deadlines; a duty list moves none.
      if isCalendar { looksAtAllClocks = true }
    }
    guard let published = PublishedProcess(event, of: stamp) else { return }
    try connection.execute(
      "INSERT OR IGNORE INTO publications (event, process, effective) VALUES (?, ?, ?)",
      .integer(row), .hash(published.process.hash), .integer(published.effectiveMilliseconds))
    if folder.library[published.process.hash] == nil { try rereadRules() }
  }

  /// Takes the published processes into account that the program before this one could not read.
  func notePublications() throws {
    var found: [(row: Int64, event: Event, stamp: Stamp)] = []
    try connection.query(
      """
      SELECT e.id, e.bytes, c.stamp FROM events e JOIN commits c ON c.id = e.id / 256
      WHERE e.kind IN (SELECT id FROM kinds WHERE name IN (?, ?, ?))
        AND NOT EXISTS (SELECT 1 FROM publications WHERE event = e.id)
      """, .text(PublishedProcess.kind), .text(PublishedCalendar.kind),
      .text(PublishedDuties.kind)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(1), stampBytes: row.blob(2))
      found.append((row.integer(0), event, stamp))
      return true
    }
    for (row, event, stamp) in found { try notePublication(event, of: stamp, at: row) }
  }

  /// Folds one entity anew and writes it at once, so that many take no memory.
  func foldAnew(_ id: EntityID) throws {
    guard let record = try entities[id] ?? load(id) else { return }
    // What the transaction changed is written at its end.
    if record.isTouched { record.needsRefold = true } else { try refoldAndWrite(record) }
  }

  private func noteClosures(of id: EntityID) throws {
    guard let row = try load(id)?.row else { return }
    for held in try heldEvents(of: row) {
      try noteClosure(held.event, of: held.stamp, entity: row)
    }
  }

  private func unsettledEntities() throws -> [EntityID] {
    let isOfAnotherVersion = try isOfAnotherVersion()
    let linked = isOfAnotherVersion ? try everLinked() : []
    var unsettled: [EntityID] = []
    try connection.query("SELECT uuid, waiting, state, id FROM entities ORDER BY id") { row in
      var isUnsettled = row.integer(1) != 0 || linked.contains(row.integer(3))
      if !isUnsettled, isOfAnotherVersion {
        let state = try? EntityState(decoding: row.blob(2))
        isUnsettled = state.map { $0.isPartlyUnderstood || isEndedAfterClose($0) } ?? true
      }
      if isUnsettled, let id = EntityID(row.blob(0)) { unsettled.append(id) }
      return true
    }
    return unsettled
  }

  private func isEndedAfterClose(_ state: EntityState) -> Bool {
    let family = folder.library[state.rules]?.family(named: state.family)
    return state.stage.flatMap { family?.ending(at: $0.stage) } == .afterClose
  }

  private func isOfAnotherVersion() throws -> Bool {
    let noted = try connection.first("SELECT hash FROM fold_version", read: { try $0.hash(0) })
    return noted != folder.library.foldVersion
  }

  private func knownRules() throws -> Set<Hash> {
    var known: Set<Hash> = []
    try connection.query("SELECT hash FROM rules_known") { row in
      known.insert(try row.hash(0))
      return true
    }
    return known
  }
}
