import Casework
import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// A city under the shipped process whose district `east` takes over an older system's table.
final class HistoryCity: Sendable {
  let city: CommandsCity
  let hub: CommandsNode
  let east: CommandsNode

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  init() async throws {
    city = try CommandsCity(townships: 2)
    hub = try city.node("hub")
    east = try city.node("east")
    let process = try String(
      contentsOf: Self.root.appending(path: "topology/process.yaml"), encoding: .utf8)
    _ = try await hub.commands.applyProcess(
      ProcessApplyArguments(text: process), by: CommandsNode.clerk())
    try hub.carry(to: east)
  }

  /// What a mapping's text says.
  static func mapping(_ text: String) throws -> HistoryMapping {
    switch HistoryMappingFile.parse(text) {
    case .mapping(let mapping): return mapping
    case .refused(let findings):
      Issue.record("\(findings)")
      throw CancellationError()
    }
  }

  /// Imports a table at `east`.
  ///
  /// - Parameters:
  ///   - chunks: how many chunks go through before the importer dies.
  ///   - roles: the other roles that the importer holds.
  func run(
    _ table: String, by mapping: String, dryRun: Bool = false, chunkRows: Int = 100,
    stopAfter chunks: Int = .max, as person: ActingPerson? = nil,
    holding roles: [String] = ["department", "field_officer"]
  ) async throws -> LeadImport.Counts {
    struct Cut: Error {}
    let findings = try east.commands.checkMapping(MappingArguments(text: mapping)).findings
    #expect(findings == [])
    var plan = LeadImport.Plan(
      path: table, mapping: try Self.mapping(mapping), named: "mapping.yaml")
    plan.isDryRun = dryRun
    plan.chunkRows = chunkRows
    plan.language = .en
    let clerk = try person ?? CommandsNode.clerk()
    let others = try Dictionary(
      uniqueKeysWithValues: roles.map {
        ($0, try ActingPerson(account: clerk.account, role: $0))
      })
    var sent = 0
    return try await LeadImport(plan).run(
      submit: { chunk in
        guard sent < chunks else { throw Cut() }
        sent += 1
        // The rows go through the socket's coding, as from another process.
        let request = try ControlRequest(
          command: "import leads chunk", arguments: chunk, actor: "", role: "", language: .en)
        #expect(try request.line().count <= ControlRequest.maximumBytes)
        return try await self.east.commands.importLeads(
          request.decodeArguments(as: ImportChunkArguments.self), by: clerk, and: others)
      }, progress: { _ in })
  }

  /// The rejected rows of an import: line, code and reason.
  static func rejects(_ counts: LeadImport.Counts) throws -> [(
    line: Int, code: String, reason: String
  )] {
    guard let path = counts.rejectsPath else { return [] }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(separator: "\r\n").dropFirst().compactMap { line in
      let cells = line.split(separator: ",", maxSplits: 2)
      return Int(cells[0]).map { ($0, String(cells[1]), String(cells[2])) }
    }
  }

  /// The only lead of that title, with its story.
  func lead(titled title: String) throws -> LeadDetail {
    let found = try leads().filter { $0.title == title }
    try #require(found.count == 1, "\(found.count) leads are called \(title)")
    return try east.commands.showLead(LeadShowArguments(lead: found[0].id))
  }

  /// All leads that `east` holds.
  func leads() throws -> [LeadSummary] {
    var all: [LeadSummary] = []
    while true {
      var page = LeadListArguments()
      page.limit = LeadFilter.maximumLimit
      page.before = all.last?.id
      let found = try east.commands.listLeads(page)
      all += found
      if found.count < LeadFilter.maximumLimit { return all }
    }
  }

  /// Looks for warnings until none is left to write.
  func sweep() async throws {
    while true {
      let sweep = try await east.commands.sweepWarnings()
      if sweep.examined < StoreBounds.sweptCases { return }
    }
  }

  func warnings(on lead: String) throws -> [WarningAnswer] {
    var arguments = WarningListArguments()
    arguments.lead = lead
    return try east.commands.listWarnings(arguments)
  }

  var eventCount: UInt64 {
    get throws { try east.core.store.read { try $0.identity().eventCount } }
  }
}

extension LeadImport.Counts {
  /// Rows, leads, rejected, duplicate.
  var figures: [Int] { [rows, leads, rejected, duplicate] }
}
