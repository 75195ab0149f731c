import Casework
import Ledger
import Regions
import Replication
import Store

/// What goes wrong, and how it ends.
extension City {
  private static let minute: UInt64 = 60_000
  private static let hour: UInt64 = 3_600_000
  private static let day: UInt64 = 86_400_000
  private static let inspectionMilliseconds: UInt64 = 6 * hour
  /// A page of the simulated disks is 4 KiB: so many of them are left on a disk that runs full.
  private static let pagesLeft = 2
  /// How much is done at either end of a link just after it broke.
  private static let busyActs = 3

  /// Every kind of fault that the profile has comes once within so many milliseconds at least; not a
  /// part of the city's hours, so that a shorter run begins as the longer one does.
  private static let onceWithin: UInt64 = 48 * 3_600_000

  /// Plans the first of each fault, the hours of townships, and backups.
  func planFaults() {
    for fault in Fault.allCases {
      planNext(fault)
      // Once at least, however seldom it is.
      guard profile.faultsPerThousandDays[fault, default: 0] > 0 else { continue }
      agenda.plan(.extraFault(fault), at: now + numbers.below(Self.onceWithin))
    }
    for office in offices where office.tier == .township {
      // The city begins at work; the first evening comes after six to ten hours.
      let evening = now + numbers.within(6...10) * Self.hour + numbers.below(Self.hour)
      agenda.plan(.hours(at: office.index, opens: false), at: evening)
      agenda.plan(
        .hours(at: office.index, opens: true),
        at: evening + numbers.within(12...14) * Self.hour + numbers.below(Self.hour))
    }
    agenda.plan(.inspection, at: now + Self.inspectionMilliseconds)
  }

  private func planNext(_ fault: Fault) {
    guard let rate = profile.faultsPerThousandDays[fault], rate > 0 else { return }
    // So many in a thousand days for thirteen offices; more offices have more of them.
    let mean = 1_000 * Self.day * 13 / (rate * UInt64(offices.count))
    let wait = numbers.wait(mean: mean)
    agenda.plan(.fault(fault), at: now + wait)
  }

  /// Has something go wrong somewhere, and plans the next of its kind.
  func inject(_ fault: Fault) throws {
    guard isSafetyPhase else { return }
    planNext(fault)
    try injectOnce(fault)
  }

  /// Has something go wrong somewhere, if there is a place where it can.
  func injectOnce(_ fault: Fault) throws {
    guard isSafetyPhase, try happens(fault) else { return }
    count(fault)
    trace.note(now) { "fault \(fault.rawValue)" }
  }

  private func happens(_ fault: Fault) throws -> Bool {
    guard !fault.isHostile else { return try attack(fault) }
    guard let office = numbers.pick(offices.filter { !$0.isHostile }) else { return false }
    switch fault {
    case .partition, .oneWay, .linkDown: return try block(fault)
    case .loss: return try loseSession()
    case .duplication: return try duplicate()
    case .reordering: return try holdUp(for: numbers.within(1...60) * 1_000)
    case .delay: return try holdUp(for: numbers.within(2...48) * Self.hour)
    case .crash:
      guard office.isUp else { return false }
      office.stepsToCrash = 1 + numbers.index(below: 40)
      return true
    case .restart:
      guard office.isUp else { return false }
      try stop(office)
      if !office.isUp, numbers.permille(300) { try renewKey(of: office) }
      plan(.power(at: office.index), within: 1_000...600_000)
      return true
    case .restore, .silentRestore:
      return try restore(office, isUnnoticed: fault == .silentRestore)
    case .clockMinutes: return setClock(office, by: numbers.within(2...90) * Self.minute)
    case .clockYears: return setClock(office, by: numbers.within(1...6) * 365 * Self.day)
    case .clockBack:
      office.clockAhead -= Int64(numbers.within(1...600) * Self.minute)
      plan(.clock(at: office.index), within: Self.hour...24 * Self.hour)
      return true
    case .slowDisk:
      office.flushMilliseconds = numbers.within(200...5_000)
      plan(.disk(at: office.index), within: 10 * Self.minute...6 * Self.hour)
      return true
    case .fullDisk:
      guard !office.isDiskFull else { return false }
      office.isDiskFull = true
      try office.store.limitGrowth(toPages: numbers.index(below: Self.pagesLeft + 1))
      plan(.disk(at: office.index), within: 10 * Self.minute...6 * Self.hour)
      return true
    case .oldVersion: return try installOldProgram(at: office)
    case .move: return try moveTownship()
    case .stolenKey: return try stealKey(of: office)
    default: return false
    }
  }

  private func plan(_ recovery: Recovery, within range: ClosedRange<UInt64>) {
    agenda.plan(.recovery(recovery), at: now + numbers.within(range))
  }

  func recover(_ recovery: Recovery) throws {
    switch recovery {
    case .unblock(let from, let to):
      let direction = Direction(from: from, to: to)
      guard let count = blocked[direction] else { return }
      blocked[direction] = count > 1 ? count - 1 : nil
    case .power(let at):
      if !offices[at].isClosed || !isSafetyPhase { try powerOn(offices[at]) }
    case .disk(let at):
      offices[at].flushMilliseconds = 2
      try repairDisk(offices[at])
    case .clock(let at): offices[at].clockAhead = 0
    case .closure(let at): try closeOrigin(of: offices[at])
    case .upgrade(let at): try installCurrentProgram(at: offices[at])
    }
  }

