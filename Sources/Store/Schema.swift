import GRDB

/// The store's tables. Migrations only go forward and never rewrite ledger rows.
enum Schema {
  /// The number of the newest migration, as SQLite's `user_version` carries it.
  static var version: Int { migrations.count }

  /// Events of one commit lie side by side: an event's row is its commit's row times this, plus its
  /// place in the commit.
  static let eventsPerCommit: Int64 = 256

  static func migrate(_ database: Database) throws {
    let found = try layout(of: database)
    guard found < version else { return }
    try database.inTransaction(.immediate) {
      for step in migrations[max(found, 0)...] { try step(database) }
      try database.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }

  /// The number of the newest migration that a store has seen.
  ///
  /// - Throws: `StoreError` of code too_new where this program does not know it.
  private static func layout(of database: Database) throws -> Int {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else {
      throw StoreError(
        .tooNew, "the store has layout \(found), this program knows \(version); upgrade it")
    }
    return found
  }

  /// Refuses a store that cannot be read before it is migrated.
  ///
  /// - Throws: `StoreError` of code too_new or refused.
  static func check(_ database: Database) throws {
    let found = try layout(of: database)
    guard found == version else {
      throw StoreError(
        .refused,
        "the store has layout \(found); start the node once, which brings it to \(version)")
    }
  }

  /// In order; each brings the layout to its number, counted from one.
  private static let migrations: [@Sendable (Database) throws -> Void] = [
    { try $0.execute(sql: first) },
    { try $0.execute(sql: replacement) },
    { try $0.execute(sql: signatureNotes) },
    { try $0.execute(sql: setAsideByKey) },
    { try $0.execute(sql: rulesKnown) },
    { try $0.execute(sql: voidWidenings) },
    {
      try $0.execute(sql: leadPlaces)
      try LeadPlaces.fill(Connection($0))
    },
    { try $0.execute(sql: urgentQuotas) },
    { try $0.execute(sql: setAsideAsked) },
    { try $0.execute(sql: foldVersion) },
    { try $0.execute(sql: decidedConflicts) },
    { try $0.execute(sql: closures) },
    { try $0.execute(sql: waits) },
    { try $0.execute(sql: publications) },
    { try $0.execute(sql: warnings) },
    { try $0.execute(sql: people) },
    { try $0.execute(sql: knowledge) },
    { try $0.execute(sql: wantedEvidence) },
    { try $0.execute(sql: duplicates) },
    { try $0.execute(sql: leadTimes) },
    { try $0.execute(sql: undelivered) },
    { try $0.execute(sql: leadStages) },
    { try $0.execute(sql: items) },
  ]

  /// What a commit's signature was when it came, so that a bad one tells whose doing it is: the
  /// author's or this disk's.
  private static let signatureNotes = """
    ALTER TABLE commits ADD COLUMN signature_note INTEGER;
    """

  /// What was set aside before keeps its event bytes alone, which cannot be judged again.
  private static let setAsideByKey = """
    ALTER TABLE set_aside ADD COLUMN key BLOB;
    CREATE INDEX set_aside_by_peer ON set_aside (peer);
    CREATE INDEX set_aside_by_key ON set_aside (key) WHERE key IS NOT NULL;
    CREATE INDEX set_aside_by_origin ON set_aside (origin, sequence);
    CREATE TABLE set_aside_beyond (peer INTEGER PRIMARY KEY, commits INTEGER NOT NULL);
    """

  /// When a peer was asked for good copies of what it sent and did not verify.
  private static let setAsideAsked = """
    CREATE TABLE set_aside_asked (peer INTEGER PRIMARY KEY, at INTEGER NOT NULL);
    """

  /// What the hub's closures say, as far as they are held. An older program held them unfolded, and
  /// those are taken with the rules files that it lacked.
  private static let closures = """
    CREATE TABLE closures (
      entity INTEGER PRIMARY KEY, region TEXT NOT NULL, incarnation INTEGER NOT NULL,
      parts INTEGER NOT NULL);
    CREATE TABLE closure_parts (
      closure INTEGER NOT NULL, part INTEGER NOT NULL,
      PRIMARY KEY (closure, part)) WITHOUT ROWID;
    CREATE TABLE good_commits (
      closure INTEGER NOT NULL, prefix BLOB NOT NULL,
      PRIMARY KEY (closure, prefix)) WITHOUT ROWID;
    """

  /// The entities that wait, and since when by this node's clock; 0 where that is not known. The
  /// rules files that come with this layout have each of them folded anew, which tells what it lacks.
  private static let waits = """
    CREATE TABLE waits (
      entity INTEGER PRIMARY KEY, since INTEGER NOT NULL, lacks_event INTEGER NOT NULL);
    CREATE INDEX waits_for_events ON waits (since) WHERE lacks_event <> 0;
    INSERT INTO waits SELECT id, 0, 1 FROM entities WHERE waiting <> 0;
    """

  /// The processes that the hub published and this program can fold by, the tables of holidays and
  /// the duty lists, which have no process. An older program held them
  /// without reading them; those are taken when the store is folded further.
  private static let publications = """
    CREATE TABLE publications (
      event INTEGER PRIMARY KEY, process BLOB, effective INTEGER NOT NULL);
    """

  /// The rules files by which the projections were folded.
  private static let rulesKnown = """
    CREATE TABLE rules_known (hash BLOB PRIMARY KEY) WITHOUT ROWID;
    """

  /// The kinds by which the projections were folded; none where the program knew no such note.
  private static let foldVersion = """
    CREATE TABLE fold_version (id INTEGER PRIMARY KEY CHECK (id = 1), hash BLOB NOT NULL);
    """

  /// How many conflicts of an entity are decided; those still open were counted before. No program
  /// that knew decisions wrote an earlier layout.
  private static let decidedConflicts = """
    ALTER TABLE entities ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX entities_in_conflict ON entities (id, conflicts) WHERE conflicts + decided > 0;
    """

  /// The entities with a widening that was void by all trees known: a new tree may make it good. For
  /// what was held before, the next tree tells.
  private static let voidWidenings = """
    CREATE TABLE void_widenings (entity INTEGER PRIMARY KEY);
    INSERT INTO void_widenings SELECT id FROM entities;
    """

  /// The regions that a lead is about, that founded it or that handle it.
  private static let leadPlaces = """
    CREATE TABLE lead_places (
      entity INTEGER NOT NULL, region INTEGER NOT NULL, handles INTEGER NOT NULL,
      PRIMARY KEY (entity, region)) WITHOUT ROWID;
    CREATE INDEX lead_places_by_region ON lead_places (region, entity, handles);
    """

  /// What origins have used of the urgent lane, and the commits that were beyond it.
  private static let urgentQuotas = """
    CREATE TABLE urgent_quotas (
      origin INTEGER PRIMARY KEY, due INTEGER NOT NULL, exceeded INTEGER NOT NULL);
    CREATE TABLE demoted (id INTEGER PRIMARY KEY);
    """

  /// Ids are small integers, rows of the ledger append, and every unique key but the interned words
  /// grows with time: the layout that keeps writing fast.
  private static let first = """
    CREATE TABLE node (
      id INTEGER PRIMARY KEY CHECK (id = 1), deployment TEXT NOT NULL, region TEXT NOT NULL,
      tier INTEGER NOT NULL, incarnation INTEGER NOT NULL, starts INTEGER NOT NULL,
      sequence INTEGER NOT NULL, head BLOB NOT NULL, clock INTEGER NOT NULL,
      lead_serial INTEGER NOT NULL, events INTEGER NOT NULL);
    CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE kinds (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE audiences (id INTEGER PRIMARY KEY, regions TEXT NOT NULL UNIQUE);
    CREATE TABLE keys (
      id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, region INTEGER NOT NULL,
      tier INTEGER NOT NULL, public BLOB NOT NULL, chain BLOB NOT NULL);
    CREATE TABLE origins (
      id INTEGER PRIMARY KEY, region INTEGER NOT NULL, incarnation INTEGER NOT NULL,
      UNIQUE (region, incarnation));

    CREATE TABLE commits (
      id INTEGER PRIMARY KEY, origin INTEGER NOT NULL, sequence INTEGER NOT NULL,
      hash BLOB NOT NULL, previous BLOB NOT NULL, stamp BLOB NOT NULL, signature BLOB NOT NULL,
      hashes BLOB, accepted_at INTEGER NOT NULL, source INTEGER NOT NULL);
    CREATE INDEX commits_by_origin ON commits (origin, sequence);
    CREATE TABLE events (
      id INTEGER PRIMARY KEY, entity INTEGER NOT NULL, kind INTEGER NOT NULL,
      source INTEGER NOT NULL, time INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL);
    CREATE INDEX events_by_entity ON events (entity);
    CREATE INDEX events_by_time ON events (time);
    CREATE TABLE doubles (
      event INTEGER NOT NULL, peer INTEGER NOT NULL, PRIMARY KEY (event, peer)) WITHOUT ROWID;

    CREATE TABLE entities (
      id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE, audience INTEGER NOT NULL,
      waiting INTEGER NOT NULL, heads BLOB NOT NULL, conflicts INTEGER NOT NULL, family TEXT,
      state BLOB);
    CREATE INDEX entities_by_family ON entities (family)
      WHERE family = 'region' OR family = 'origin';
    CREATE TABLE leads (
      entity INTEGER PRIMARY KEY, number TEXT NOT NULL, stage TEXT NOT NULL, region TEXT NOT NULL,
      reported_at INTEGER NOT NULL);
    CREATE INDEX leads_by_number ON leads (number);
    CREATE TABLE directives (
      entity INTEGER PRIMARY KEY, stage TEXT NOT NULL, issued_at INTEGER NOT NULL);
    CREATE TABLE receipts (
      entity INTEGER PRIMARY KEY, directive BLOB NOT NULL, recipient TEXT NOT NULL,
      stage TEXT NOT NULL);
    CREATE INDEX receipts_by_directive ON receipts (directive);
    CREATE TABLE sources (
      key BLOB PRIMARY KEY, entity INTEGER NOT NULL) WITHOUT ROWID;

    CREATE TABLE outbox (
      peer INTEGER NOT NULL, lane INTEGER NOT NULL, position INTEGER NOT NULL, event INTEGER,
      mark BLOB, running BLOB NOT NULL, PRIMARY KEY (peer, lane, position)) WITHOUT ROWID;
    CREATE INDEX outbox_by_event ON outbox (event, peer) WHERE event IS NOT NULL;
    CREATE TABLE outbox_heads (
      peer INTEGER NOT NULL, lane INTEGER NOT NULL, position INTEGER NOT NULL,
      running BLOB NOT NULL, acknowledged INTEGER NOT NULL,
      PRIMARY KEY (peer, lane)) WITHOUT ROWID;
    CREATE TABLE cursors (
      peer INTEGER NOT NULL, lane INTEGER NOT NULL, void INTEGER NOT NULL,
      incarnation INTEGER NOT NULL, position INTEGER NOT NULL, running BLOB NOT NULL,
      PRIMARY KEY (peer, lane)) WITHOUT ROWID;
    CREATE TABLE trees (event INTEGER PRIMARY KEY);
    CREATE TABLE set_aside (
      id INTEGER PRIMARY KEY, peer INTEGER NOT NULL, hash BLOB NOT NULL, origin TEXT NOT NULL,
      sequence INTEGER NOT NULL, reason TEXT NOT NULL, commit_bytes BLOB, at INTEGER NOT NULL);
    CREATE INDEX set_aside_by_hash ON set_aside (hash);
    CREATE TABLE alarms (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL);
    """
  /// Whether the node must leave its incarnation outlives the process, as does whose bare cursor was
  /// believed when. A store that was left half way by an earlier version is found by its sequence.
  private static let replacement = """
    ALTER TABLE node ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
    UPDATE node SET replaced = EXISTS (
      SELECT 1 FROM commits c JOIN origins o ON o.id = c.origin JOIN regions r ON r.id = o.region
      WHERE r.name = node.region AND (o.incarnation > node.incarnation
        OR (o.incarnation = node.incarnation AND c.sequence > node.sequence)));
    CREATE TABLE believed_cursors (peer INTEGER PRIMARY KEY, at INTEGER NOT NULL);
    """
}
