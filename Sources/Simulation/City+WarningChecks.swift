import Casework
import Ledger
import Regions

/// The warnings that nodes wrote, against what the city itself knows of the leads.
extension City {
  private static let hour: Int64 = 3_600_000
  /// The kinds that found what has clocks, and those that warn of it.
  private static let foundingKinds = ["lead.reported", ItemKind.ordered]
  private static let warnedKinds = ["lead", ItemKind.family].map { Process.warnedKind(of: $0) }
  /// The levels of an operational limit, in percent of it.
  private static let levels: [String: Int64] = ["yellow": 100, "orange": 150, "red": 200]

  /// Each says what is so: a stage or handling of that lead which began when the named event was
  /// written, and a level that is as much later as the process says, by the writer's clock past. And
  /// no office says one twice, but one whose store forgot.
  func checkWarnings() throws {
    var said: Set<[String]> = []
    for fact in books.facts where Self.warnedKinds.contains(fact.kind) && !fact.isHostile {
      let about = [fact.stamp.origin.region.rawValue, fact.hash.short]
      // What the process on trial limits counts by calendars that are checked elsewhere.
      if !isOnTrial(fact.entity) {
        let wrong = Self.fault(of: fact, books)
        try checks.expect("warned_truly", wrong == nil, about: about) {
          "\(about[0]) warns by \(about[1]), and \(wrong ?? "")"
        }
      }
      guard let office = offices.first(where: { $0.region == fact.stamp.origin.region }),
        !office.wasRestored, let body = try? CanonicalValue(decoding: fact.body)
      else { continue }
      let words = ["subject", "level"].map { body[$0]?.text ?? "" }
      let named = body["event"]?.array?.first?.bytes.flatMap { Hash($0) }?.description ?? ""
      let key = [about[0], fact.entity.description, named] + words
      try checks.expect("warned_once", said.insert(key).inserted, about: about) {
        "\(about[0]) wrote the warning \(words) of \(fact.entity) twice"
      }
    }
  }

  /// Every level that a stage reached before the lead moved on is written, however late it was looked
  /// for. Asked of the hub, for leads whose clocks nobody touched and stays whose warner holds all of
  /// the lead: an office with a frozen copy warns by that, and nobody in its place.
  func checkLevels(of reference: MergeReference, _ lead: EntityID, _ about: [String]) throws {
    let facts = books.heldFacts(of: lead, at: hubIndex)
    let rules = facts.first.flatMap { try? CanonicalValue(decoding: $0.body) }?["rules"]
    guard rules != .bytes(Process.firstCut.hash.bytes), !isOnTrial(lead),
      Self.foundingKinds.contains(facts.first?.kind ?? ""),
      !books.wasMoved(lead), !facts.contains(where: \.isHostile),
      !facts.contains(where: { Process.clockKinds.contains($0.kind) }),
      reference.settled?.waiting.isEmpty == true
    else { return }
    let said = Set(
      facts.filter { Self.warnedKinds.contains($0.kind) }.compactMap { fact -> [String]? in
        guard let body = try? CanonicalValue(decoding: fact.body),
          body["subject"]?.text == "stage"
        else { return nil }
        let named = body["event"]?.array?.first?.bytes.flatMap { Hash($0) }
        return [named?.description ?? "", body["level"]?.text ?? ""]
      })
    let stays = reference.stays
    for (index, stay) in stays.enumerated() {
      guard let limit = Process.limitHours[stay.stage],
        let warner = try warner(after: stay.giver), !warner.isHostile,
        facts.allSatisfy({ fact in
          books.index[fact.hash].map { books.held[warner.index].contains($0) } ?? false
        })
      else { continue }
      let next = index + 1 < stays.count ? stays[index + 1].entered : Int64(caughtUpAt) + 1
      for (word, level) in Self.levels.sorted(by: { $0.key < $1.key }) {
        let due = stay.entered + limit * Self.hour * level / 100
        guard due < min(next, Int64(caughtUpAt) + 1) else { continue }
        try checks.expect(
          "warned_all", said.contains([stay.event.description, word]),
          about: about + [stay.event.short]
        ) { "nobody warned that \(about[1]) was \(word) in \(stay.stage) at \(due)" }
      }
    }
  }

