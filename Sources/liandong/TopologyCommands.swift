import ArgumentParser
import Foundation
import Regions

/// `liandong topology`: the draft of the city's tree.
struct TopologyCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "topology", abstract: Text.topologyAbstract.help,
    subcommands: [
      TopologyCheckCommand.self, TopologyShowCommand.self, TopologyApplyCommand.self,
      TopologyBundleCommand.self,
    ])
}

/// `liandong topology check FILE`: every fault with its line and cure.
struct TopologyCheckCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: Text.topologyCheckAbstract.help)

  @Argument(help: ArgumentHelp(Text.topologyFileHelp.help, valueName: "file"))
  var file: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    struct Finding: Encodable {
      let line: Int
      let column: Int
      let code: String
      let message: String
      let cure: String
    }
    let schema = "liandong.topology_check/1"
    let file: String
    let ok: Bool
    let regions: Int
    let findings: [Finding]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let output = context.output
    var topology: Topology?
    var findings: [TopologyFinding] = []
    switch TopologyFile.parse(try input.text(atMost: TopologyFile.maximumBytes)) {
    case .topology(let good): topology = good
    case .refused(let faults): findings = faults
    }
    if output.isJSON {
      try output.json(
        Answer(
          file: file, ok: findings.isEmpty, regions: topology?.regions.count ?? 0,
          findings: findings.map {
            .init(
              line: $0.line, column: $0.column, code: $0.code.rawValue,
              message: $0.message(in: context.language), cure: $0.cure(in: context.language))
          }))
    } else if let topology {
      output.line(
        .topologyGood(
          file: file, deployment: topology.deployment.rawValue, regions: topology.regions.count))
    } else {
      for line in input.lines(of: findings, in: context.language) { output.line(line) }
      output.note(.findings(findings.count))
    }
    return findings.isEmpty ? .good : .badData
  }
}

/// `liandong topology show FILE`: the tree as people draw it.
struct TopologyShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.topologyShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.topologyFileHelp.help, valueName: "file"))
  var file: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    struct Region: Encodable {
      let region: String
      let number: Int
      let name: String
      let tier: String
      let parent: String?
      let administrativeParent: String?
      let address: String?
    }
    let schema = "liandong.topology/1"
    let deployment: String
    let regions: [Region]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let topology = try InputFile(path: file).topology()
    guard let day = CalendarDay(inChinaAt: context.now()) else {
      throw CommandFailure(.configuration, code: "implausible_clock", .clockOutOfRange)
    }
    guard context.output.isJSON else {
      let drawing = TopologyDrawing(of: topology, on: day, in: context.language).text()
      for line in drawing.split(separator: "\n") { context.output.line(String(line)) }
      return .good
    }
    let regions = topology.regions.map {
      Answer.Region(
        region: $0.id.rawValue, number: $0.number, name: topology.name(of: $0.id, on: day) ?? "",
        tier: $0.tier.name, parent: $0.linkParent?.rawValue,
        administrativeParent: $0.parent?.rawValue, address: $0.address)
    }
    try context.output.json(Answer(deployment: topology.deployment.rawValue, regions: regions))
    return .good
  }
}

extension CalendarDay {
  /// Seconds by which China Standard Time is ahead of UTC, all year.
  private static let chinaOffsetSeconds = 8 * 3_600

  /// The day in China at that moment; `nil` for a clock out of all range.
  init?(inChinaAt moment: Date) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: Self.chinaOffsetSeconds) ?? .gmt
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    self.init(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
  }
}
