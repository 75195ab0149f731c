import Casework
import Ledger
import Regions
import Replication
import Store

/// Links, chains and whole stores after a heal.
extension City {
  /// Both ends hold the same to be exchanged, and each has taken all of the other's outbox.
  func checkLinks() throws {
    for child in honest where child.tier != .city {
      guard let parent = try parent(of: child) else { continue }
      let about = [child.region.rawValue, parent.region.rawValue]
      let here = try child.store.read { try $0.exchanged(with: parent.region) }
      let there = try parent.store.read { try $0.exchanged(with: child.region) }
      try checks.expect("exchanged", here == there, about: about) {
        "\(child.region) and \(parent.region) differ in what they exchanged: "
          + "\(here.subtracting(there).count) only here, \(there.subtracting(here).count) only there"
      }
      for (sender, taker) in [(child, parent), (parent, child)] {
        try checkOrder(of: sender, for: taker)
      }
    }
  }

  /// An origin that calls everything urgent is passed on in the bulk lane beyond its quota.
  private func checkQuota(_ urgent: [Hash], of sender: Office, for taker: Office) throws {
    var minutes: [Origin: [UInt64: Set<Hash>]] = [:]
    for fact in urgent.compactMap({ books.fact($0) })
    where fact.stamp.lane == .urgent && fact.stamp.origin.region != sender.region {
      let minute = fact.stamp.time.milliseconds / 60_000
      minutes[fact.stamp.origin, default: [:]][minute, default: []].insert(fact.commit)
    }
    let most = minutes.values.flatMap { $0.values.map(\.count) }.max() ?? 0
    let bound = ReplicationBounds.urgentBurst + ReplicationBounds.urgentCommitsPerHour / 60 + 1
    try checks.expect("quota", most <= bound, about: [sender.region.rawValue]) {
      "\(sender.region) passes \(most) urgent commits of one origin and minute on to "
        + "\(taker.region) as urgent"
    }
  }

  /// Of one entity's events in one outbox and lane, parents stand before children.
  private func checkOrder(of sender: Office, for taker: Office) throws {
    for lane in Lane.allCases {
      let entries = try sender.store.read { try $0.outbox(of: taker.region, lane) }
      var places: [Hash: Int] = [:]
      if lane == .urgent { try checkQuota(entries, of: sender, for: taker) }
      for (place, hash) in entries.enumerated() where places[hash] == nil { places[hash] = place }
      for (hash, place) in places {
        guard let fact = books.fact(hash), !fact.isHostile else { continue }
        let late = fact.parents.first { (places[$0] ?? -1) > place }
        guard let late, books.fact(late)?.isHostile == false else {
          try checks.expect("parents_first", true) { "" }
          continue
        }
        // Where the parent came later than the child, as after a restore, there is no other order.
        try checks.expect(
          "parents_first", !books.unnoticed.isEmpty || faults[Fault.restore.rawValue] != nil,
          about: [sender.region.rawValue, hash.short]
        ) {
          "\(sender.region) sends \(hash.short) to \(taker.region) before its parent \(late.short)"
        }
      }
    }
  }

  /// All current holders of a region have the same digest of it.
  func checkDigests() throws {
    guard let tree = try hub.tree else { return }
    for entry in tree.entries {
      let holders = tree.path(from: entry.id).compactMap { office($0) }.filter { !$0.isHostile }
      let digests = try holders.map { holder in
        try holder.store.read { try $0.digest(of: entry.id) }
      }
      try checks.expect("digests", Set(digests).count == 1, about: [entry.id.rawValue]) {
        "the holders \(holders.map(\.region)) of \(entry.id) have different digests"
      }
    }
  }

  /// No office signed two commits of one place in its chain, unless it could not know of the first.
  func checkChains() throws {
    for (place, commits) in books.places {
      try checks.expect(
        "one_chain",
        commits.count == 1 || books.unnoticed.contains(place.origin.region),
        about: [place.origin.description]
      ) { "\(place.origin) signed \(commits.count) commits \(place.sequence)" }
    }
  }

  /// The store's own full check, and projections that come out the same when they are made anew.
  func checkStores() throws {
    let judge = authority.afresh()
    // The hub holds nearly everything; of the others some are checked in each run.
    for office in honest where office === hub || numbers.permille(250) {
      let report = try office.store.read { try $0.verify(judge: judge) { _ in } }
      try checks.expect("verify", report.isGood, about: [office.region.rawValue]) {
        "verify at \(office.region): \(report.failures.first?.reason ?? "")"
      }
    }
    guard let office = numbers.pick(honest) else { return }
    let before = try states(of: office)
    let copy = try Store.inMemory(
      copying: office.store.image(), library: office.program.library, judge: authority, signer: nil)
    _ = try copy.write(now: now) { try $0.rebuild { _ in } }
    let after = try copy.read { reader in
      try reader.entityIDs().map { try reader.stateBytes(of: $0) }
    }
    try copy.close()
    try checks.expect("rebuild", before == after, about: [office.region.rawValue]) {
      "a rebuild at \(office.region) gives other states"
    }
  }

  private func states(of office: Office) throws -> [[UInt8]?] {
    try office.store.read { reader in
      try reader.entityIDs().map { try reader.stateBytes(of: $0) }
    }
  }
}
