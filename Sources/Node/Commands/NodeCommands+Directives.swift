import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Lists directives, those accepted last first.
  package func listDirectives(_ arguments: DirectiveListArguments) throws -> [DirectiveSummary] {
    let limit = try limit(arguments.limit)
    return try core.store.read { reader in
      let before = try arguments.before.map { try directive($0, in: reader).id }
      return try reader.directives(before: before, limit: limit) { entity in
        try arguments.overdue ? isOverdue(entity, in: reader) : true
      }
      .compactMap { entity in
        summary(of: entity, lines: try genuineLines(of: entity, in: reader))
      }
    }
  }

  /// Whether a directive under way is past its due time, or a line of it past its limit.
  private func isOverdue(_ entity: StoredEntity, in reader: StoreReader) throws -> Bool {
    guard let state = entity.state, isUnderWay(state) else { return false }
    let now = Int64(clamping: core.wallMilliseconds())
    if let due = Directive(state)?.dueMilliseconds, due < now { return true }
    return try genuineLines(of: entity, in: reader).contains { line in
      try clocks(of: line, in: reader).contains { clock in
        clock.level.flatMap(WarningLevel.init(rawValue:))?.isScored == true
      }
    }
  }

  /// Shows a directive with its leads, its attachments and its receipt lines.
  package func showDirective(_ arguments: DirectiveActArguments) throws -> DirectiveDetail {
    let folder = try folder()
    return try core.store.read { reader in
      let places = try Places(reader)
      var frozen = try FrozenCopies(at: core.region, reader)
      let entity = try directive(arguments.directive, in: reader)
      let state = try foldedState(of: entity)
      let lines = try genuineLines(of: entity, in: reader)
      guard let directive = Directive(state), let summary = summary(of: entity, lines: lines) else {
        preconditionFailure("a directive was found")
      }
      let timeline = try reader.timeline(of: entity.id)
      return DirectiveDetail(
        directive: summary, text: directive.text, successor: Self.successor(in: timeline),
        leads: try directive.leads.map { try linkedLead($0, in: reader) },
        attachments: try evidence(of: entity.id, in: reader).map {
          try answer($0, folder, reader)
        },
        audience: entity.audience.map(\.rawValue),
        receipts: try lines.compactMap { line in
          try receipt(of: line, places, frozenSince: frozen.since(line.audience), in: reader)
        },
        timeline: self.lines(of: timeline, state))
    }
  }

  /// The directive that was put in the place of one.
  private static func successor(in timeline: [TimelineEntry]) -> String? {
    let act = timeline.last { $0.event.kind == "directive.superseded" && $0.effect == .effective }
    return act.flatMap { try? CanonicalValue(decoding: $0.event.body)["successor"]?.text }
  }

  private func linkedLead(_ id: EntityID, in reader: StoreReader) throws -> DirectiveLead {
    let state = try reader.entity(id)?.state
    let lead = state.flatMap { Lead($0) }
    return DirectiveLead(
      id: id.description, number: lead?.number, title: lead?.title, stage: lead?.header.stage,
      stageName: state.flatMap { stageName($0) }, held: lead != nil)
  }
}
