import Casework
import Ledger
import Regions
import Store

/// An item to rectify (整改事项).
package struct ItemAnswer: Codable, Hashable, Sendable {
  package let id: String
  /// The lead's id and number.
  package let lead: String?
  package let number: String?
  package let text: String?
  package let stage: String?
  package let stageName: String?
  /// The lead unit first, then co-units.
  package let handler: [String]
  package let department: String?
  package let due: String?
  package let orderedBy: String
  package let orderedAt: String
  /// Whether it is at no end of its process.
  package let open: Bool
  /// Whether it is past its limit.
  package let overdue: Bool
  package let clocks: [ClockAnswer]
  package let timeline: [TimelineLine]
}

extension NodeCommands {
  /// Lists the items of a lead in the order in which they came.
  package func listItems(_ arguments: LeadShowArguments) throws -> [ItemAnswer] {
    try core.store.read { reader in
      try items(of: lead(arguments.lead, in: reader).id, in: reader)
    }
  }

  /// Carries out an act of an item's process; see `actOnLead(_:by:)`.
  package func actOnItem(
    _ arguments: LeadKindArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await act(arguments, by: person) { try item(arguments.lead, in: $0) }
  }

  /// Grants the extension of an item that was asked for, where that is this office's to do, and else
  /// asks for one.
  ///
  /// - Throws: as `actOnItem(_:by:)`, with the reason why it cannot be granted where it was asked for.
  package func extendItem(
    _ arguments: LeadKindArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let state = try core.store.read { try foldedState(of: item(arguments.lead, in: $0)) }
    let folder = core.store.rules
    let isGranting =
      folder.refusal(of: ItemKind.extensionGranted, on: state, by: actor(person)) == nil
    var named = LeadKindArguments(
      lead: arguments.lead,
      act: isGranting ? ItemKind.extensionGranted : ItemKind.extensionRequested)
    named.values = arguments.values
    named.urgent = arguments.urgent
    return try await actOnItem(named, by: person)
  }

  /// How many items of a lead are at no end, and how many of them past their limits.
  func itemCounts(
    of lead: EntityID, in reader: StoreReader
  ) throws -> (open: Int, overdue: Int) {
    let open = try reader.items(of: lead).filter { $0.state.map(isUnderWay) == true }
    return (open.count, try open.count { isOverdue(try clocks(of: $0, in: reader)) })
  }

  private func isOverdue(_ clocks: [ClockAnswer]) -> Bool {
    clocks.contains { ($0.remainingSeconds ?? 0) < 0 }
  }

  func items(of lead: EntityID, in reader: StoreReader) throws -> [ItemAnswer] {
    let number = try reader.entity(lead)?.state.flatMap { Lead($0) }?.number
    return try reader.items(of: lead).compactMap { try answer(ofItem: $0, number, in: reader) }
  }

  private func answer(
    ofItem entity: StoredEntity, _ number: String?, in reader: StoreReader
  ) throws -> ItemAnswer? {
    guard let state = entity.state, let item = RectificationItem(state) else { return nil }
    let header = item.header
    let clocks = try clocks(of: entity, in: reader)
    let isOpen = isUnderWay(state)
    return ItemAnswer(
      id: entity.id.description, lead: item.lead?.description, number: number, text: item.text,
      stage: header.stage, stageName: stageName(state), handler: header.handler.map(\.rawValue),
      department: header.department, due: header.dueMilliseconds.map { CommandTime.text($0) },
      orderedBy: header.foundedBy.rawValue,
      orderedAt: CommandTime.text(header.foundedAtMilliseconds), open: isOpen,
      overdue: isOpen && isOverdue(clocks), clocks: clocks,
      timeline: lines(of: try reader.timeline(of: entity.id), state))
  }
}
