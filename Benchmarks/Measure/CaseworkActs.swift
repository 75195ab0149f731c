import Foundation
import Intake
import Node
import Regions

/// What clerks do with new leads, one act after another.
struct CaseworkActs {
  /// The acts after the report, until the lead is under an order with a due time.
  private static let steps: [(act: String, values: [String: String])] = [
    ("lead.registered", ["note": "来源核对无误"]),
    ("lead.triaged", ["types": "air", "note": "属大气类"]),
    ("lead.dispatched", ["note": "请于期限内核查"]),
    ("lead.signed", ["note": "已接收"]),
    ("lead.rectification_ordered", ["order": "立即停止露天作业并覆盖物料", "items": "覆盖物料,清扫道路"]),
  ]
  /// The term of an order that is not meant to fall due.
  private static let orderMilliseconds: UInt64 = 15 * 86_400_000

  let node: NodeProcess
  private var generator = LeadGenerator(
    seed: 11, townships: CaseworkStore.places.keys.sorted(), reportedAtMilliseconds: 0..<1)

  init(node: NodeProcess) { self.node = node }

  /// How long each of so many acts took, from the request until its answer: the act is durable then.
  mutating func milliseconds(count: Int) async throws -> [Double] {
    let due = Self.text(StageClock.wallMilliseconds() + Self.orderMilliseconds)
    var times: [Double] = []
    while times.count < count {
      let report = Self.report(generator.next())
      let (id, took) = try await timed("lead report", report)
      times.append(took)
      for (act, values) in Self.steps {
        let act = Self.act(act, values, on: id, due: due)
        times.append(try await timed("lead act", act).took)
      }
    }
    return times
  }

  private struct Answer: Decodable {
    let id: String
  }

  private func timed(
    _ words: String, _ arguments: some Encodable
  ) async throws -> (id: String, took: Double) {
    let request = try ControlRequest(
      command: words, arguments: arguments, actor: "bench", role: CaseworkWorkload.role,
      language: .zh)
    let began = StageClock.nanoseconds()
    let lines = try await node.answer(request)
    let took = Double(StageClock.nanoseconds() - began) / 1e6
    guard let line = lines.first else { throw BenchError("`\(words)` answered nothing") }
    return (try JSONDecoder().decode(Answer.self, from: line).id, took)
  }

  private static func report(_ generated: LeadGenerator.GeneratedLead) -> LeadReportArguments {
    var report = LeadReportArguments(channel: generated.channel.rawValue)
    report.title = generated.lead.title
    report.text = generated.lead.body
    report.place = generated.lead.place
    report.region = CaseworkStore.places[generated.township]?.rawValue
    report.types = generated.lead.types
    return report
  }

  private static func act(
    _ kind: String, _ values: [String: String], on lead: String, due: String
  ) -> LeadKindArguments {
    var act = LeadKindArguments(lead: lead, act: kind)
    act.values = values
    if kind == "lead.dispatched" { act.to = [CaseworkStore.hub] }
    if kind == "lead.rectification_ordered" { act.due = due }
    return act
  }

  private static func text(_ milliseconds: UInt64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds / 1000)).ISO8601Format()
  }

  /// Brings new leads under an order that falls due at that time, in milliseconds since 1970 UTC,
  /// or within the second before.
  static func bringLeads(
    _ count: Int, underOrderUntil due: UInt64, at commands: NodeCommands
  ) async throws {
    let person = try ActingPerson(account: "bench", role: CaseworkWorkload.role)
    var generator = LeadGenerator(
      seed: 13, townships: CaseworkStore.places.keys.sorted(), reportedAtMilliseconds: 0..<1)
    for _ in 0..<count {
      let id = try await commands.reportLead(report(generator.next()), by: person).id
      for (kind, values) in steps {
        _ = try await commands.actOnLead(act(kind, values, on: id, due: text(due)), by: person)
      }
    }
  }
}
