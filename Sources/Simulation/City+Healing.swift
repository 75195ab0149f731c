import Crypto
import Ledger
import Regions
import Replication
import Store

/// After the heal something still moves.
struct NotSettled: Error, CustomStringConvertible {
  let description: String
  let about: [String]
}

extension City {
  /// The safety phase.
  func live() throws {
    try run(until: start + hours * 3_600_000)
  }

  /// Everything that was broken is mended, and all must come to rest.
  ///
  /// - Returns: the virtual seconds that it took.
  func heal() throws -> UInt64 {
    isSafetyPhase = false
    trace.note(now) { "--- heal" }
    blocked = [:]
    heldUp = [:]
    duplicates = []
    for office in offices {
      office.clockAhead = 0
      office.flushMilliseconds = 2
      office.stepsToCrash = nil
      office.isClosed = false
      try repairDisk(office)
      try installCurrentProgram(at: office)
      try powerOn(office)
    }
    let seconds = try settle()
    // What was missed while offices were down is caught up on.
    for office in offices where office.tier != .township {
      while try sweepWarnings(at: office) == false {}
    }
    caughtUpAt = now
    return seconds + (try settle())
  }

  /// Runs until nothing moves.
  func settle() throws -> UInt64 {
    let (began, sessions) = (now, lastSession)
    let end = began + Simulation.settleMinutes * 60_000
    var unsettled = ""
    while now < end {
      try run(until: now + Simulation.lookMilliseconds)
      guard let reason = try whatMoves() else { return (now - began) / 1_000 }
      unsettled = reason
      guard lastSession - sessions <= Simulation.settleSessions * offices.count else {
        throw NotSettled(description: "sessions without end: \(unsettled)", about: [])
      }
    }
    throw NotSettled(
      description: "not settled after \(Simulation.settleMinutes) virtual minutes: \(unsettled)",
      about: unsettled.split(separator: " ").prefix(3).map(String.init))
  }

  /// What is not at rest yet, of honest offices; `nil` where all is.
  private func whatMoves() throws -> String? {
    for office in offices {
      guard office.isUp else { return "\(office.region) is down" }
      guard office.writes.isEmpty else { return "\(office.region) writes" }
    }
    for child in offices where child.tier != .city && !child.isHostile {
      guard let parent = try parent(of: child) else { return "\(child.region) knows no parent" }
      guard let id = child.current[parent.index], let here = child.sessions[id],
        let there = parent.sessions[id], parent.current[child.index] == id,
        here.link.isStreaming, there.link.isStreaming, !here.link.isRepairing,
        !there.link.isRepairing
      else { return "\(child.region) has no settled link with \(parent.region)" }
      for (sender, taker) in [(child, parent), (parent, child)] {
        let heads = try sender.store.read { try $0.outboxHeads(of: taker.region) }
        let cursors = try taker.store.read { try $0.cursors(of: sender.region) }
        for lane in Lane.allCases {
          let taken: UInt64? =
            switch cursors[lane] {
            case .at(let place): place.position
            case .fresh: 0
            case .void: nil
            }
          guard taken == heads[lane] else {
            return "\(taker.region) has not taken all from \(sender.region)"
          }
        }
      }
    }
    return nil
  }

  /// A last lead from each office, when all is at rest: it must be where it belongs and nowhere else.
  func writeEpilogue() throws {
    guard let tree = try hub.tree else { return }
    var written: [(office: Office, commit: Commit)] = []
    for office in offices where !office.isHostile {
      guard let commit = try author(office, [leadDraft(at: office)]) else {
        throw CheckFailure(
          check: "epilogue", detail: "\(office.region) cannot write",
          about: [office.region.rawValue])
      }
      written.append((office, commit))
    }
    _ = try settle()
    for (author, commit) in written {
      let path = Set(tree.path(from: author.region))
      for office in offices where !office.isHostile {
        let entity = commit.events[0].event.entity
        let isHeld = try office.store.read { try $0.entity(entity) } != nil
        // A former parent keeps what it had, and is told nothing new.
        try checks.expect(
          "frozen_copy", isHeld == path.contains(office.region),
          about: [office.region.rawValue, author.region.rawValue]
        ) {
          "\(office.region) \(isHeld ? "holds" : "lacks") the last lead of \(author.region)"
        }
      }
    }
  }

  /// SHA-256 over every honest office's ids and states: the same for the same seed on any machine.
  func digest() throws -> String {
    var hasher = SHA256()
    for office in offices where !office.isHostile {
      hasher.update(data: Array(office.region.rawValue.utf8))
      try office.store.read { reader in
        for entity in try reader.entityIDs() {
          hasher.update(data: entity.bytes)
          hasher.update(data: try reader.stateBytes(of: entity) ?? [])
        }
      }
    }
    return Hash(hasher.finalize()).description
  }
}
