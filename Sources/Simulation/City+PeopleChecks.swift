import Casework
import Ledger
import Regions
import Store

/// Accounts, sessions, what was published, and who is said to have known what.
extension City {
  /// Of how many leads an office is asked for their story.
  private static let storiesAsked = 8

  /// An account goes to its own region, to who opened it and to those above, and what stops or starts
  /// it has effect wherever it has arrived.
  func checkAccounts() throws {
    let reference = AudienceReference(books.trees.map(\.tree))
    for (account, _) in accounts {
      let facts = (books.entities[account] ?? []).map { books.facts[$0] }
      guard let founding = facts.first(where: \.isFounding),
        !facts.contains(where: \.isHostile),
        let body = try? CanonicalValue(decoding: founding.body),
        let name = body["name"]?.text.flatMap({ AccountName($0) })
      else { continue }
      for office in honest {
        let about = [office.region.rawValue, account.description]
        let held = books.heldFacts(of: account, at: office.index)
        guard !held.isEmpty else { continue }
        let isEntitled = [name.region, founding.stamp.origin.region].contains {
          reference.isAtOrAbove(office.region, $0)
        }
        try checks.expect("account_scope", isEntitled, about: about) {
          "\(office.region) holds the account \(name) and is not above it"
        }
        guard let stored = try office.store.read({ try $0.entity(account) }), !stored.isWaiting,
          let state = stored.state.flatMap({ Account($0) }),
          !held.contains(where: { $0.kind == "account.restored" })
        else { continue }
        let isRevoked = held.contains { $0.kind == "account.revoked" }
        try checks.expect("account_revoked", state.isActive == !isRevoked, about: about) {
          "\(name) is \(isRevoked ? "" : "not ")revoked, and \(office.region) says otherwise"
        }
      }
    }
  }

  /// A session holds exactly as long as nothing came that stops its account or changes its password.
  func checkSessions() throws {
    let ending: Set<String> = ["account.revoked", "account.restored", "account.password"]
    for session in sessions {
      let office = offices[session.office]
      guard !office.isHostile,
        let (stored, entity) = try office.store.read({ reader in
          try reader.session(session.token).flatMap { stored in
            try reader.entity(session.account).map { (stored, $0) }
          }
        }), !entity.isWaiting, let state = entity.state, let account = Account(state)
      else { continue }
      let without = Set(state.ineffective.map(\.event))
      let isEnded = books.heldFacts(of: session.account, at: office.index).contains {
        ending.contains($0.kind) && !session.known.contains($0.hash) && !without.contains($0.hash)
      }
      let holds = account.isActive && account.access == stored.access
      try checks.expect(
        "session_ends", holds != isEnded,
        about: [office.region.rawValue, session.account.description]
      ) {
        "a session of \(account.name) at \(office.region) \(holds ? "holds on" : "ended of itself")"
      }
    }
  }

  /// Of two tables of holidays for a year the one written later counts, everywhere.
  func checkPublished() throws {
    for office in honest {
      var latest: (time: HybridTime, event: Hash, days: [CalendarDay])?
      for publication in books.published(at: office.index) {
        guard case .holidays(let days) = publication.content else { continue }
        let fact = books.facts[publication.event]
        if let latest, (fact.stamp.time, fact.hash) < (latest.time, latest.event) { continue }
        latest = (fact.stamp.time, fact.hash, days)
      }
      guard let latest else { continue }
      let calendar = try office.store.read { try $0.calendar() }
      for number in 1...31 {
        guard let day = CalendarDay(year: 2023, month: 12, day: number) else { continue }
        // The third of December 2023 was a Sunday.
        let isWorked = ![2, 3].contains(number % 7) && !latest.days.contains(day)
        try checks.expect(
          "holidays", try calendar.isWorkingDay(day) == isWorked, about: [office.region.rawValue]
        ) { "\(office.region) takes \(day) for \(isWorked ? "a day off" : "a working day")" }
      }
    }
  }

  /// Nobody is said to have held an event before it had it: by our own clock, as it went then.
  func checkKnowledge() throws {
    let worked = cases.filter { books.entities[$0]?.count ?? 0 > 2 }
    let step = max(worked.count / Self.storiesAsked, 1)
    for office in honest {
      for place in stride(from: 0, to: worked.count, by: step) {
        let lead = worked[place]
        guard let story = try office.store.read({ try $0.story(of: lead) }) else { continue }
        for entry in story.entries {
          for (region, knowledge) in entry.known.sorted(by: { $0.key < $1.key }) {
            if case .wrote = knowledge.basis { continue }
            try checkKnowledge(knowledge, of: entry.entry.event.hash, region, by: office)
          }
        }
      }
    }
  }

  private func checkKnowledge(
    _ knowledge: Knowledge, of event: Hash, _ region: RegionID, by office: Office
  ) throws {
    guard let peer = self.office(region), !peer.isHostile, !robbed.contains(peer.index),
      let fact = books.index[event]
    else { return }
    let since = books.heldSince(fact, at: peer.index)
    let isSo = since.map { office.showed(knowledge.sinceMilliseconds, within: $0...now) }
    try checks.expect(
      "known_truly", isSo ?? false, about: [office.region.rawValue, region.rawValue, event.short]
    ) {
      "\(office.region) says that \(region) held \(event.short) at \(knowledge.sinceMilliseconds) "
        + "(\(knowledge.basis)); it had it \(since.map { "first at \($0)" } ?? "never")"
    }
  }
}
