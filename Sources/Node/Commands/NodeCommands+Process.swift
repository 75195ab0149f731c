import Casework
import Ledger
import Regions
import Store

/// What `process apply` answers: schema `liandong.process_apply/1`.
package struct ProcessApplyAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let process: String
  package let bytes: Int
  /// RFC 3339.
  package let effectiveFrom: String
  /// Whether the ledger has it now and had it not; with `dryRun`, would have.
  package let changed: Bool
  /// The years whose tables of holidays are new or altered.
  package let years: [Int]
  package let dryRun: Bool
}

/// One publication: schema `liandong.process/1`.
package struct ProcessAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let process: String
  package let effectiveFrom: String
  /// Whether new entities of one of its families pin it.
  package let inForce: Bool
  package let families: [String]
}

/// What became of one entity: schema `liandong.process_move/1`.
package struct ProcessMoveAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let id: String
  package let number: String?
  package let from: String
  package let to: String
  package let stage: String?
  /// What may be done at this stage by the new process and not by the former.
  package let gained: [String]
  /// What may be done at this stage by the former process and not by the new one.
  package let lost: [String]
  package let moved: Bool
  package let dryRun: Bool
}

extension NodeCommands {
  /// The rules that a new entity of a family pins: the process in force, else the program's own.
  func rules(for family: String, in reader: StoreReader) throws -> Hash {
    let now = Int64(clamping: core.wallMilliseconds())
    let inForce = try reader.processInForce(for: family, at: now)
    // A process that was published before contacts had these acts says nothing about looking.
    guard family != ContactKind.family || inForce?.knowsContacts == true else {
      return Process.contacts.hash
    }
    return inForce?.hash ?? core.rules
  }

  /// Publishes a process file at the hub (流程下发). What is in force already adds nothing.
  ///
  /// - Throws: `CommandError` of exit 77 elsewhere than at the hub, of exit 65 for a file with faults
  ///   or a time that is none.
  package func applyProcess(
    _ arguments: ProcessApplyArguments, by person: ActingPerson
  ) async throws -> ProcessApplyAnswer {
    guard core.tier == .city else {
      throw CommandError(
        .notPermitted, .refused, zh: "只有市级节点能下发流程,本节点是 \(core.region)",
        en: "only the hub publishes a process, this node is \(core.region); run it there")
    }
    let draft: ProcessDraft
    let year = CommandTime.day(core.wallMilliseconds())?.year
    switch ProcessFile.parse(arguments.text, in: year) {
    case .draft(let good): draft = good
    case .refused(let findings): throw CommandError.findings(findings)
    }
    let process = draft.process
    let now = Int64(clamping: core.wallMilliseconds())
    let effective = try time(arguments.from, field: "--from") ?? now
    @Sendable func answer(_ changed: Bool, years: [Int]) -> ProcessApplyAnswer {
      ProcessApplyAnswer(
        schema: "liandong.process_apply/1", process: process.hash.description,
        bytes: process.encoded.count, effectiveFrom: CommandTime.text(effective),
        changed: changed, years: years, dryRun: arguments.dryRun)
    }
    // It changes something unless this very process is the one that will be in force then.
    @Sendable func changes(_ reader: StoreReader) throws -> Bool {
      let publications = try reader.publications()
      let then = publications.last { $0.effectiveMilliseconds <= effective }
      let isLast = publications.last?.effectiveMilliseconds ?? .min <= effective
      return then?.process != process.hash || !isLast
    }
    // Tables of years that the ledger has otherwise or not at all.
    @Sendable func newYears(_ reader: StoreReader) throws -> [WorkingCalendar.Year] {
      let known = try reader.calendar()
      return draft.years.filter { known.table(of: $0.year) != $0.sorted }
    }
    if arguments.dryRun {
      return try core.store.read { reader in
        answer(try changes(reader), years: try newYears(reader).map(\.year))
      }
    }
    return try await core.writer.write { [self] transaction in
      let isNew = try changes(transaction.reader)
      let years = try newYears(transaction.reader)
      guard isNew || !years.isEmpty else { return answer(false, years: []) }
      _ = try transaction.author(actor: person.account, role: person.role, lane: .urgent) {
        commit in
        if isNew {
          commit.add(
            PublishedProcess.draft(
              process, effectiveMilliseconds: effective, salt: core.salt()))
        }
        if !years.isEmpty { commit.add(PublishedCalendar.draft(years, salt: core.salt())) }
      }
      return answer(isNew, years: years.map(\.year))
    }
  }

