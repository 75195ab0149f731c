import ArgumentParser
import Node

/// `liandong lead item done ITEM --result TEXT`.
struct LeadItemDoneCommand: LeadItemActing {
  static let configuration = CommandConfiguration(
    commandName: "done", abstract: Text.leadItemDoneAbstract.help)
  static let request = (verb: "act", act: "item.done")

  @Argument(help: ArgumentHelp(Text.itemHelp.help)) var item: String
  @Option(help: ArgumentHelp(Text.resultHelp.help)) var result: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var values: [String: String] { ["result": result] }
}

/// `liandong lead item checked ITEM --result TEXT`.
struct LeadItemCheckedCommand: LeadItemActing {
  static let configuration = CommandConfiguration(
    commandName: "checked", abstract: Text.leadItemCheckedAbstract.help)
  static let request = (verb: "act", act: "item.checked")

  @Argument(help: ArgumentHelp(Text.itemHelp.help)) var item: String
  @Option(help: ArgumentHelp(Text.resultHelp.help)) var result: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var values: [String: String] { ["result": result] }
}

/// `liandong lead item return ITEM --reason WHY`.
struct LeadItemReturnCommand: LeadItemActing {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: Text.leadItemReturnAbstract.help)
  static let request = (verb: "act", act: "item.returned")

  @Argument(help: ArgumentHelp(Text.itemHelp.help)) var item: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @Option(help: ArgumentHelp(Text.dueHelp.help, valueName: "time")) var due: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var values: [String: String] { ["reason": reason] }
}

/// `liandong lead item drop ITEM --reason WHY`.
struct LeadItemDropCommand: LeadItemActing {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: Text.leadItemDropAbstract.help)
  static let request = (verb: "act", act: "item.dropped")

  @Argument(help: ArgumentHelp(Text.itemHelp.help)) var item: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var values: [String: String] { ["reason": reason] }
}

/// `liandong lead item extend ITEM --days N --reason WHY`: asks for more time, or grants what was asked.
struct LeadItemExtendCommand: LeadItemActing {
  static let configuration = CommandConfiguration(
    commandName: "extend", abstract: Text.leadItemExtendAbstract.help)
  static let request = (verb: "extend", act: "item.extension_granted")

  @Argument(help: ArgumentHelp(Text.itemHelp.help)) var item: String
  @Option(help: ArgumentHelp(Text.daysHelp.help)) var days: Int
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var values: [String: String] { ["days": String(days), "reason": reason] }
}
