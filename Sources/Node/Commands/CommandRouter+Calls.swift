import Regions

extension CommandRouter {
  /// One request on its way to its operation.
  struct Call: Sendable {
    let request: ControlRequest
    let commands: NodeCommands
    let isRunning: Bool

    func arguments<Arguments: Decodable>(_ type: Arguments.Type) throws -> Arguments {
      try request.decodeArguments(as: type)
    }

    /// Who acts, checked against the accounts where these are demanded.
    func person() async throws -> ActingPerson {
      try await commands.actingPerson(
        account: request.actor, role: request.role, session: request.session)
    }

    /// The importer in each role that the rows name has to hold it.
    private func importLeads(_ chunk: ImportChunkArguments) async throws -> ImportChunkAnswer {
      let importer = try await person()
      var others: [String: ActingPerson] = [:]
      for role in chunk.roles {
        others[role] = try await commands.actingPerson(
          account: request.actor, role: role, session: request.session)
      }
      return try await commands.importLeads(chunk, by: importer, and: others)
    }

    func lead(_ verb: String) async throws -> Answer {
      switch verb {
      case "report":
        return try Answer(
          await commands.reportLead(arguments(LeadReportArguments.self), by: person()))
      case "list": return try Answer(list: commands.listLeads(arguments(LeadListArguments.self)))
      case "show": return try Answer(commands.showLead(arguments(LeadShowArguments.self)))
      case "duplicates":
        return try Answer(
          list: await commands.listDuplicates(arguments(LeadDuplicatesArguments.self)))
      case "incidents":
        return try Answer(list: commands.listIncidents(arguments(IncidentListArguments.self)))
      case "hard-cases":
        return try Answer(list: commands.listHardCases(arguments(HardCaseArguments.self)))
      case "figures":
        return try Answer(commands.tellFigures(arguments(FigureArguments.self)))
      case "sample":
        return try Answer(
          list: await commands.drawSample(arguments(SampleArguments.self), by: person()))
      case "route":
        let answer = try commands.routeLead(arguments(LeadRouteArguments.self))
        return try Answer(answer, exit: answer.decided ? .good : .no)
      case "timeline":
        return try Answer(list: commands.tellLead(arguments(LeadShowArguments.self)))
      case "export":
        return try Answer(await commands.exportLead(arguments(LeadExportArguments.self)))
      case "contact show":
        return try Answer(
          await commands.showContact(arguments(ContactArguments.self), by: person()))
      case "contact destroy":
        return try Answer(
          await commands.destroyContact(arguments(ContactArguments.self), by: person()))
      case "item list":
        return try Answer(list: commands.listItems(arguments(LeadShowArguments.self)))
      case "item act":
        return try Answer(
          await commands.actOnItem(arguments(LeadKindArguments.self), by: person()))
      case "item extend":
        return try Answer(
          await commands.extendItem(arguments(LeadKindArguments.self), by: person()))
      case "describe":
        return try Answer(
          await commands.describeLead(arguments(LeadDescribeArguments.self), by: person()))
      case "dispatch":
        return try Answer(
          await commands.dispatchLead(arguments(LeadDispatchArguments.self), by: person()))
      case "act":
        return try Answer(
          await commands.actOnLead(arguments(LeadKindArguments.self), by: person()))
      default:
        if let act = LeadAct(rawValue: verb) {
          return try Answer(
            await commands.act(act, arguments(LeadActArguments.self), by: person()))
        } else {
          throw unknown()
        }
      }
    }

    func directive(_ verb: String) async throws -> Answer {
      func act() throws -> DirectiveActArguments { try arguments(DirectiveActArguments.self) }
      return switch verb {
      case "issue":
        try Answer(
          await commands.issueDirective(arguments(DirectiveIssueArguments.self), by: person()))
      case "list":
        try Answer(list: commands.listDirectives(arguments(DirectiveListArguments.self)))
      case "show": try Answer(commands.showDirective(act()))
      case "read": try Answer(await commands.readDirective(act(), by: person()))
      case "accept", "receive": try Answer(await commands.acceptDirective(act(), by: person()))
      case "feedback": try Answer(await commands.feedBack(act(), by: person()))
      case "complete": try Answer(await commands.completeDirective(act(), by: person()))
      case "verify": try Answer(await commands.verifyReceipt(act(), by: person()))
      case "return": try Answer(await commands.returnReceipt(act(), by: person()))
      case "cancel": try Answer(await commands.cancelDirective(act(), by: person()))
      case "supersede": try Answer(await commands.supersedeDirective(act(), by: person()))
      default: throw unknown()
      }
    }

