import ArgumentParser
import Foundation
import Node
import Regions

/// `liandong directive`: directives 指令.
struct DirectiveCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directive", abstract: Text.directiveAbstract.help,
    subcommands: [
      DirectiveIssueCommand.self, DirectiveListCommand.self, DirectiveShowCommand.self,
      DirectiveReadCommand.self, DirectiveAcceptCommand.self, DirectiveFeedbackCommand.self,
      DirectiveCompleteCommand.self, DirectiveVerifyCommand.self, DirectiveReturnCommand.self,
      DirectiveSupersedeCommand.self, DirectiveCancelCommand.self,
    ])
}

/// `liandong directive issue`: issues a directive 下发.
struct DirectiveIssueCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: Text.directiveIssueAbstract.help)

  @Option(help: ArgumentHelp(Text.titleHelp.help)) var title: String
  @Option(help: ArgumentHelp(Text.textHelp.help)) var text: String?
  @Option(help: ArgumentHelp(Text.dueHelp.help, valueName: "time")) var due: String?
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp(Text.issueToHelp.help, valueName: "region"))
  var to: [String] = []
  @Flag(help: ArgumentHelp(Text.toAllHelp.help)) var toAll = false
  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp(Text.issueLeadHelp.help, valueName: "lead"))
  var lead: [String] = []
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp(Text.attachHelp.help, valueName: "file"))
  var attach: [String] = []
  @Option(help: ArgumentHelp(Text.supersedesHelp.help, valueName: "directive"))
  var supersedes: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = DirectiveIssueArguments(title: title)
    arguments.text = text
    arguments.due = due
    arguments.to = to
    arguments.toAll = toAll
    arguments.department = department
    arguments.leads = lead
    arguments.attachments = attach.map { URL(filePath: $0).path }
    arguments.supersedes = supersedes
    return try await relay(
      "directive issue", arguments, by: person, in: context, as: DirectiveIssueAnswer.self
    ) { answer, output in
      output.line(.directiveIssued(answer.id, recipients: answer.recipients.count))
      for lead in answer.unreadable { output.note(.unreadable(lead)) }
    }
  }
}

/// `liandong directive list`.
struct DirectiveListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.directiveListAbstract.help)

  @Option(help: ArgumentHelp(Text.beforeHelp.help, valueName: "directive")) var before: String?
  @Flag(help: ArgumentHelp(Text.overdueHelp.help)) var overdue = false
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = DirectiveListArguments()
    arguments.before = before
    arguments.overdue = overdue
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.directiveColumns.map { $0.in(language) })
    let status = try await relay(
      "directive list", arguments, by: nil, in: context, as: DirectiveSummary.self
    ) { directive, _ in table.add(directive.row) }
    context.output.show(table, orNote: .noDirectives)
    return status
  }
}

/// `liandong directive show DIRECTIVE`.
struct DirectiveShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.directiveShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    return try await relay(
      "directive show", DirectiveActArguments(directive: directive), by: nil, in: context,
      as: DirectiveDetail.self
    ) { detail, output in
      for line in detail.lines(in: language) { output.line(line) }
    }
  }
}
