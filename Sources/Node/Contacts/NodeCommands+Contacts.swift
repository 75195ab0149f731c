import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// How many refused looks at one contact a node writes down in a day; further ones are refused all
  /// the same.
  static let recordedRefusals = 8
  private static let dayMilliseconds: UInt64 = 86_400_000

  /// Opens the reporter's contact of a lead. The look is in the ledger, with its reason, before this
  /// returns; so is a look that was refused.
  ///
  /// - Throws: `CommandError` of exit 77 where the role may not look, the key is not here, or it is or
  ///   is to be destroyed; of exit 65 for a missing reason, or a lead without a contact.
  package func showContact(
    _ arguments: ContactArguments, by person: ActingPerson
  ) async throws -> ContactAnswer {
    let reason = try required(arguments.reason, field: "--reason")
    let (lead, contact) = try core.store.read { try leadAndContact(arguments.lead, in: $0) }
    try requireKept(contact)
    let act: Act
    switch try ground(of: person, for: contact, of: lead) {
    case .kind(let kind): act = Act(kind: kind, body: Self.body(reason))
    case .refused(let refusal):
      try await record(reason, refusedTo: person, on: contact.id)
      throw CommandError.refused(refusal)
    }
    // Opened before it is recorded, and shown only after: a look that failed is none.
    let plain = try open(contact)
    let written = try await perform(act, on: contact.id, by: person, lane: .bulk)
    return ContactAnswer(
      schema: ContactAnswer.schemaName, lead: lead.id.description, name: plain.name,
      contact: plain.contact, extra: plain.extra.map { .init(name: $0.name, value: $0.value) },
      kind: written.kind, commit: written.commit)
  }

  /// Orders that every holder destroys its key of a reporter's contact, and destroys this node's.
  ///
  /// - Throws: `CommandError` of exit 77 while the lead is under way, where the role may not, or where
  ///   it was ordered already; of exit 65 for a missing reason, or a lead without a contact.
  package func destroyContact(
    _ arguments: ContactArguments, by person: ActingPerson
  ) async throws -> ContactStatus {
    let reason = try required(arguments.reason, field: "--reason")
    let (lead, contact) = try core.store.read { try leadAndContact(arguments.lead, in: $0) }
    try requireKept(contact)
    try requireEnded(lead)
    _ = try await perform(
      Act(kind: ContactKind.keyDestroyed, body: Self.body(reason)), on: contact.id, by: person,
      lane: .urgent)
    try await core.destroyKeys(of: [contact])
    let after = try core.store.read { try HeldContact(of: contact.id, in: $0) }
    return status(of: after ?? contact)
  }

  /// What is known of a contact without opening it.
  func status(of contact: HeldContact) -> ContactStatus {
    let order = contact.destruction
    return ContactStatus(
      id: contact.id.description, holders: contact.holders.map(\.rawValue),
      keyHere: core.contactKeys.holds(contact.seal.keyName),
      looks: contact.timeline.count {
        [ContactKind.looked, ContactKind.lookedInHandling].contains($0.event.kind)
      },
      destruction: order.map { order in
        .init(
          by: order.stamp.actor, role: order.stamp.role, region: order.stamp.origin.region.rawValue,
          at: CommandTime.text(order.stamp.time.milliseconds), reason: Self.reason(in: order))
      },
      acknowledged: contact.acknowledged.sorted { $0.key < $1.key }.map {
        .init(region: $0.key.rawValue, at: CommandTime.text($0.value.milliseconds))
      },
      outstanding: order == nil
        ? [] : contact.holders.filter { contact.acknowledged[$0] == nil }.map(\.rawValue))
  }

  /// The reporter's contact of a lead; `nil` where none is held here.
  func contact(of lead: EntityID, in reader: StoreReader) throws -> HeldContact? {
    try reader.contacts(of: lead).lazy.compactMap { try HeldContact($0, in: reader) }.first
  }

  private func leadAndContact(
    _ reference: String, in reader: StoreReader
  ) throws -> (StoredEntity, HeldContact) {
    let lead = try lead(reference, in: reader)
    guard let contact = try contact(of: lead.id, in: reader) else {
      throw CommandError(
        .notFound, .badData, zh: "本节点没有 \(reference) 的举报人联系方式;请向受理单位或其上级查询",
        en: "this node holds no reporter's contact of \(reference); ask the office that took the "
          + "lead in, or one above it")
    }
    return (lead, contact)
  }

  /// On which ground somebody may look, or why nobody of his role may.
  private enum Ground {
    case kind(String)
    case refused(Refusal)
  }

  private func ground(
    of person: ActingPerson, for contact: HeldContact, of lead: StoredEntity
  ) throws -> Ground {
    let folder = core.store.rules
    let refusal = folder.refusal(
      of: ContactKind.looked, on: contact.state, by: actor(person))
    guard let refusal else { return .kind(ContactKind.looked) }
    let isHandling = lead.state?.stage?.handler.contains(core.region) == true
    let mayInHandling =
      folder.refusal(of: ContactKind.lookedInHandling, on: contact.state, by: actor(person)) == nil
    return isHandling && mayInHandling ? .kind(ContactKind.lookedInHandling) : .refused(refusal)
  }

  private func record(
    _ reason: String, refusedTo person: ActingPerson, on id: EntityID
  ) async throws {
    let contact = try core.store.read { try HeldContact(of: id, in: $0) }
    let now = core.wallMilliseconds()
    let recent = (contact?.timeline ?? []).count {
      $0.event.kind == ContactKind.lookRefused && $0.stamp.origin.region == core.region
        && $0.stamp.time.milliseconds + Self.dayMilliseconds > now
    }
    guard recent < Self.recordedRefusals else { return }
    _ = try await perform(
      Act(kind: ContactKind.lookRefused, body: Self.body(reason)), on: id, by: person, lane: .bulk)
  }

  private func open(_ contact: HeldContact) throws -> ContactSealer.Contact {
    guard let key = try core.contactKeys.key(contact.seal.keyName) else {
      throw CommandError(
        .sealed, .refused, zh: "联系方式的密钥不在本节点:可能仍在传输,请稍后再试,或向受理单位或其上级查询",
        en: "the contact's key is not here: it may still be under way, try again later, or ask the "
          + "office that took the lead in, or one above it")
    }
    guard let plain = ContactSealer.open(contact.seal.ciphertext, of: contact.seal.lead, with: key)
    else {
      throw CommandError(
        .sealed, .refused, zh: "密文与密钥不符,无法打开;请向受理单位核对原始记录",
        en:
          "what is sealed does not open with its key; compare with the records of the office that "
          + "took the lead in")
    }
    return plain
  }

  /// - Throws: `CommandError` of exit 77 that says who destroyed it, when and why.
  private func requireKept(_ contact: HeldContact) throws {
    guard let order = contact.destruction else { return }
    let (by, region) = (order.stamp.actor, order.stamp.origin.region)
    let (at, reason) = (CommandTime.text(order.stamp.time.milliseconds), Self.reason(in: order))
    throw CommandError(
      .destroyed, .refused,
      zh: "联系方式的密钥已由 \(region) 的 \(by) 于 \(at) 销毁(理由:\(reason)),不能再打开",
      en:
        "\(by) of \(region) had the key of the contact destroyed at \(at) (\(reason)); it cannot be "
        + "opened any more")
  }

  private func requireEnded(_ lead: StoredEntity) throws {
    let state = try foldedState(of: lead)
    let stage = state.stage.flatMap {
      core.store.rules.library[state.rules]?.family(named: state.family)?.stage($0.stage)
    }
    guard stage?.isEnd == true else {
      throw CommandError(
        .notPermitted, .refused,
        zh: "线索现处“\(stageName(state) ?? "-")”环节,尚未办结;办结或归档后才能销毁联系方式",
        en:
          "the lead is \(stageName(state) ?? "-"), not closed; its contact can be destroyed once it "
          + "is closed or archived")
    }
  }

  private static func body(_ reason: String) -> CanonicalValue { .map(["reason": .text(reason)]) }

  private static func reason(in entry: TimelineEntry) -> String {
    (try? CanonicalValue(decoding: entry.event.body))?["reason"]?.text ?? ""
  }
}
