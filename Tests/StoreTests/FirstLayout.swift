@testable import Store

/// Takes a store back to the first layout, as an early version of the program left it.
enum FirstLayout {
  private static let undo: [StaticString] = [
    "DROP TABLE items", "DROP INDEX leads_by_stage", "DROP INDEX lead_places_handled",
    "DROP TABLE undelivered",
    "DROP INDEX leads_by_time", "DROP TABLE lead_traces",
    "DROP TABLE lead_unfiled",
    "DROP TABLE incident_reports",
    "DROP TABLE evidence_wanted", "DROP TABLE evidence_place",
    "DROP TABLE supervisions", "DROP TABLE warnings", "DROP TABLE clocks",
    "DROP INDEX entities_of_people", "DROP TABLE sessions", "DROP TABLE failed_attempts",
    "DROP TABLE challenges",
    "DROP TABLE acknowledgements", "DROP TABLE late_events", "ALTER TABLE doubles DROP COLUMN at",
    "DROP TABLE publications", "DROP TABLE waits", "DROP TABLE good_commits",
    "DROP TABLE closure_parts",
    "DROP TABLE closures",
    "DROP INDEX entities_in_conflict", "ALTER TABLE entities DROP COLUMN decided",
    "DROP TABLE fold_version", "DROP TABLE set_aside_asked", "DROP TABLE demoted",
    "DROP TABLE urgent_quotas",
    "DROP TABLE lead_places",
    "DROP TABLE void_widenings", "DROP TABLE rules_known", "DROP TABLE set_aside_beyond",
    "DROP INDEX set_aside_by_peer", "DROP INDEX set_aside_by_key",
    "DROP INDEX set_aside_by_origin", "ALTER TABLE set_aside DROP COLUMN key",
    "ALTER TABLE commits DROP COLUMN signature_note", "ALTER TABLE node DROP COLUMN replaced",
    "DROP TABLE believed_cursors", "PRAGMA user_version = 1",
  ]

  static func restore(_ store: Store) throws {
    _ = try store.write(now: 0) { transaction in
      for sql in undo { try transaction.connection.execute(sql) }
    }
  }
}
