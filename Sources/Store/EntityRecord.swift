import Casework
import Ledger

/// An entity as the writer works on it: loaded or new, changed in memory, written once at the end of
/// the transaction.
final class EntityRecord {
  let row: Int64
  let id: EntityID
  /// Whether this transaction is the first to hold anything of the entity.
  var isNew: Bool
  /// The interned audience, and what it was before this transaction.
  var audience: Int64
  var audienceBefore: Int64
  /// Whether an event of the entity is held and cannot be folded yet.
  var waits: Bool
  /// Whether its events branch beyond the fold's bound, so that only the founding one counts.
  var isTangled: Bool
  /// Whether it waited as the store has it.
  var waitedBefore: Bool
  /// Whether it waits for an event, and not for a rules file alone.
  var lacksEvent = false
  /// The family as the store has it; `nil` where it has none.
  var familyBefore: String?
  /// The heads of what is folded, sorted.
  var heads: [Hash]
  var state: EntityState?
  /// Set when only a fold of all events can tell the state.
  var needsRefold = false
  var isTouched = false
  /// What of the tables that faces query may have changed.
  var outdated: ProjectedParts = []
  /// Whether a warning of it came, which changes the list of warnings alone.
  var hasNewWarning = false

  init(
    row: Int64, id: EntityID, isNew: Bool, audience: Int64, waiting: WaitingMark, family: String?,
    heads: [Hash], state: EntityState?
  ) {
    self.row = row
    self.id = id
    self.isNew = isNew
    self.audience = audience
    self.audienceBefore = audience
    self.waits = waiting != .none
    self.isTangled = waiting == .tangled
    self.waitedBefore = waits
    self.familyBefore = family
    self.heads = heads
    self.state = state
  }

  /// What the column `waiting` is to say.
  var waitingMark: WaitingMark { isTangled ? .tangled : waits ? .waits : .none }
}

/// What the column `waiting` of an entity says.
enum WaitingMark: Int64 {
  /// All that is held is folded.
  case none = 0
  /// Something held cannot be folded yet.
  case waits = 1
  /// The events branch beyond the fold's bound.
  case tangled = 2

  init(_ result: FoldResult) {
    self = result.isTangled ? .tangled : result.waiting.isEmpty ? .none : .waits
  }

  init(stored number: Int64) { self = WaitingMark(rawValue: number) ?? .waits }
}

extension EntityState {
  /// Whether an effective event of it is a warning.
  var hasWarnings: Bool { facts[Process.warnedKind(of: family)] != nil }
}

extension [Hash] {
  /// Joined bytes, 32 each.
  var joinedBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * Hash.byteCount)
    for hash in self { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  init(joinedBytes bytes: [UInt8]) throws {
    guard bytes.count.isMultiple(of: Hash.byteCount) else {
      throw StoreError(.damaged, "a stored list of hashes is cut; run `liandong verify`")
    }
    self = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: Hash.byteCount).map {
        Hash(UnsafeRawBufferPointer(rebasing: buffer[$0..<$0 + Hash.byteCount]))
      }
    }
  }
}
