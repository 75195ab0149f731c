import Casework
import Ledger
import Regions
import Store

/// What `waiting list` takes.
package struct WaitingListArguments: Codable, Hashable, Sendable {
  /// The most entities.
  package var limit: Int?

  package init() {}
}

/// One entity that waits, as `waiting list` tells it.
package struct WaitingAnswer: Codable, Hashable, Sendable {
  /// Something that is not here.
  package struct Need: Codable, Hashable, Sendable {
    /// `event` or `rules`.
    package let kind: String
    package let hash: String
  }

  package let entity: String
  /// `null` while the founding event or its rules file is missing.
  package let family: Nullable<String>
  /// A lead's number.
  package let number: String?
  /// How many events wait.
  package let events: Int
  /// What would end the wait; empty only where the history branches beyond what a node folds.
  package let needs: [Need]
  /// `null` where an earlier program did not note it.
  package let since: Nullable<String>
  /// Who can end the wait: `neighbour` by the next comparison, `hub` by declaring the event lost,
  /// `upgrade` of this node or `rules_file` from the hub.
  package let ends: [String]
}

/// What `waiting declare-lost` takes.
package struct DeclareLostArguments: Codable, Hashable, Sendable {
  /// An entity's id, or a lead's number.
  package let entity: String
  /// The events, or the first eight digits or more; none for all that are missing.
  package var events: [String] = []

  package init(entity: String) { self.entity = entity }
}

/// What `waiting declare-lost` answers: schema `liandong.declare_lost/1`.
package struct DeclareLostAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let entity: String
  /// The events that are declared lost.
  package let lost: [String]
  /// The events that are missing still.
  package let missing: [String]
}

extension NodeCommands {
  private static let waitingLimit = 100
  private static let maximumWaitingLimit = 1_000
  private static let shortestEventPrefix = 8

  /// The entities that wait, those that have waited longest first.
  ///
  /// - Throws: `CommandError` of exit 65 for a limit of none or too many.
  package func listWaiting(_ arguments: WaitingListArguments) throws -> [WaitingAnswer] {
    let limit = arguments.limit ?? Self.waitingLimit
    guard (1...Self.maximumWaitingLimit).contains(limit) else {
      throw CommandError.field(
        "--limit", zh: "应为 1 至 \(Self.maximumWaitingLimit)",
        en: "must be 1 to \(Self.maximumWaitingLimit)")
    }
    return try core.store.read { reader in
      try reader.waiting(limit: limit).map { entity in
        let lead = try reader.entity(entity.id)?.state.flatMap { Lead($0) }
        return WaitingAnswer(
          entity: entity.id.description, family: Nullable(entity.family), number: lead?.number,
          events: entity.events, needs: entity.missing.map { WaitingAnswer.Need($0) },
          since: Nullable(entity.sinceMilliseconds.map { CommandTime.text($0) }),
          ends: Self.ends(of: entity))
      }
    }
  }

  private static func ends(of entity: WaitingEntity) -> [String] {
    var ends: [String] = []
    for need in entity.missing {
      switch need {
      // Without the founding event nobody can act on the entity.
      case .event: ends += entity.family == nil ? ["neighbour"] : ["neighbour", "hub"]
      case .rules: ends += ["upgrade", "rules_file"]
      }
    }
    return Array(Set(ends)).sorted()
  }

  /// Declares events lost that nobody holds any more, so that what names them as parents is folded.
  ///
  /// - Throws: `CommandError` of exit 77 elsewhere than at the hub and where the founding event is
  ///   missing, of exit 65 for an entity that misses no event or not the ones named.
  package func declareLost(
    _ arguments: DeclareLostArguments, by person: ActingPerson
  ) async throws -> DeclareLostAnswer {
    guard core.tier == .city else {
      throw CommandError(
        .notPermitted, .refused, zh: "只有市级节点能宣告缺失,本节点是 \(core.region);请到市级节点办理",
        en: "only the hub declares events lost, this node is \(core.region); run it there")
    }
    let id = try core.store.read { try waitingEntity(arguments.entity, in: $0) }
    return try await core.writer.write { [self] transaction in
      let missing = try transaction.reader.missingEvents(of: id)
      let lost = try Self.lost(arguments.events, among: missing, of: id)
      guard try transaction.entity(id)?.state != nil else {
        throw CommandError(
          .waiting, .refused, zh: "\(id) 的首条记录缺失,不能宣告:没有它就无从办理,只能待邻近节点补齐",
          en:
            "the founding event of \(id) is missing and cannot be declared lost: without it nothing "
            + "can be done; only a neighbour can bring it")
      }
      for start in stride(from: 0, to: lost.count, by: LostParents.maximum) {
        let act = Act.declareLost(Array(lost.dropFirst(start).prefix(LostParents.maximum)))
        let heads = try transaction.entity(id)?.heads ?? []
        _ = try transaction.author(actor: person.account, role: person.role, lane: .bulk) {
          $0.add(act.draft(entity: id, heads: heads, salt: core.salt()))
        }
      }
      return DeclareLostAnswer(
        schema: "liandong.declare_lost/1", entity: id.description, lost: lost.map(\.description),
        missing: try transaction.reader.missingEvents(of: id).map(\.description))
    }
  }

  private func waitingEntity(_ reference: String, in reader: StoreReader) throws -> EntityID {
    // What waits for its beginning has no family, so only the whole id finds it.
    if let id = EntityID(text: reference) { return id }
    return try lead(reference, in: reader).id
  }

  private static func lost(
    _ named: [String], among missing: [Hash], of id: EntityID
  ) throws -> [Hash] {
    guard !missing.isEmpty else {
      throw CommandError(
        .notFound, .badData, zh: "\(id) 没有缺失的事件,或本节点没有这一事项;请用 waiting list 核对",
        en: "\(id) misses no event, or is not held here; check it with waiting list")
    }
    guard !named.isEmpty else { return missing }
    let chosen = try named.map { text in
      let digits = text.lowercased()
      let matches =
        digits.utf8.count >= shortestEventPrefix
        ? missing.filter { $0.description.hasPrefix(digits) } : []
      guard let match = matches.first, matches.count == 1 else {
        throw CommandError.field(
          "HASH", zh: "“\(text)”未指明一个缺失的事件,请照 waiting list 所列填写",
          en: "'\(text)' names no single missing event; take it from waiting list")
      }
      return match
    }
    return Set(chosen).sorted()
  }
}

extension WaitingAnswer.Need {
  fileprivate init(_ need: Casework.Need) {
    switch need {
    case .event(let hash): self.init(kind: "event", hash: hash.description)
    case .rules(let hash): self.init(kind: "rules", hash: hash.description)
    }
  }
}
