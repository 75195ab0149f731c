import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// What takes the items of a lead along when an act hands it to named regions: those that are to be done
  /// are theirs from then on and keep their deadlines; the others are shown to them.
  ///
  /// - Throws: `CommandError` of exit 77 where items are in the way of the act.
  func itemsFollowing(
    _ act: Act, on entity: StoredEntity, _ state: EntityState, by person: ActingPerson,
    in transaction: StoreTransaction
  ) throws -> [EventDraft] {
    guard state.family == "lead",
      let (family, rule) = transaction.rules.library[state.rules]?.rule(for: act.kind),
      case .move(_, let to, let handover) = rule.effect
    else { return [] }
    let endsLead = family.stage(to)?.isClosing == true
    guard act.kind == ItemKind.rectified || endsLead || handover == .named else { return [] }
    let items = try transaction.reader.items(of: entity.id)
    if act.kind == ItemKind.rectified {
      try refuse(rule, whileOpen: items.filter { $0.state.map(isToBeDone) == true })
    } else if endsLead {
      try refuse(rule, whileOpen: items.filter { $0.state.map(isUnderWay) == true })
    }
    guard handover == .named else { return [] }
    let units = act.body["to"]?.array?.compactMap { $0.text.flatMap { RegionID($0) } } ?? []
    // No honest office founds more, and a hostile one must not keep the lead where it is.
    return try items.prefix(ItemBounds.ofLead).compactMap { item in
      try following(
        item, to: units, act.body["department"]?.text, by: person, in: transaction)
    }
  }

  private func following(
    _ item: StoredEntity, to units: [RegionID], _ department: String?, by person: ActingPerson,
    in transaction: StoreTransaction
  ) throws -> EventDraft? {
    guard let state = item.state, !item.heads.isEmpty else { return nil }
    let isEveryones = item.audience.contains(.everyone)
    let missing = isEveryones ? [] : units.filter { !item.audience.contains($0) }
    let handing = Act.handOn(
      to: units, department: department,
      dueMilliseconds: try deadline(of: item, state, in: transaction.reader))
    let refusal = transaction.rules.refusal(of: handing.kind, on: state, by: actor(person))
    guard refusal == nil || !missing.isEmpty else { return nil }
    return (refusal == nil ? handing : Act.follow()).draft(
      entity: item.id, heads: item.heads, salt: core.salt(), audience: missing)
  }

  /// When an item is due, with what extends it; `nil` where that is not known.
  private func deadline(
    of item: StoredEntity, _ state: EntityState, in reader: StoreReader
  ) throws -> Int64? {
    let now = Int64(clamping: core.wallMilliseconds())
    do {
      let reading = try reader.clocks(of: item)?.stage?.reading(atMilliseconds: now)
      return reading?.deadlineMilliseconds ?? state.stage?.dueMilliseconds
    } catch is CalendarError {
      return state.stage?.dueMilliseconds
    }
  }

  private func isToBeDone(_ state: EntityState) -> Bool {
    let family = core.store.rules.library[state.rules]?.family(named: state.family)
    return state.stage?.stage == family?.stages.first?.key
  }

  private func refuse(_ rule: KindRule, whileOpen items: [StoredEntity]) throws {
    guard !items.isEmpty else { return }
    let listed = items.prefix(ItemBounds.named).map { item in
      let text = item.state.flatMap { RectificationItem($0) }?.text ?? "-"
      return "\(item.id) \(text)"
    }.joined(separator: "; ")
    throw CommandError(
      .notPermitted, .refused,
      zh: "尚有 \(items.count) 项整改事项未了,不能“\(rule.chinese)”:\(listed)。请先以 lead item 逐项办理",
      en:
        "\(items.count) items to rectify are in the way of \(rule.english): \(listed). Bring each to "
        + "its end with lead item")
  }
}
