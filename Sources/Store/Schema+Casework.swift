/// The newest steps: casework's tables, people, and what is known of others.
extension Schema {
  /// When a case must be looked at again for warnings: 0 for at once, none where nothing is to come.
  /// The first look finds what an older program did not look for. Then the warnings, each key once,
  /// and the supervision cases with the leads that they are about.
  static let warnings = """
    CREATE TABLE clocks (entity INTEGER PRIMARY KEY, at INTEGER);
    CREATE INDEX clocks_by_time ON clocks (at) WHERE at IS NOT NULL;
    INSERT INTO clocks SELECT entity, 0 FROM leads;
    CREATE TABLE warnings (
      event INTEGER PRIMARY KEY, entity INTEGER NOT NULL, about BLOB NOT NULL,
      subject TEXT NOT NULL, level TEXT NOT NULL, rule TEXT, stage TEXT NOT NULL,
      since INTEGER NOT NULL);
    CREATE INDEX warnings_by_entity ON warnings (entity);
    CREATE TABLE supervisions (
      entity INTEGER PRIMARY KEY, lead BLOB NOT NULL, stage TEXT NOT NULL,
      is_open INTEGER NOT NULL);
    CREATE INDEX supervisions_by_lead ON supervisions (lead);
    """

  /// Where the entities of people are found, and what is this node's alone: open sessions by the hash
  /// of their token, failed attempts to log on, and challenges for one-time codes.
  static let people = """
    CREATE INDEX entities_of_people ON entities (family)
      WHERE family = 'account' OR family = 'accounts' OR family = 'recovery' OR family = 'shift';
    CREATE TABLE sessions (
      token BLOB PRIMARY KEY, account BLOB NOT NULL, access BLOB NOT NULL,
      opened INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX sessions_by_account ON sessions (account, used);
    CREATE TABLE failed_attempts (
      name TEXT PRIMARY KEY, failures INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE challenges (
      account BLOB PRIMARY KEY, challenge BLOB NOT NULL, made INTEGER NOT NULL,
      tries INTEGER NOT NULL) WITHOUT ROWID;
    """

  /// Since when whom is known to hold what: how far a peer had acknowledged when, when a peer sent
  /// what was held, and when events came that are later than their commit. What was known before had
  /// no time, and gets none.
  static let knowledge = """
    CREATE TABLE acknowledgements (
      peer INTEGER NOT NULL, lane INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (peer, lane, position)) WITHOUT ROWID;
    CREATE TABLE late_events (event INTEGER PRIMARY KEY, accepted_at INTEGER NOT NULL);
    ALTER TABLE doubles ADD COLUMN at INTEGER;
    """

  /// The files of evidence that are wanted, and how far the ledger was looked through for them. They are
  /// this node's own affair and follow from no event.
  static let wantedEvidence = """
    CREATE TABLE evidence_wanted (
      file BLOB PRIMARY KEY, time INTEGER NOT NULL, event BLOB NOT NULL, bytes INTEGER NOT NULL,
      urgent INTEGER NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE evidence_place (
      id INTEGER PRIMARY KEY CHECK (id = 1), incarnation INTEGER NOT NULL, place INTEGER NOT NULL);
    """

  /// What leads are found by when duplicates are sought, the leads that are still to be filed, and the
  /// incidents that reports are linked to. No program of an earlier layout knew what an incident's
  /// entry names, so its links are none.
  static let duplicates = """
    CREATE TABLE lead_traces (
      trace INTEGER NOT NULL, entity INTEGER NOT NULL,
      PRIMARY KEY (trace, entity)) WITHOUT ROWID;
    CREATE TABLE lead_unfiled (entity INTEGER PRIMARY KEY);
    INSERT INTO lead_unfiled SELECT entity FROM leads;
    CREATE TABLE incident_reports (report INTEGER PRIMARY KEY, incident BLOB NOT NULL);
    CREATE INDEX incident_reports_by_incident ON incident_reports (incident);
    """

  /// The leads by the time of their report, for what is counted by weeks and years.
  static let leadTimes = "CREATE INDEX leads_by_time ON leads (reported_at);"

  /// The leads at a stage and those that a region handles, so that a page of few costs what it shows.
  static let leadStages = """
    CREATE INDEX leads_by_stage ON leads (stage, entity);
    CREATE INDEX lead_places_handled ON lead_places (region, entity) WHERE handles = 1;
    """

  /// The receipt lines of this region that wait for its node's word that they are here. Those that
  /// an older program took are looked at once; what waits for nothing is dropped then.
  static let undelivered = """
    CREATE TABLE undelivered (entity INTEGER PRIMARY KEY);
    INSERT INTO undelivered SELECT entity FROM receipts
      WHERE recipient = (SELECT region FROM node) AND stage = 'open';
    """

  /// The items of orders to rectify with the leads that they belong to. No program of an earlier layout
  /// knew them.
  static let items = """
    CREATE TABLE items (
      entity INTEGER PRIMARY KEY, lead BLOB NOT NULL, stage TEXT NOT NULL,
      is_open INTEGER NOT NULL);
    CREATE INDEX items_by_lead ON items (lead);
    """
}
