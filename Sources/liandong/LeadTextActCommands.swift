import ArgumentParser
import Node

/// `liandong lead withdraw LEAD`: takes a dispatch back 撤回.
struct LeadWithdrawCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: Text.leadWithdrawAbstract.help)
  static let act = LeadAct.withdraw

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { note }
}

/// `liandong lead sign LEAD`: signs for a lead 签收.
struct LeadSignCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: Text.leadSignAbstract.help)
  static let act = LeadAct.sign

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { note }
}

/// `liandong lead return LEAD`: gives a lead back 退回.
struct LeadReturnCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: Text.leadReturnAbstract.help)
  static let act = LeadAct.sendBack

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { reason }
}

/// `liandong lead inspect LEAD`: records an inspection 现场检查.
struct LeadInspectCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: Text.leadInspectAbstract.help)
  static let act = LeadAct.inspect

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.findingHelp.help)) var finding: String
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { finding }
}

/// `liandong lead progress LEAD`: records progress 办理进展.
struct LeadProgressCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "progress", abstract: Text.leadProgressAbstract.help)
  static let act = LeadAct.progress

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.textHelp.help)) var text: String
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { text }
}

/// `liandong lead close LEAD`: closes a lead 办结.
struct LeadCloseCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: Text.leadCloseAbstract.help)
  static let act = LeadAct.close

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.resultHelp.help)) var result: String
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { result }
}

/// `liandong lead reopen LEAD`: opens a closed lead again 重办.
struct LeadReopenCommand: LeadActing {
  static let configuration = CommandConfiguration(
    commandName: "reopen", abstract: Text.leadReopenAbstract.help)
  static let act = LeadAct.reopen

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { reason }
}
