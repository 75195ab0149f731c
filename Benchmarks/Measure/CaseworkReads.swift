import Casework
import Foundation
import Intake
import Node
import Regions

/// What people ask a running hub, in a seeded mix.
struct CaseworkReads {
  /// Reads that have a figure together.
  enum Kind: CaseIterable {
    case queue, filter, timeline, warningList

    var metric: BenchLine.Metric {
      switch self {
      case .queue: .queue
      case .filter: .filter
      case .timeline: .timeline
      case .warningList: .warningList
      }
    }

    /// What the figure's reader has to know of the mix.
    var note: String {
      switch self {
      case .queue:
        "what an office handles, with and without a stage: the hub's and each township's first page "
          + "of 50"
      case .filter:
        "by stage, by region, by region and stage, and all, from the newest or from anywhere in the "
          + "ledger; pages of 50"
      case .timeline: "`lead timeline` and `lead show` of leads from anywhere in the ledger"
      case .warningList: "warnings, of each level, and open supervision cases; pages of 50"
      }
    }
  }

  private static let stages = [
    "intake", "triage", "dispatch", "sign", "inspect", "rectify", "verify", "closed", "void",
  ]
  private static let levels = ["yellow", "orange", "red"]

  private let node: NodeProcess
  private let leads: Int
  private var numbers: SplitMix64

  /// - Parameter leads: those that the store was built with.
  init(node: NodeProcess, leads: Int) {
    self.node = node
    self.leads = leads
    numbers = SplitMix64(seed: 7)
  }

  /// How long each of so many reads took, from the request until the end of its answer.
  mutating func milliseconds(of kind: Kind, count: Int) async throws -> [Double] {
    var times: [Double] = []
    for _ in 0..<count {
      let request = try request(of: kind)
      let began = StageClock.nanoseconds()
      let lines = try await node.answer(request)
      times.append(Double(StageClock.nanoseconds() - began) / 1e6)
      guard kind != .timeline || !lines.isEmpty else {
        throw BenchError("`\(request.command)` answered nothing")
      }
    }
    return times
  }

  private mutating func request(of kind: Kind) throws -> ControlRequest {
    switch kind {
    case .queue:
      var list = LeadListArguments()
      if numbers.below(2) == 0 { list.mine = true } else { list.handler = place() }
      if numbers.below(2) == 0 { list.stage = numbers.pick(Self.stages) }
      return try Self.request("lead list", list)
    case .filter:
      var list = LeadListArguments()
      if numbers.below(3) > 0 { list.stage = numbers.pick(Self.stages) }
      if numbers.below(2) == 0 { list.region = numbers.below(4) == 0 ? "hub" : place() }
      if numbers.below(2) == 0 { list.before = try number() }
      return try Self.request("lead list", list)
    case .timeline:
      let word = numbers.below(2) == 0 ? "lead timeline" : "lead show"
      return try Self.request(word, LeadShowArguments(lead: number()))
    case .warningList:
      if numbers.below(4) == 0 {
        var list = SupervisionListArguments()
        list.open = true
        return try Self.request("supervision list", list)
      }
      var list = WarningListArguments()
      if numbers.below(4) > 0 { list.level = numbers.pick(Self.levels) }
      return try Self.request("warning list", list)
    }
  }

  private static func request(
    _ words: String, _ arguments: some Encodable
  ) throws -> ControlRequest {
    try ControlRequest(
      command: words, arguments: arguments, actor: "bench", role: CaseworkWorkload.role,
      language: .zh)
  }

  private mutating func place() -> String {
    numbers.pick(CaseworkStore.places.values.map(\.rawValue).sorted())
  }

  private mutating func number() throws -> String {
    try CaseworkWorkload.number(ofLead: numbers.below(leads)).description
  }
}
