import ArgumentParser
import Node
import Regions

/// `liandong lead order LEAD --order TEXT --item TEXT[@TIME]...`: orders items to rectify 责令整改.
struct LeadOrderCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "order", abstract: Text.leadOrderAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.orderHelp.help)) var order: String
  @Option(name: .customLong("item"), help: ArgumentHelp(Text.itemTextHelp.help)) var items: [String]
  @Option(help: ArgumentHelp(Text.dueHelp.help, valueName: "time")) var due: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadKindArguments(lead: lead, act: "lead.rectification_ordered")
    arguments.values = ["order": order]
    arguments.items = items
    arguments.due = due
    arguments.urgent = urgent
    return try await relay(
      "lead act", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}

/// `liandong lead item`: the items of orders to rectify 整改事项.
struct LeadItemCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "item", abstract: Text.leadItemAbstract.help,
    subcommands: [
      LeadItemListCommand.self, LeadItemDoneCommand.self, LeadItemCheckedCommand.self,
      LeadItemReturnCommand.self, LeadItemDropCommand.self, LeadItemExtendCommand.self,
    ])
}

/// `liandong lead item list LEAD`.
struct LeadItemListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.leadItemListAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    var table = LeadTable(Text.itemColumns.map { $0.in(language) })
    let status = try await relay(
      "lead item list", LeadShowArguments(lead: lead), by: nil, in: context, as: ItemAnswer.self
    ) { item, _ in table.add(item.row(in: language)) }
    context.output.show(table, orNote: .noItems)
    return status
  }
}

/// What the acts on an item have in common.
protocol LeadItemActing: LiandongCommand {
  /// The end of the request's name, and the kind of the act.
  static var request: (verb: String, act: String) { get }
  var item: String { get }
  var values: [String: String] { get }
  var due: String? { get }
  var person: PersonOptions { get }
}

extension LeadItemActing {
  var due: String? { nil }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadKindArguments(lead: item, act: Self.request.act)
    arguments.values = values
    arguments.due = due
    return try await relay(
      "lead item \(Self.request.verb)", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}
