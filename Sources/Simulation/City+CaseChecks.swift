import Casework
import Ledger
import Regions
import Store

/// What casework promises beside the merge, each asked of the city's own books.
extension City {
  /// The stretches of the reference that the checks below need: the events that count, parents first.
  private static func effective(_ reference: MergeReference) -> [MergeReference.Item] {
    guard let result = reference.settled else { return [] }
    return reference.order.filter { result.ineffective[$0] == nil && !result.waiting.contains($0) }
      .compactMap { reference.items[$0] }
  }

  /// The incident that the last counting event of a lead links it to. Those events are moves, so each
  /// comes upon the one before.
  static func incident(by reference: MergeReference) -> EntityID? {
    let links = effective(reference).filter {
      [IncidentLink.linkedKind, IncidentLink.partedKind].contains($0.kind)
    }
    let last = links.max { reference.isAncestor($0.hash, $1.hash) }
    guard let last, last.kind == IncidentLink.linkedKind else { return nil }
    return last.body?[IncidentLink.entry]?.text.flatMap { EntityID(text: $0) }
  }

  /// Each report has the link that its events say, and no other.
  func checkIncident(of report: EntityID, _ expected: EntityID?, at office: Office) throws {
    let incident = try office.store.read { try $0.incident(of: report) }
    try checks.expect(
      "incident_link", incident == expected, about: [office.region.rawValue, report.description]
    ) {
      "\(office.region) links \(report) to \(incident?.description ?? "nothing"), its events to "
        + "\(expected?.description ?? "nothing")"
    }
  }

  /// The kinds that ask for another person than the one of the kind beside.
  private static let approved = ["lead.approved": "lead.submitted", "item.checked": "item.done"]

  /// What may be done once was done once, and what asks for two persons was done by two.
  func checkActs(of reference: MergeReference, _ about: [String]) throws {
    let items = Self.effective(reference)
    guard items.first?.body?["rules"] == .bytes(Process.third.hash.bytes),
      !items.contains(where: { $0.kind == Process.rulesMovedKind })
    else { return }
    let returns = items.count { $0.kind == "lead.returned" }
    try checks.expect("done_once", returns <= 1, about: about) {
      "\(about[1]) was returned \(returns) times"
    }
    try checkExtensions(items, of: reference, about)
    for approval in items {
      guard let asking = Self.approved[approval.kind] else { continue }
      let submitted = items.filter {
        $0.kind == asking && reference.isAncestor($0.hash, approval.hash)
      }.max { reference.isAncestor($0.hash, $1.hash) }
      try checks.expect(
        "two_persons", submitted.map { $0.account != approval.account } ?? false, about: about
      ) { "\(about[1]) was approved by \(approval.account), who submitted it" }
    }
  }

  /// A lead is extended once, by somebody above whoever asked, or at the city by another person.
  private func checkExtensions(
    _ items: [MergeReference.Item], of reference: MergeReference, _ about: [String]
  ) throws {
    let grants = items.filter { $0.kind == Process.clockKinds[2] }
    let unasked = grants.filter { grant in
      let requests = items.filter {
        $0.kind == Process.extensionRequested && reference.isAncestor($0.hash, grant.hash)
      }
      return requests.isEmpty
        || requests.contains { request in
          grant.tier >= request.tier
            && (request.tier != .city || request.account == grant.account)
        }
    }
    try checks.expect("extended_above", grants.count <= 1 && unasked.isEmpty, about: about) {
      "\(about[1]) was extended \(grants.count) times, \(unasked.count) of them by nobody above who asked"
    }
  }

  // MARK: Clocks.

  /// The most leads with stopped or extended clocks that one office is asked for.
  private static let clocksAsked = 24

  /// Notes by which clock events an office warns.
  func noteClocks(of commit: Commit, at office: Office) throws {
    for (_, event) in commit.events where event.kind == "lead.warned" {
      let events = try clockFacts(of: event.entity, at: office)
      if !events.isEmpty { books.noteClockEvents(events, ofWarning: event.hash) }
    }
  }

