/// What can go wrong in a simulated city. The names are those of the report.
package enum Fault: String, CaseIterable, Sendable {
  /// Two neighbours cannot reach one another.
  case partition
  /// What one of two neighbours sends is lost, the other direction works.
  case oneWay = "one_way"
  /// A frame is lost, and its session with it.
  case loss
  /// A frame arrives twice.
  case duplication
  /// A link is held up for a minute, so that what goes round by others arrives first.
  case reordering
  /// A link is held up for hours to days.
  case delay
  /// A link stays down for a week.
  case linkDown = "link_down"
  /// An office's machine stops between two steps.
  case crash
  /// An office's program is stopped in order and started again.
  case restart
  /// An office's store is replaced by an old backup.
  case restore
  /// The whole disk goes back to an old image, and nothing on it tells.
  case silentRestore = "silent_restore"
  /// An office's clock goes wrong by minutes.
  case clockMinutes = "clock_minutes"
  /// An office's clock goes wrong by years.
  case clockYears = "clock_years"
  /// An office's clock steps back.
  case clockBack = "clock_back"
  /// An office's disk takes seconds.
  case slowDisk = "slow_disk"
  /// An office's disk is full.
  case fullDisk = "full_disk"
  /// An office runs an older program.
  case oldVersion = "old_version"
  /// A region is moved to another parent while it is offline.
  case move
  /// A stolen key signs in an office's name, until the hub closes the origin.
  case stolenKey = "stolen_key"
  case forgedOrigin = "hostile_forged_origin"
  case alteredBytes = "hostile_altered_bytes"
  case replay = "hostile_replay"
  case equivocation = "hostile_equivocation"
  /// Another's event stands in a commit of the hostile peer's own.
  case foreignEvent = "hostile_foreign_event"
  /// An entity's id is taken before its founder's event arrives.
  case takenEntity = "hostile_taken_entity"
  case selfWidening = "hostile_self_widening"
  case everythingUrgent = "hostile_everything_urgent"
  case withheld = "hostile_withheld_commits"
  case flood = "hostile_flood"

  /// Whether it is the doing of a hostile peer.
  var isHostile: Bool {
    switch self {
    case .forgedOrigin, .alteredBytes, .replay, .equivocation, .foreignEvent, .takenEntity,
      .selfWidening, .everythingUrgent, .withheld, .flood:
      true
    default: false
    }
  }
}

/// How a fault comes to its end.
enum Recovery {
  case unblock(from: Int, to: Int)
  case power(at: Int)
  case disk(at: Int)
  case clock(at: Int)
  /// The hub closes the origin in whose name a stolen key signed.
  case closure(of: Int)
  case upgrade(at: Int)
}
