import ArgumentParser
import Node
import Regions

/// `liandong status`: how the node is.
struct StatusCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: Text.statusAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    return try await relay(
      "status", NoArguments(), by: nil, in: context, as: StatusAnswer.self
    ) { answer, output in
      for line in answer.lines(in: language) { output.line(line) }
    }
  }
}

extension StatusAnswer {
  fileprivate func lines(in language: Language) -> [String] {
    var lines = [
      "\(node.regionName ?? "") \(node.region)  \(node.tier)  #\(node.incarnation)  "
        + "liandong \(node.version)",
      Text.statusStore(bytes: store.bytes, free: store.freeBytes, store.synchronous, store.journal)
        .in(language),
      Text.statusLedger(
        commits: ledger.commits, events: ledger.events, leads: ledger.leads,
        directives: ledger.directives, conflicts: conflictsOpen, waiting: waiting
      ).in(language),
      Text.statusCertificate(certificate.notAfter).in(language),
    ]
    if evidenceWanted > 0 { lines.append(Text.evidenceWanted(evidenceWanted).in(language)) }
    var table = LeadTable(Text.linkColumns.map { $0.in(language) })
    for link in links {
      table.add([
        link.peer, link.role, link.state, String(link.backlogEvents),
        String(Int(link.lagSeconds)), link.lastSuccessAt.value ?? "", link.tls,
        link.lastError.value ?? "",
      ])
    }
    if !table.isEmpty { lines += table.lines }
    return lines
  }
}
