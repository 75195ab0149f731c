import Casework
import Ledger
import Regions
import Store

/// What `duties apply` answers: schema `liandong.duties_apply/1`.
package struct DutyApplyAnswer: Codable, Hashable, Sendable {
  package let schema: String
  /// The version's hash.
  package let duties: String
  package let bytes: Int
  package let rows: Int
  /// RFC 3339.
  package let effectiveFrom: String
  /// Whether the ledger has it now and had it not; with `dryRun`, would have.
  package let changed: Bool
  package let dryRun: Bool
}

/// One published version: schema `liandong.duties/1`.
package struct DutyAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let duties: String
  /// RFC 3339.
  package let effectiveFrom: String
  package let inForce: Bool
  package let channels: Int
  package let rows: Int
}

extension NodeCommands {
  /// Publishes a duty list at the hub (职责清单下发). What is in force then already adds nothing.
  ///
  /// - Throws: `CommandError` of exit 77 elsewhere than at the hub, of exit 65 for a file with faults,
  ///   a region that the tree does not have, or a time that is none.
  package func applyDuties(
    _ arguments: DutyApplyArguments, by person: ActingPerson
  ) async throws -> DutyApplyAnswer {
    guard core.tier == .city else {
      throw CommandError(
        .notPermitted, .refused, zh: "只有市级节点能下发职责清单,本节点是 \(core.region)",
        en: "only the hub publishes a duty list, this node is \(core.region); run it there")
    }
    let list = try duties(parsing: arguments.text)
    let now = Int64(clamping: core.wallMilliseconds())
    let effective = try time(arguments.from, field: "--from") ?? now
    // It changes something unless this very list is the one that will be in force from then on.
    @Sendable func changes(_ reader: StoreReader) throws -> Bool {
      let versions = try reader.duties()
      let isLast = versions.last?.effectiveMilliseconds ?? .min <= effective
      return versions.inForce(at: effective)?.list != list || !isLast
    }
    @Sendable func answer(_ changed: Bool) -> DutyApplyAnswer {
      DutyApplyAnswer(
        schema: "liandong.duties_apply/1", duties: list.hash.description,
        bytes: list.encoded.count, rows: list.rows.count,
        effectiveFrom: CommandTime.text(effective), changed: changed, dryRun: arguments.dryRun)
    }
    let isKnownChange = try core.store.read { reader in
      try check(list, in: Places(reader))
      return try changes(reader)
    }
    if arguments.dryRun { return answer(isKnownChange) }
    return try await core.writer.write { [self] transaction in
      guard try changes(transaction.reader) else { return answer(false) }
      _ = try transaction.author(actor: person.account, role: person.role, lane: .urgent) {
        $0.add(PublishedDuties.draft(list, effectiveMilliseconds: effective, salt: core.salt()))
      }
      return answer(true)
    }
  }

  /// Lists the published versions, the latest to come into force last.
  package func listDuties() throws -> [DutyAnswer] {
    let versions = try core.store.read { try $0.duties() }
    let current = versions.inForce(at: Int64(clamping: core.wallMilliseconds()))
    return versions.map { version in
      DutyAnswer(
        schema: "liandong.duties/1", duties: version.list.hash.description,
        effectiveFrom: CommandTime.text(version.effectiveMilliseconds),
        inForce: version.event == current?.event, channels: version.list.channels.count,
        rows: version.list.rows.count)
    }
  }

  /// Refuses a channel that the list in force does not have or has turned off; where the hub published
  /// no list, any will do.
  ///
  /// - Throws: `CommandError` of exit 65.
  func check(channel key: String, in reader: StoreReader) throws {
    let now = Int64(clamping: core.wallMilliseconds())
    guard let list = try reader.duties().inForce(at: now)?.list,
      list.channel(key)?.isEnabled != true
    else { return }
    let listed = list.channels.filter(\.isEnabled).map { "\($0.key) \($0.chinese)" }
    throw CommandError.field(
      "--channel",
      zh: "职责清单中没有可用的渠道“\(key)”,可用:\(listed.joined(separator: "、"))",
      en: "the duty list has no enabled channel '\(key)'; use one of "
        + listed.joined(separator: ", "))
  }

  private func duties(parsing text: String) throws -> DutyList {
    switch DutyFile.parse(text) {
    case .list(let list): return list
    case .refused(let findings): throw CommandError.findings(findings)
    }
  }

  private func check(_ list: DutyList, in places: Places) throws {
    for row in list.rows {
      var named = row.region.map { [$0] } ?? []
      for case .region(let region) in [row.lead] + row.coUnits { named.append(region) }
      guard let region = named.first(where: { places.tree?.contains($0) != true }) else { continue }
      throw CommandError(
        .unknownRegion, .badData,
        zh: "职责“\(row.key)”:区域树中没有 \(region),请核对标识或先下发区域树",
        en: "row \(row.key): the tree has no region \(region); check the id or apply the tree first"
      )
    }
  }
}