  /// Lists the published processes, the latest to come into force last.
  package func listProcesses() throws -> [ProcessAnswer] {
    try core.store.read { reader in
      let now = Int64(clamping: core.wallMilliseconds())
      return try reader.publications().map { publication in
        let families = try reader.library[publication.process]?.families.map(\.name) ?? []
        let isInForce = try families.contains {
          try reader.processInForce(for: $0, at: now)?.hash == publication.process
        }
        return ProcessAnswer(
          schema: "liandong.process/1", process: publication.process.description,
          effectiveFrom: CommandTime.text(publication.effectiveMilliseconds),
          inForce: isInForce && publication.effectiveMilliseconds <= now, families: families)
      }
    }
  }

  /// Puts running entities under another process (更换流程), each in a commit of its own; with
  /// `dryRun` it tells what would change.
  ///
  /// - Throws: `CommandError` of exit 77 for an entity whose stage the process does not have, or where
  ///   the process forbids the move. Entities before it are moved.
  package func moveProcess(
    _ arguments: ProcessMoveArguments, by person: ActingPerson
  ) async throws -> [ProcessMoveAnswer] {
    var answers: [ProcessMoveAnswer] = []
    for reference in arguments.entities {
      answers.append(try await moveProcess(of: reference, arguments, by: person))
    }
    return answers
  }

  private func moveProcess(
    of reference: String, _ arguments: ProcessMoveArguments, by person: ActingPerson
  ) async throws -> ProcessMoveAnswer {
    let (entity, process, former) = try core.store.read { reader in
      let entity = try lead(reference, in: reader)
      let state = try foldedState(of: entity)
      let process = try self.process(arguments.to, for: state.family, in: reader)
      return (entity, process, try reader.library[state.rules])
    }
    let state = try foldedState(of: entity)
    guard let family = process.family(named: state.family) else {
      throw CommandError(
        .notPermitted, .refused, zh: "流程 \(process.hash.short) 不含 \(state.family),不能更换",
        en: "the process \(process.hash.short) has no family \(state.family)")
    }
    if let stage = state.stage?.stage, family.stage(stage) == nil {
      throw CommandError(
        .notPermitted, .refused,
        zh: "\(reference):新流程没有现在的环节“\(stage)”,请先办到两者都有的环节再更换",
        en: "\(reference): the process has no stage \(stage); bring it to one that both have first")
    }
    func acts(_ process: Process?) -> Set<String> {
      Set(
        process?.family(named: state.family)?.kinds.filter { rule in
          if case .found = rule.effect { return false }
          let stages = rule.permittedStages
          return stages.isEmpty || stages.contains(state.stage?.stage ?? "")
        }.map(\.kind) ?? [])
    }
    let (before, after) = (acts(former), acts(process))
    let isMoved = state.rules != process.hash
    if isMoved, !arguments.dryRun {
      _ = try await perform(.moveRules(to: process.hash), on: entity.id, by: person, lane: .bulk)
    }
    return ProcessMoveAnswer(
      schema: "liandong.process_move/1", id: entity.id.description,
      number: Lead(state)?.number, from: state.rules.description,
      to: process.hash.description, stage: state.stage?.stage,
      gained: after.subtracting(before).sorted(), lost: before.subtracting(after).sorted(),
      moved: isMoved, dryRun: arguments.dryRun)
  }

  /// The process that a hash, or its beginning, names; without one that in force.
  private func process(
    _ text: String?, for family: String, in reader: StoreReader
  ) throws -> Process {
    guard let text else {
      if let process = try reader.library[rules(for: family, in: reader)] { return process }
      preconditionFailure("the program's own rules are in every library")
    }
    let found = try reader.library.hashes.filter { $0.description.hasPrefix(text.lowercased()) }
    guard found.count == 1, let process = try reader.library[found[0]] else {
      throw CommandError.field(
        "--to", zh: "“\(text)”不指恰好一个流程;用 process list 查看",
        en: "'\(text)' names not exactly one process; see process list")
    }
    return process
  }
}
