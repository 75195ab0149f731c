import ArgumentParser
import Node
import Regions

/// `liandong lead figures`: how many leads came, and what became of them 办结率、结案率、同比.
struct LeadFiguresCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: Text.figuresAbstract.help)

  @Option(help: ArgumentHelp(Text.figuresFromHelp.help, valueName: "time")) var from: String?
  @Option(help: ArgumentHelp(Text.figuresUntilHelp.help, valueName: "time")) var until: String?
  @Option(help: ArgumentHelp(Text.placesHelp.help)) var places: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = FigureArguments()
    arguments.from = from
    arguments.until = until
    arguments.places = places
    let language = context.language
    return try await relay(
      "lead figures", arguments, by: nil, in: context, as: FigureAnswer.self
    ) { answer, output in
      for line in Text.figures(answer) { output.line(line) }
      var table = LeadTable(Text.figureColumns.map { $0.in(language) })
      for region in answer.regions {
        table.add([
          region.region, "\(region.received)", "\(region.closed)", region.closingRate ?? "-",
        ])
      }
      for line in table.lines where !table.isEmpty { output.line(line) }
    }
  }
}

/// `liandong lead sample`: draws closed leads for the weekly verification 抽样核查.
struct LeadSampleCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: Text.sampleAbstract.help)

  @Option(help: ArgumentHelp(Text.sampleSizeHelp.help)) var size: Int
  @Option(help: ArgumentHelp(Text.sampleSeedHelp.help)) var seed: String
  @Option(help: ArgumentHelp(Text.sampleFromHelp.help, valueName: "time")) var from: String?
  @Option(help: ArgumentHelp(Text.figuresUntilHelp.help, valueName: "time")) var until: String?
  @Flag(help: ArgumentHelp(Text.sampleRecordHelp.help)) var record = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = SampleArguments(size: size, seed: seed)
    arguments.from = from
    arguments.until = until
    arguments.record = record
    let language = context.language
    var table = LeadTable(Text.sampleColumns.map { $0.in(language) })
    let status = try await relay(
      "lead sample", arguments, by: person, in: context, as: SampledLeadAnswer.self
    ) { answer, _ in
      table.add([
        answer.number ?? answer.id, answer.stratum, "\(answer.stratumSize)", answer.closedAt ?? "",
        answer.title ?? "",
      ])
    }
    context.output.show(table, orNote: .nothingToSample)
    return status
  }
}

/// `liandong warning early`: where reports heap up before anything is overdue 分析预警.
struct WarningEarlyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "early", abstract: Text.earlyAbstract.help)

  @Option(help: ArgumentHelp(Text.earlyDaysHelp.help)) var days: Int?
  @Option(help: ArgumentHelp(Text.earlyLeastHelp.help)) var least: Int?
  @Option(help: ArgumentHelp(Text.earlyPercentHelp.help)) var percent: Int?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = HotSpotArguments()
    arguments.days = days
    arguments.least = least
    arguments.percent = percent
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.hotSpotColumns.map { $0.in(language) })
    let status = try await relay(
      "warning early", arguments, by: nil, in: context, as: HotSpotAnswer.self
    ) { answer, _ in
      table.add([
        Text.hotSpotKind(answer.kind).in(language), answer.value, answer.region ?? "",
        "\(answer.reports)", "\(answer.before)",
      ])
    }
    context.output.show(table, orNote: .noHotSpots)
    return status
  }
}
