import Casework
import Ledger
import Regions
import Store

/// Items to rectify: what offices do with them, and which of them count.
extension City {
  /// The most items of one order.
  private static let itemsOfOrder = 3

  /// The acts on a lead that concern its items.
  func rectifyActs(on state: EntityState, isHandler: Bool) -> [Act] {
    switch state.stage?.stage {
    case "inspect" where isHandler:
      Array(repeating: Act(kind: ItemKind.order, body: .map([:])), count: 3)
    case "rectify": [Act(kind: ItemKind.rectified, body: .map([:]))]
    default: []
    }
  }

  /// The items that an office founds beside an act on a lead: of an order its items; beside another act
  /// now and then one that no order has, which must count nowhere.
  func openings(beside act: Act, on lead: StoredEntity, at office: Office) -> [EventDraft] {
    let isOrder = act.kind == ItemKind.order
    guard let rules = lead.state?.rules, [Process.third.hash, trial?.hash].contains(rules),
      isOrder || numbers.permille(30)
    else { return [] }
    let handler = lead.state?.stage?.handler ?? [office.region]
    return (0..<(isOrder ? 1 + numbers.index(below: Self.itemsOfOrder) : 1)).map { item in
      ItemOpening(lead: lead.id, text: "事项 \(item)", handler: handler).draft(
        rules: rules, salt: numbers.bytes(16),
        audience: Array(Set(lead.audience + [office.region])).sorted())
    }
  }

  /// What somebody might do with an item, with the regions that the act names.
  func itemAct(on state: EntityState, at office: Office) -> (Act, [RegionID])? {
    func act(_ kind: String) -> (Act, [RegionID]) { (Act(kind: kind, body: .map([:])), []) }
    switch (state.stage?.stage, numbers.below(10)) {
    case (_, 0): return act("item.dropped")
    case (Process.mendStage, ..<3):
      guard let other = numbers.pick(offices)?.region else { return nil }
      return (.handOn(to: [other], department: nil, dueMilliseconds: nil), [other])
    case (Process.mendStage, _): return act("item.done")
    case ("mended", ..<4): return act("item.returned")
    case ("mended", _): return act("item.checked")
    default: return (.follow(), numbers.pick(offices).map { [$0.region] } ?? [])
    }
  }

  // MARK: Checks.

  /// The founding events of items, by the lead that each names.
  func itemOpenings() -> [EntityID: [Books.Fact]] {
    let openings = books.facts.filter { $0.kind == ItemKind.ordered }
    return Dictionary(grouping: openings) { fact in
      let body = try? CanonicalValue(decoding: fact.body)
      return body?["lead"]?.text.flatMap { EntityID(text: $0) } ?? fact.entity
    }
  }

  /// The commits of the orders on a lead that were theirs to give who gave them.
  func orderCommits(by reference: MergeReference) -> Set<Hash> {
    let orders = reference.items.values.filter { order in
      let reason = reference.settled?.ineffective[order.hash]
      return order.kind == ItemKind.order && (reason == nil || reason == "superseded")
    }
    return Set(orders.compactMap { books.fact($0.hash)?.commit })
  }

  /// An office counts the items that were founded with such an order and that it holds, and no others.
  func checkItems(
    of lead: EntityID, _ openings: [Books.Fact], with orders: Set<Hash>, at office: Office
  ) throws {
    guard !openings.isEmpty else { return }
    let expected = openings.filter { opening in
      orders.contains(opening.commit)
        && books.heldFacts(of: opening.entity, at: office.index).contains {
          $0.hash == opening.hash
        }
    }
    let counted = try office.store.read { try $0.items(of: lead) }.map(\.id)
    try checks.expect(
      "items_counted", Set(counted) == Set(expected.map(\.entity)),
      about: [office.region.rawValue, lead.description]
    ) { "\(office.region) counts \(counted.count) items of \(lead), not \(expected.count)" }
  }

  /// The lead that an item names, if by what the office holds the item counts there.
  func leadCounting(_ item: EntityID, at office: Office) -> EntityID? {
    guard let founding = books.heldFacts(of: item, at: office.index).first(where: \.isFounding),
      let lead = (try? CanonicalValue(decoding: founding.body))?["lead"]?.text
        .flatMap({ EntityID(text: $0) })
    else { return nil }
    var reference = reference(
      to: books.heldFacts(of: lead, at: office.index), at: office, processes(at: office))
    guard reference.fold() != nil else { return nil }
    return orderCommits(by: reference).contains(founding.commit) ? lead : nil
  }
}
