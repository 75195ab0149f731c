import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Confirms that a directive was received (回执签收).
  package func receiveDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await perform(.receive(), on: receiptLine(arguments), by: person, lane: .urgent)
  }

  /// Reports back on a directive (反馈).
  package func feedBack(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let text = try required(arguments.text, field: "--text")
    return try await perform(
      .feedBack(text), on: receiptLine(arguments), by: person, lane: .urgent)
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
      .completeReceipt(note: note), on: receiptLine(arguments), by: person, lane: .urgent)
  }

  /// Takes a directive back (指令撤销).
  package func cancelDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let reason = try required(arguments.text, field: "--reason")
    let id = try core.store.read { try directive(arguments.directive, in: $0).id }
    return try await perform(
      .cancelDirective(reason: reason), on: id, by: person, lane: .urgent)
  }

  /// The receipt line of a region, this node's unless another is named.
  private func receiptLine(_ arguments: DirectiveActArguments) throws -> EntityID {
    try core.store.read { reader in
      let entity = try directive(arguments.directive, in: reader)
      let region =
        try arguments.region.map {
          try self.region($0, field: "--region", try Places(reader))
        } ?? core.region
      // A stranger may found a line that names the directive; only the issuer's counts.
      let issuer = try foldedState(of: entity).founding.region
      let line = try reader.receiptLines(of: entity.id).first { line in
        guard let state = line.state, state.founding.region == issuer else { return false }
        return ReceiptLine(state)?.recipient == region
      }
      guard let line else {
        throw CommandError(
          .notFound, .badData,
          zh: "指令 \(entity.id) 没有 \(region) 的回执(未下发给它,或回执尚未同步到本节点)",
          en: "the directive \(entity.id) has no receipt line for \(region) here: it was not "
            + "issued to it, or the line has not arrived yet")
      }
      return line.id
    }
  }
}
