import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Tells that a directive was read (阅知).
  package func readDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await perform(.read(), on: receiptLine(arguments).id, by: person, lane: .urgent)
  }

  /// Accepts a directive (回执签收), by the act that the line's process has for it.
  package func acceptDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let line = try receiptLine(arguments)
    let process = core.store.rules.library[try foldedState(of: line).rules]
    let act = process?.rule(for: Act.accept().kind) == nil ? Act.receive() : .accept()
    return try await perform(act, on: line.id, by: person, lane: .urgent)
  }

  /// Reports back on a directive (反馈).
  package func feedBack(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let text = try required(arguments.text, field: "--text")
    return try await perform(
      .feedBack(text), on: receiptLine(arguments).id, by: person, lane: .urgent)
  }

  /// Declares a directive done: as a whole where this node issued it, else its own part of it.
  package func completeDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let note = arguments.text.flatMap { Self.trimmed($0) }
    let entity = try core.store.read { try directive(arguments.directive, in: $0) }
    if try foldedState(of: entity).founding.region == core.region, arguments.region == nil {
      return try await perform(
        .completeDirective(note: note), on: entity.id, by: person, lane: .urgent)
    }
    return try await perform(
      .completeReceipt(note: note), on: receiptLine(arguments).id, by: person, lane: .urgent)
  }

  /// Agrees that a recipient's part is done (核实).
  package func verifyReceipt(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let note = arguments.text.flatMap { Self.trimmed($0) }
    return try await perform(
      .verifyReceipt(note: note), on: receiptLine(arguments).id, by: person, lane: .urgent)
  }

  /// Sends a recipient's part back for more work (退回补办), while the directive is under way.
  ///
  /// - Throws: `CommandError` of exit 77 where the directive is at an end.
  package func returnReceipt(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let reason = try required(arguments.text, field: "--reason")
    let due = try time(arguments.due, field: "--due")
    let state = try core.store.read {
      try foldedState(of: directive(arguments.directive, in: $0))
    }
    guard isUnderWay(state) else {
      let now = stageName(state) ?? "-"
      throw CommandError(
        .notPermitted, .refused, zh: "指令现处“\(now)”,不再退回补办;请另行下发",
        en: "the directive is \(now): nothing of it is sent back; issue another one")
    }
    return try await perform(
      .returnReceipt(reason: reason, dueMilliseconds: due), on: receiptLine(arguments).id,
      by: person, lane: .urgent)
  }

  /// Whether an entity stands at a stage that is no end of its process.
  func isUnderWay(_ state: EntityState) -> Bool {
    let family = core.store.rules.library[state.rules]?.family(named: state.family)
    return state.stage.flatMap { family?.stage($0.stage) }?.isEnd == false
  }

  /// The lines of a directive that are its issuer's: a stranger may found one that names it, and that
  /// counts nowhere.
  func genuineLines(of directive: StoredEntity, in reader: StoreReader) throws -> [StoredEntity] {
    guard let issuer = directive.state?.founding.region else { return [] }
    return try reader.receiptLines(of: directive.id).filter {
      $0.state?.founding.region == issuer
    }
  }

  /// The receipt line of a region, this node's unless another is named.
  ///
  /// - Throws: `CommandError` of exit 65 where there is none, or several and no department tells which.
  private func receiptLine(_ arguments: DirectiveActArguments) throws -> StoredEntity {
    try core.store.read { reader in
      let entity = try directive(arguments.directive, in: reader)
      _ = try foldedState(of: entity)
      let region =
        try arguments.region.map {
          try self.region($0, field: "--region", try Places(reader))
        } ?? core.region
      let lines = try genuineLines(of: entity, in: reader).filter { line in
        guard let line = line.state.flatMap({ ReceiptLine($0) }) else { return false }
        return line.recipient == region
          && (arguments.department == nil || line.header.department == arguments.department)
      }
      guard let line = lines.first else {
        throw CommandError(
          .notFound, .badData,
          zh: "指令 \(entity.id) 没有 \(region) 的回执(未下发给它或该部门,或回执尚未同步到本节点)",
          en: "the directive \(entity.id) has no receipt line for \(region) here: it was not "
            + "issued to it or to that department, or the line has not arrived yet")
      }
      guard lines.count == 1 else {
        let departments = lines.map { $0.state?.stage?.department ?? "-" }
          .joined(separator: ", ")
        throw CommandError(
          .ambiguous, .badData, zh: "\(region) 有多件回执,请以 --department 写明部门:\(departments)",
          en: "\(region) has several receipt lines; say which with --department: \(departments)")
      }
      return line
    }
  }
}
