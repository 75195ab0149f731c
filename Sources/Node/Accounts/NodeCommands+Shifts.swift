import Casework
import Ledger
import Regions
import Store

/// What `shift start` takes.
package struct ShiftStartArguments: Codable, Hashable, Sendable {
  package var department: String?

  package init(department: String? = nil) { self.department = department }
}

/// What `shift hand-over` takes.
package struct ShiftHandOverArguments: Codable, Hashable, Sendable {
  package var note: String
  /// The account that is on duty from then on; `nil` where nobody is yet.
  package var to: String?
  package var department: String?

  package init(note: String) { self.note = note }
}

/// What `shift list` takes.
package struct ShiftListArguments: Codable, Hashable, Sendable {
  /// The office by id, name or code; `nil` for all that are held.
  package var region: String?
  package var limit: Int?

  package init() {}
}

/// One shift: schema `liandong.shift/1`.
package struct ShiftAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let id: String
  package let region: String
  package let department: Nullable<String>
  package let account: String
  /// RFC 3339.
  package let from: String
  /// RFC 3339; `null` while the shift lasts.
  package let until: Nullable<String>
  /// What it was handed over with.
  package let note: Nullable<String>
}

extension NodeCommands {
  /// The shifts of an office among which the open one is looked for.
  private static let openShifts = 256

  /// Begins the acting person's shift at this office (接班).
  ///
  /// - Throws: `CommandError` of exit 77 while another one lasts: it is to be handed over.
  package func startShift(
    _ arguments: ShiftStartArguments, by person: ActingPerson
  ) async throws -> ShiftAnswer {
    try check(arguments.department, in: core.region)
    let id = try await core.writer.write(weight: GroupWriter.groupWeight) { [self] transaction in
      if let open = try openShift(arguments.department, in: transaction.reader)?.shift {
        throw CommandError(
          .notPermitted, .refused, zh: "\(open.account) 尚在岗,请先 shift hand-over 交班",
          en: "\(open.account) is on duty still: hand over first, with shift hand-over")
      }
      var id: EntityID?
      _ = try transaction.author(actor: person.account, role: person.role, lane: .bulk) {
        id = $0.add(
          Shift.draft(
            of: person.account, department: arguments.department, at: core.region,
            salt: core.salt()))
      }
      guard let id else { preconditionFailure("the commit founded it") }
      return id
    }
    return try shift(id)
  }

  /// Ends the shift that lasts at this office, with a note for the next one (交班); with `to` the next
  /// shift begins in the same commit.
  ///
  /// - Throws: `CommandError` of exit 77 where nobody is on duty, of exit 65 for an account that may not
  ///   act here and for an empty note.
  package func handOverShift(
    _ arguments: ShiftHandOverArguments, by person: ActingPerson
  ) async throws -> ShiftAnswer {
    let note = try required(arguments.note, field: "--note")
    let next = try arguments.to.map { try relief($0) }
    let id = try await core.writer.write(weight: GroupWriter.groupWeight) { [self] transaction in
      guard let open = try openShift(arguments.department, in: transaction.reader) else {
        throw CommandError(
          .notPermitted, .refused, zh: "现无人在岗,请先 shift start 接班",
          en: "nobody is on duty: begin with shift start")
      }
      let entity = try heldEntity(open.id, in: transaction)
      let act = Act.handOver(note: note)
      try permit(
        transaction.rules.refusal(
          of: act.kind, on: foldedState(of: entity), by: actor(person)))
      _ = try transaction.author(actor: person.account, role: person.role, lane: .bulk) {
        $0.add(act.draft(entity: open.id, heads: entity.heads, salt: core.salt()))
        guard let next else { return }
        $0.add(
          Shift.draft(
            of: next, department: arguments.department, at: core.region, salt: core.salt()))
      }
      return open.id
    }
    return try shift(id)
  }

  /// Lists shifts, those accepted last first.
  package func listShifts(_ arguments: ShiftListArguments) throws -> [ShiftAnswer] {
    let limit = try limit(arguments.limit)
    return try core.store.read { reader in
      let region = try arguments.region.map {
        try self.region($0, field: "--region", Places(reader))
      }
      return try reader.shifts(of: region, limit: limit).compactMap { try answer($0, reader) }
    }
  }

  private func openShift(
    _ department: String?, in reader: StoreReader
  ) throws -> (id: EntityID, shift: Shift)? {
    for entity in try reader.shifts(of: core.region, limit: Self.openShifts) {
      guard let shift = entity.state.flatMap({ Shift($0) }), shift.endedAtMilliseconds == nil,
        shift.department == department
      else { continue }
      return (entity.id, shift)
    }
    return nil
  }

  /// Who takes over: where accounts are demanded, one that may act here.
  private func relief(_ text: String) throws -> String {
    try core.store.read { reader in
      guard try reader.accountsDemandedSince() != nil else {
        return try required(text, field: "--to")
      }
      let held = try account(text, in: reader)
      guard held.mayAct(at: core.region) else {
        throw CommandError.field(
          "--to", zh: "\(held.account.name) 不能在本节点办理,请另选一人",
          en: "\(held.account.name) may not act at this node: choose another")
      }
      return held.account.name.description
    }
  }

  private func shift(_ id: EntityID) throws -> ShiftAnswer {
    try core.store.read { reader in
      guard let answer = try reader.entity(id).flatMap({ try answer($0, reader) }) else {
        preconditionFailure("the shift was just written")
      }
      return answer
    }
  }

  private func answer(_ entity: StoredEntity, _ reader: StoreReader) throws -> ShiftAnswer? {
    guard let shift = entity.state.flatMap({ Shift($0) }) else { return nil }
    let note = try shift.endedAtMilliseconds.flatMap { _ in
      try reader.timeline(of: entity.id).last { $0.effect == .effective && !$0.event.isFounding }
        .flatMap { try? CanonicalValue(decoding: $0.event.body)["note"]?.text }
    }
    return ShiftAnswer(
      schema: "liandong.shift/1", id: entity.id.description, region: shift.region.rawValue,
      department: Nullable(shift.department), account: shift.account,
      from: CommandTime.text(shift.startedAtMilliseconds),
      until: Nullable(shift.endedAtMilliseconds.map { CommandTime.text($0) }),
      note: Nullable(note))
  }
}