  /// The events that an office holds and that stop, resume or extend a lead's clocks. Which extensions
  /// count, `merge` checks.
  private func clockFacts(of lead: EntityID, at office: Office) throws -> [Books.Fact] {
    let state = try office.store.read { try $0.entity(lead) }?.state
    let idle = Set((state?.ineffective ?? []).map(\.event))
    return books.heldFacts(of: lead, at: office.index).filter {
      Process.clockKinds.contains($0.kind) && !idle.contains($0.hash)
    }
  }

  /// A stage is due when its limit has run, stops left out, and its extensions are over.
  func checkClocks() throws {
    for office in honest {
      var asked = 0
      for lead in cases where asked < Self.clocksAsked {
        let events = try clockFacts(of: lead, at: office)
        guard !events.isEmpty, ClockReference.areApart(events),
          let stored = try office.store.read({ try $0.entity(lead) }),
          !stored.isWaiting, let state = stored.state, state.rules == Process.third.hash,
          !books.wasMoved(lead), let entered = state.slots[Process.stageSlot]?.event,
          let fact = books.fact(entered), let stage = state.stage?.stage
        else { continue }
        asked += 1
        let clock = try office.store.read { try $0.clocks(of: stored) }?.stage
        let due = try clock?.deadlineMilliseconds()
        let expected = Process.limitHours[stage].flatMap {
          ClockReference(events, entered: Int64(fact.stamp.time.milliseconds)).instant(hours: $0)
        }
        try checks.expect(
          "clock_reads", due == expected, about: [office.region.rawValue, lead.description]
        ) {
          "\(office.region) has \(lead) due at \(due ?? 0) in \(stage), by its events it is "
            + "\(expected ?? 0)"
        }
      }
    }
  }

  // MARK: Supervision.

  /// The leads with a supervision case at an office: those of which one is surely open, and those of
  /// which one may have come to its end.
  func supervisedLeads(at office: Office) -> (open: Set<EntityID>, unsure: Set<EntityID>) {
    var found: (open: Set<EntityID>, unsure: Set<EntityID>) = ([], [])
    for entity in supervisions {
      let facts = books.heldFacts(of: entity.key, at: office.index)
      guard facts.contains(where: \.isFounding) else { continue }
      if facts.contains(where: { $0.kind == Process.concludedKind }) {
        found.unsure.insert(entity.value)
      } else {
        found.open.insert(entity.value)
      }
    }
    return found
  }

  /// A red warning, of a lead or of an item to rectify that counts, opens one supervision case of the
  /// lead, unless one is open.
  func checkSupervisions(
    _ commits: [Commit], at office: Office, _ before: (open: Set<EntityID>, unsure: Set<EntityID>)
  ) throws {
    let now = Int64(clock(of: office))
    let isInForce = books.published(at: office.index).contains {
      if case .process(_, let from) = $0.content { from <= now } else { false }
    }
    var opened: [EntityID: Int] = [:]
    var red: Set<EntityID> = []
    for (_, event) in commits.flatMap(\.events) {
      let body = try? CanonicalValue(decoding: event.body)
      if event.kind == SupervisionOpening.kind,
        let lead = body?["lead"]?.text.flatMap({ EntityID(text: $0) })
      {
        opened[lead, default: 0] += 1
        supervisions[event.entity] = lead
      } else if event.kind == "lead.warned", body?["level"]?.text == "red" {
        red.insert(event.entity)
      } else if event.kind == Process.warnedKind(of: ItemKind.family),
        body?["level"]?.text == "red", let lead = leadCounting(event.entity, at: office)
      {
        red.insert(lead)
      }
    }
    for lead in red.union(opened.keys).subtracting(before.unsure).sorted() {
      let expected = isInForce && red.contains(lead) && !before.open.contains(lead) ? 1 : 0
      let count = opened[lead, default: 0]
      try checks.expect(
        "red_supervised", count == expected, about: [office.region.rawValue, lead.description]
      ) { "\(office.region) opened \(count) supervision cases of \(lead), not \(expected)" }
    }
  }
}
