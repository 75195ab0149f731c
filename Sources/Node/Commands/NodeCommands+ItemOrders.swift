import Casework
import Ledger
import Regions
import Store

/// How many items to rectify there may be.
enum ItemBounds {
  /// Of one order.
  static let ofOrder = 64
  /// Of one lead, so that all follow it in one commit.
  static let ofLead = 192
  /// How many of those that are in the way an error names.
  static let named = 8
}

extension NodeCommands {
  /// What is written on items to rectify in the commit of an act on their lead: an order founds one for
  /// each text, and an act that hands the lead to named regions takes the items along to them.
  ///
  /// - Throws: `CommandError` of exit 77 where items are in the way of the act, or the order's author may
  ///   not found any; of exit 65 for a due time that is none and for too many items.
  func itemDrafts(
    along act: Act, on entity: StoredEntity, _ state: EntityState, by person: ActingPerson,
    in transaction: StoreTransaction
  ) throws -> [EventDraft] {
    guard act.kind == ItemKind.order, state.family == "lead" else {
      return try itemsFollowing(act, on: entity, state, by: person, in: transaction)
    }
    let now = Int64(clamping: core.wallMilliseconds())
    guard let stage = state.stage,
      let process = try transaction.reader.processInForce(for: ItemKind.family, at: now)
    else { return [] }
    let texts = act.body[ItemKind.list]?.array?.compactMap(\.text) ?? []
    let held = try transaction.reader.items(of: entity.id).count
    guard texts.count <= ItemBounds.ofOrder, held + texts.count <= ItemBounds.ofLead else {
      throw CommandError.field(
        ItemKind.list,
        zh: "一次最多 \(ItemBounds.ofOrder) 项,一件线索最多 \(ItemBounds.ofLead) 项,请合并",
        en:
          "an order has at most \(ItemBounds.ofOrder) items, a lead \(ItemBounds.ofLead); join some"
      )
    }
    return try texts.map { text in
      let (what, due) = try dated(text)
      var opening = ItemOpening(lead: entity.id, text: what, handler: stage.handler)
      opening.department = stage.department
      opening.dueMilliseconds = due ?? act.body["due"]?.integer
      try permit(
        transaction.rules.refusal(
          ofFounding: ItemKind.ordered, by: process.hash, saying: opening.body, by: actor(person)))
      return opening.draft(
        rules: process.hash, salt: core.salt(),
        audience: Array(Set(entity.audience + [core.region])).sorted())
    }
  }

  /// An item as people write it: `TEXT`, or `TEXT@TIME` with a due time of its own.
  private func dated(_ text: String) throws -> (text: String, due: Int64?) {
    guard let sign = text.lastIndex(where: { $0 == "@" || $0 == "\u{FF20}" }),
      text[text.index(after: sign)...].first?.isNumber == true
    else { return (try required(text, field: ItemKind.list), nil) }
    let due = try time(String(text[text.index(after: sign)...]), field: ItemKind.list)
    return (try required(String(text[..<sign]), field: ItemKind.list), due)
  }
}