    func conflict(_ verb: String) async throws -> Answer {
      func decision() throws -> ConflictDecideArguments {
        try arguments(ConflictDecideArguments.self)
      }
      return switch verb {
      case "list":
        try Answer(list: commands.listConflicts(arguments(ConflictListArguments.self)))
      case "show":
        try Answer(list: commands.showConflict(arguments(ConflictShowArguments.self)))
      case "confirm": try Answer(await commands.confirmConflict(decision(), by: person()))
      case "redo": try Answer(await commands.redoConflict(decision(), by: person()))
      default: throw unknown()
      }
    }

    func warning(_ verb: String) async throws -> Answer {
      switch verb {
      case "list": try Answer(list: commands.listWarnings(arguments(WarningListArguments.self)))
      case "sweep": try Answer(await commands.sweepWarnings())
      case "early": try Answer(list: commands.listHotSpots(arguments(HotSpotArguments.self)))
      default: throw unknown()
      }
    }

    func supervision(_ verb: String) async throws -> Answer {
      switch verb {
      case "list":
        try Answer(list: commands.listSupervisions(arguments(SupervisionListArguments.self)))
      case "show":
        try Answer(commands.showSupervision(arguments(LeadShowArguments.self).lead))
      case "act":
        try Answer(
          await commands.actOnSupervision(arguments(LeadKindArguments.self), by: person()))
      default: throw unknown()
      }
    }

    func topology(_ verb: String) async throws -> Answer {
      guard verb == "apply" else { throw unknown() }
      return try Answer(
        await commands.applyTopology(arguments(TopologyApplyArguments.self), by: person()))
    }

    func process(_ verb: String) async throws -> Answer {
      switch verb {
      case "apply":
        try Answer(
          await commands.applyProcess(arguments(ProcessApplyArguments.self), by: person()))
      case "list": try Answer(list: commands.listProcesses())
      case "move":
        try Answer(
          list: await commands.moveProcess(arguments(ProcessMoveArguments.self), by: person()))
      default: throw unknown()
      }
    }

    func duties(_ verb: String) async throws -> Answer {
      switch verb {
      case "apply":
        try Answer(
          await commands.applyDuties(arguments(DutyApplyArguments.self), by: person()))
      case "list": try Answer(list: commands.listDuties())
      default: throw unknown()
      }
    }

    func evidence(_ verb: String) async throws -> Answer {
      switch verb {
      case "add":
        return try Answer(
          await commands.addEvidence(arguments(EvidenceAddArguments.self), by: person()))
      case "list":
        return try Answer(list: commands.listEvidence(arguments(LeadShowArguments.self)))
      case "get":
        return try Answer(await commands.getEvidence(arguments(EvidenceGetArguments.self)))
      case "fetch":
        return try Answer(
          await commands.fetchEvidence(
            arguments(EvidenceFetchArguments.self), isRunning: isRunning))
      case "verify":
        let answer = try await commands.verifyEvidence()
        return try Answer(answer, exit: answer.ok ? .good : .no)
      default: throw unknown()
      }
    }

    func origin(_ verb: String) async throws -> Answer {
      switch verb {
      case "list": try Answer(list: commands.listOrigins())
      case "close":
        try Answer(
          await commands.closeOrigin(arguments(OriginCloseArguments.self), by: person()))
      default: throw unknown()
      }
    }

    func waiting(_ verb: String) async throws -> Answer {
      switch verb {
      case "list": try Answer(list: commands.listWaiting(arguments(WaitingListArguments.self)))
      case "declare-lost":
        try Answer(
          await commands.declareLost(arguments(DeclareLostArguments.self), by: person()))
      default: throw unknown()
      }
    }

    func upkeep(_ command: String) async throws -> Answer {
      switch command {
      case "import leads mapping":
        return try Answer(commands.checkMapping(arguments(MappingArguments.self)))
      case "import leads chunk":
        return try Answer(
          await importLeads(arguments(ImportChunkArguments.self)))
      case "status": return try Answer(commands.status(isRunning: isRunning))
      case "verify":
        let answer = try await commands.verify()
        return try Answer(answer, exit: answer.ok ? .good : .no)
      case "rebuild": return try Answer(await commands.rebuild())
      case "backup create":
        let answer = try await commands.createBackup(at: arguments(PathArguments.self).path)
        return try Answer(answer, exit: answer.verify.ok ? .good : .no)
      default: throw unknown()
      }
    }

    /// Holds links down or lets them come up.
    func sync(_ word: String, _ links: LinkRegistry) throws -> Answer {
      switch word {
      case "pause": links.pause()
      case "resume": links.resume()
      case "now": links.hurry()
      default: throw unknown()
      }
      return try Answer(SyncAnswer(paused: links.isPaused))
    }

    private struct SyncAnswer: Encodable {
      let schema = "liandong.sync/1"
      let paused: Bool
    }

    func unknown() -> CommandError {
      CommandError(
        .unknownCommand, .badData, zh: "节点不认识命令“\(request.command)”,版本是否一致?",
        en: "the node knows no command '\(request.command)'; is it of the same version?")
    }
  }
}