  func repairDisk(_ office: Office) throws {
    guard office.isDiskFull else { return }
    office.isDiskFull = false
    try office.store.limitGrowth(toPages: nil)
  }

  // MARK: Links.

  /// A child that has a parent, and that parent.
  private func anyLink() throws -> (child: Office, parent: Office)? {
    guard let child = numbers.pick(offices.filter { $0.tier != .city }),
      let parent = try parent(of: child)
    else { return nil }
    return (child, parent)
  }

  private func block(_ fault: Fault) throws -> Bool {
    guard let (child, parent) = try anyLink() else { return false }
    var directions = [
      Direction(from: child.index, to: parent.index),
      Direction(from: parent.index, to: child.index),
    ]
    if fault == .oneWay { directions.remove(at: numbers.index(below: 2)) }
    let duration =
      fault == .linkDown
      ? 7 * Self.day : numbers.within(1...720) * Self.minute + numbers.below(Self.minute)
    for direction in directions {
      blocked[direction, default: 0] += 1
      agenda.plan(
        .recovery(.unblock(from: direction.from, to: direction.to)), at: now + duration)
    }
    keepBusy(child, parent)
    // What is under way is lost, and with it all that the connections would carry later.
    for office in offices {
      for session in office.sessions.values {
        if directions.contains(Direction(from: office.index, to: session.peer)) {
          session.isBroken = true
        }
      }
    }
    return true
  }

  private func anySession() -> (office: Office, session: Session)? {
    guard let office = numbers.pick(offices.filter { !$0.sessions.isEmpty }),
      let id = numbers.pick(office.sessions.keys.sorted()), let session = office.sessions[id]
    else { return nil }
    return (office, session)
  }

  /// Nothing more arrives in one direction of a connection; the ends find out by silence.
  private func loseSession() throws -> Bool {
    guard let (office, session) = anySession() else { return false }
    session.isBroken = true
    keepBusy(office, offices[session.peer])
    return true
  }

  /// Both offices go on working while they cannot hear one another.
  private func keepBusy(_ a: Office, _ b: Office) {
    for office in [a, b] {
      for _ in 0..<Self.busyActs {
        agenda.plan(.extraAct(at: office.index), at: now + numbers.below(5 * Self.minute))
      }
    }
  }

  private func duplicate() throws -> Bool {
    guard let (office, session) = anySession() else { return false }
    duplicates.insert(Direction(from: office.index, to: session.peer))
    return true
  }

  private func holdUp(for milliseconds: UInt64) throws -> Bool {
    guard let (child, parent) = try anyLink() else { return false }
    for direction in [
      Direction(from: child.index, to: parent.index),
      Direction(from: parent.index, to: child.index),
    ] {
      heldUp[direction] = now + milliseconds
    }
    return true
  }

  // MARK: Machines.

  private func setClock(_ office: Office, by milliseconds: UInt64) -> Bool {
    office.clockAhead = numbers.permille(500) ? Int64(milliseconds) : -Int64(milliseconds)
    plan(.clock(at: office.index), within: 10 * Self.minute...24 * Self.hour)
    return true
  }

  private func installOldProgram(at office: Office) throws -> Bool {
    guard office.tier != .city, office.program.name == Office.Program.current.name else {
      return false
    }
    office.program = .old
    try install(at: office)
    plan(.upgrade(at: office.index), within: 2 * Self.hour...48 * Self.hour)
    return true
  }

  func installCurrentProgram(at office: Office) throws {
    guard office.program.name != Office.Program.current.name else { return }
    office.program = .current
    try install(at: office)
  }

  private func install(at office: Office) throws {
    try stop(office)
    powerOff(office)
    try reopen(office, from: office.store.image())
    if office.isDiskFull { try office.store.limitGrowth(toPages: 0) }
    plan(.power(at: office.index), within: 1_000...60_000)
  }

  // MARK: The tree.

  /// Hangs a township, offline or not, under another district.
  private func moveTownship() throws -> Bool {
    guard hub.isUp, let tree = try hub.tree,
      let township = numbers.pick(offices.filter { $0.tier == .township }),
      let former = tree.parent(of: township.region),
      let parent = numbers.pick(
        offices.filter { $0.tier == .district && $0.region != former })
    else { return false }
    if numbers.permille(700) {
      // Mostly it is offline then, with work that nobody has seen.
      powerOff(township)
      plan(.power(at: township.index), within: 10 * Self.minute...12 * Self.hour)
    }
    let entries = tree.entries.map { entry in
      LinkTree.Entry(
        id: entry.id, tier: entry.tier,
        parent: entry.id == township.region ? parent.region : entry.parent, address: entry.address)
    }
    guard !hub.isDiskFull else { return false }
    _ = try publish(LinkTree(entries: entries))
    return true
  }
}
