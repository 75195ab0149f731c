package import Ledger

/// A warning (预警) on a case, as an event of it says: once for each level of a clock, and once for
/// each breach of procedure.
///
/// The node of the office that dispatched writes it, so that an office which is offline cannot
/// silence its own. Two nodes may both write one, after a move; readers take those of one ``key``
/// for one.
package struct CaseWarning: Hashable, Sendable {
  /// What a warning is about.
  package enum Subject: String, CaseIterable, Sendable {
    /// The clock of a stage.
    case stage
    /// The clock of the whole handling.
    case total
    /// How an act was done.
    case procedure
  }

  /// The three ways of doing it wrong that the platforms tell apart.
  package enum Breach: String, Sendable {
    /// 做得晚: a stage lasts too long.
    case late
    /// 做得慢: the whole lasts too long.
    case slow
    /// 做不对: it was not done as the procedure says.
    case wrong
  }

  /// Warnings of an entity that agree in this are one.
  package struct Key: Hashable, Sendable {
    package let subject: Subject
    /// The event that entered the stage or founded the entity, or the act that broke the procedure.
    package let event: Hash
    package let level: WarningLevel
    /// The procedure that was broken.
    package let rule: ProcedureRule?

    package init(subject: Subject, event: Hash, level: WarningLevel, rule: ProcedureRule?) {
      self.subject = subject
      self.event = event
      self.level = level
      self.rule = rule
    }
  }

  package let key: Key
  /// The stage's key, as it was.
  package let stage: String
  /// When the level was reached or the procedure broken, in milliseconds since 1970 UTC.
  package let sinceMilliseconds: Int64

  package init(_ key: Key, stage: String, sinceMilliseconds: Int64) {
    self.key = key
    self.stage = stage
    self.sinceMilliseconds = sinceMilliseconds
  }

  package var breach: Breach {
    switch key.subject {
    case .stage: .late
    case .total: .slow
    case .procedure: .wrong
    }
  }

  /// The body as an event holds it: `{subject, event, level, stage, since, procedure?}`.
  package var body: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "subject": .text(key.subject.rawValue), "event": .array([.bytes(key.event.bytes)]),
      "level": .text(key.level.rawValue), "stage": .text(stage),
      "since": .integer(sinceMilliseconds),
    ]
    entries["procedure"] = key.rule.map { .text($0.rawValue) }
    return .map(entries)
  }

  /// Reads a body; `nil` for one of another shape.
  package init?(_ body: CanonicalValue) {
    guard let subject = body["subject"]?.text.flatMap(Subject.init(rawValue:)),
      let events = body["event"]?.array, events.count == 1,
      let event = events[0].bytes.flatMap({ Hash($0) }),
      let level = body["level"]?.text.flatMap(WarningLevel.init(rawValue:)), level.isScored,
      let stage = body["stage"]?.text, let since = body["since"]?.integer
    else { return nil }
    let rule = body["procedure"]?.text.flatMap(ProcedureRule.init(rawValue:))
    guard (rule != nil) == (subject == .procedure) else { return nil }
    self.init(
      Key(subject: subject, event: event, level: level, rule: rule), stage: stage,
      sinceMilliseconds: since)
  }
}

extension Process {
  /// The kind by which warnings are written on entities of a family. A process without it warns of
  /// nothing.
  package static func warnedKind(of family: String) -> String { family + ".warned" }
}
