import Casework
import Ledger
import Regions
import Replication
import Store

/// The checks that can be made at any time. Each asks the books, and of a store only what it holds.
extension City {
  private static let inspectionMilliseconds: UInt64 = 6 * 3_600_000

  func inspect() throws {
    guard isSafetyPhase else { return }
    agenda.plan(.inspection, at: now + Self.inspectionMilliseconds)
    for office in offices where !office.isHostile {
      try checkCount(at: office)
      try checkCursors(at: office)
    }
  }

  /// Cheap: the number of events that the disk has is that of the books.
  private func checkCount(at office: Office) throws {
    let count = try office.store.read { try $0.identity() }.eventCount
    try checks.expect(
      "durable", count == UInt64(books.held[office.index].count), about: [office.region.rawValue]
    ) {
      "\(office.region) holds \(count) events and was told of \(books.held[office.index].count)"
    }
  }

  /// A cursor that the peer's outbox confirms means that all before it is held.
  func checkCursors(at office: Office) throws {
    for peer in offices where peer !== office && !peer.isHostile {
      let cursors = try office.store.read { try $0.cursors(of: peer.region) }
      let direction = Direction(from: office.index, to: peer.index)
      if openRepairs.contains(direction) { try checkVoid(direction) }
      for lane in Lane.allCases {
        guard case .at(let place) = cursors[lane] else { continue }
        let confirmed = try peer.store.read { reader -> [Hash]? in
          let verdict = try reader.judge(
            cursors[lane], of: office.region, lane: lane, now: clock(of: peer))
          guard case .resumes = verdict else { return nil }
          return try reader.outbox(of: office.region, lane, through: place.position)
        }
        guard let confirmed else { continue }
        let held = books.held[office.index]
        let lost = confirmed.filter { hash in books.index[hash].map { !held.contains($0) } ?? false
        }
        try checks.expect(
          "cursors", lost.isEmpty, about: [office.region.rawValue, peer.region.rawValue]
        ) {
          "\(office.region) has a cursor at \(peer.region), \(lane) \(place.position), past "
            + "\(lost.count) events that it lacks, the first \(lost[0].short)"
        }
      }
    }
  }

  /// While a repair has not ended, no cursor matches.
  func checkVoid(_ direction: Direction) throws {
    let (office, peer) = (offices[direction.from], offices[direction.to])
    let cursors = try office.store.read { try $0.cursors(of: peer.region) }
    try checks.expect(
      "repair_voids", cursors == LanePair(repeating: .void), about: [office.region.rawValue]
    ) { "\(office.region) began a repair with \(peer.region) and has cursors \(cursors)" }
  }

  /// Nothing is written in a chain of which the office holds more than it wrote: its store was put
  /// back, and somebody has told it so.
  func checkPlace(of commit: Commit, at office: Office) throws {
    let stamp = commit.stamp
    guard books.unnoticed.contains(office.region) else { return }
    let later = books.held[office.index].first { index in
      let fact = books.facts[index]
      return fact.stamp.origin == stamp.origin && fact.commit != commit.hash && !fact.isHostile
        && fact.stamp.sequence >= stamp.sequence
    }
    try checks.expect("left_chain", later == nil, about: [office.region.rawValue]) {
      "\(stamp.origin) goes on at \(stamp.sequence), and the office holds "
        + "\(later.map { books.facts[$0].stamp.sequence } ?? 0)"
    }
  }

  /// What sends frames keeps their bounds.
  func checkBounds(of frame: Frame, bytes: Int) throws {
    try checks.expect("bounds", bytes <= ReplicationBounds.messageBytes) {
      "a frame of \(bytes) bytes: \(frame.summary)"
    }
  }

  func checkBounds(of batch: OutgoingBatch, in session: Session) throws {
    let items = batch.items.count
    try checks.expect("bounds", items <= ReplicationBounds.batchItems) {
      "a batch of \(items) items"
    }
    session.unacknowledged.append((batch.lane, batch.endPosition))
    let open = session.unacknowledged.count
    try checks.expect("window", open <= ReplicationBounds.unacknowledgedBatches) {
      "\(open) batches are sent and not acknowledged"
    }
  }

  /// What was taken in the urgent lane has its ancestors: the sender takes those along that the peer
  /// may lack. A parent that the sender got later than the child comes in the same lane at least, and
  /// one that the peer had acknowledged and lost with its disk in bulk: its cursor went back as well.
  /// After a repair has begun the comparison sees to them.
  func checkUrgent(_ batch: Batch, at office: Office, from peer: Office) throws {
    guard batch.lane == .urgent, !peer.isHostile,
      !openRepairs.contains(Direction(from: office.index, to: peer.index)),
      !openRepairs.contains(Direction(from: peer.index, to: office.index))
    else { return }
    for (_, event) in batch.commits.flatMap(\.events) {
      guard let fact = books.fact(event.hash), !fact.isHostile else { continue }
      let missing = try fact.parents.first { parent in
        try lacks(parent, of: event.hash, office, from: peer)
      }
      try checks.expect(
        "urgent_ancestors", missing == nil, about: [office.region.rawValue, event.hash.short]
      ) {
        "\(office.region) took urgent \(event.hash.short) from \(peer.region) without its parent "
          + "\(missing?.short ?? "")"
      }
    }
  }

  /// Whether an office lacks a parent that its peer should have sent before the child, or with what
  /// is urgent.
  private func lacks(
    _ parent: Hash, of child: Hash, _ office: Office, from peer: Office
  ) throws -> Bool {
    guard let index = books.index[parent], !books.facts[index].isHostile,
      books.held[peer.index].contains(index), !books.held[office.index].contains(index),
      books.heldSince(index, at: office.index) == nil
    else { return false }
    let arrivals = books.arrivals[peer.index]
    guard let came = arrivals[index], let childIndex = books.index[child],
      let childCame = arrivals[childIndex], came > childCame
    else { return true }
    let urgent = try peer.store.read { try $0.outbox(of: office.region, .urgent) }
    return !urgent.contains(parent)
  }

  /// A node's times grow, and no other clock that is far ahead moves its own.
  func checkTime(of commit: Commit, at office: Office) throws {
    let time = commit.stamp.time
    try checks.expect("times_grow", time > office.lastTime, about: [office.region.rawValue]) {
      "\(commit.stamp.origin) \(commit.stamp.sequence) is not later than what it wrote before"
    }
    office.lastTime = time
    let latest = office.latestClock + HybridClock.toleranceMilliseconds + 1_000
    try checks.expect("clock", time.milliseconds <= latest, about: [office.region.rawValue]) {
      "\(commit.stamp.origin) \(commit.stamp.sequence) is ahead of every clock it could believe"
    }
  }

  /// Commits that did not verify: none that an honest office signed and honest peers carried.
  func judge(_ notices: [SetAsideNotice], _ office: Office, _ peer: Int) throws {
    if notices.isEmpty { try checks.expect("never_refused", true) { "" } }
    for notice in notices {
      let isHonest = books.commits[notice.commit] != nil
      try checks.expect(
        "never_refused", !isHonest || offices[peer].isHostile || office.isHostile,
        about: [office.region.rawValue, notice.commit.short]
      ) {
        "\(office.region) set aside commit \(notice.sequence) of \(notice.origin) from "
          + "\(offices[peer].region): \(notice.reason)"
      }
    }
  }

  func heed(_ notices: [SetAsideNotice], _ office: Office, from peer: Office) throws {
    trace.note(now) { "\(office.region) hears that \(peer.region) set \(notices.count) aside" }
  }
}