  /// The office that warns of a stay: who handed the case over, and above a township its parent.
  private func warner(after giver: RegionID) throws -> Office? {
    guard let office = office(giver), office.tier == .township else { return office(giver) }
    return try hub.tree?.parent(of: giver).flatMap { self.office($0) }
  }

  private static func fault(of fact: Books.Fact, _ books: Books) -> String? {
    guard let body = try? CanonicalValue(decoding: fact.body), let since = body["since"]?.integer,
      let hash = body["event"]?.array?.first?.bytes.flatMap({ Hash($0) }),
      let level = body["level"]?.text.flatMap({ levels[$0] }), let stage = body["stage"]?.text
    else { return "its body lacks something" }
    guard let named = books.fact(hash), named.entity == fact.entity else {
      return "it names no event of the lead"
    }
    if body["subject"]?.text == "procedure" {
      return fault(ofProcedure: body, at: since, named, books)
    }
    let limit: Int64?
    switch body["subject"]?.text {
    case "stage": limit = Process.limitHours[stage]
    case "total": limit = Process.wholeHours
    default: return "it warns of nothing that has a clock"
    }
    guard let limit else { return "the stage \(stage) is not limited" }
    let events = books.clockEvents[fact.hash] ?? []
    // Under another rules file the clock events may have no effect.
    if !events.isEmpty, books.wasMoved(fact.entity) || !ClockReference.areApart(events) {
      return nil
    }
    // An extension that came before the sweep may have come after the stay.
    let entered = Int64(named.stamp.time.milliseconds)
    let due = (0...events.count).map {
      ClockReference(events, entered: entered, extensions: $0).instant(hours: limit, percent: level)
    }
    if !due.contains(since) { return "the level is reached at \(due), not at \(since)" }
    return since <= Int64(fact.stamp.time.milliseconds) ? nil : "its time has not come"
  }

  /// Of the procedures, the offices of a city break three: they return a lead again, they close one
  /// whose order to rectify nobody rechecked, since no process of theirs but one on trial has an act for
  /// that, and one whose clock was set between a report and its writing claims a time that cannot be.
  private static func fault(
    ofProcedure body: CanonicalValue, at since: Int64, _ named: Books.Fact, _ books: Books
  ) -> String? {
    let written = Int64(named.stamp.time.milliseconds)
    if body["procedure"]?.text == ProcedureRule.backDated.rawValue {
      let claimed = (try? CanonicalValue(decoding: named.body))?["reported"]?.integer ?? 0
      return since == written && claimed > written + 600_000
        ? nil : "the lead was not reported later than it was written"
    }
    if body["procedure"]?.text == ProcedureRule.closedWithoutRecheck.rawValue {
      return named.kind == "lead.closed" && since == written && isOrdered(before: named, books)
        ? nil : "the lead was not closed after an order to rectify"
    }
    let returns = (books.entities[named.entity] ?? []).count {
      books.facts[$0].kind == "lead.returned"
    }
    let isSo =
      body["procedure"]?.text == "returned_again" && named.kind == "lead.returned" && returns > 1
      && since == written
    return isSo ? nil : "no office broke the procedure \(body["procedure"]?.text ?? "")"
  }

  /// Whether an order to rectify is among the ancestors of an event.
  private static func isOrdered(before fact: Books.Fact, _ books: Books) -> Bool {
    var (open, seen) = (fact.parents, Set(fact.parents))
    while let next = open.popLast().flatMap({ books.fact($0) }) {
      if next.kind == ItemKind.order { return true }
      open += next.parents.filter { seen.insert($0).inserted }
    }
    return false
  }
}
