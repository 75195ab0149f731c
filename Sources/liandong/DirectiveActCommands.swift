import ArgumentParser
import Node

/// What the acts on a directive have in common.
protocol DirectiveActing: LiandongCommand {
  static var verb: String { get }
  var arguments: DirectiveActArguments { get }
  var person: PersonOptions { get }
}

extension DirectiveActing {
  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "directive \(Self.verb)", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}

/// A directive and one of its receipt lines.
struct ReceiptOptions: ParsableArguments {
  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @Option(help: ArgumentHelp(Text.receiptRegionHelp.help)) var region: String?
  @Option(help: ArgumentHelp(Text.receiptDepartmentHelp.help)) var department: String?

  func arguments(saying text: String? = nil) -> DirectiveActArguments {
    var arguments = DirectiveActArguments(directive: directive, text: text, region: region)
    arguments.department = department
    return arguments
  }
}

/// `liandong directive read DIRECTIVE`: tells that it was read 阅知.
struct DirectiveReadCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: Text.directiveReadAbstract.help)
  static let verb = "read"

  @OptionGroup var receipt: ReceiptOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments { receipt.arguments() }
}

/// `liandong directive accept DIRECTIVE`: accepts it 签收.
struct DirectiveAcceptCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: Text.directiveAcceptAbstract.help, aliases: ["receive"])
  static let verb = "accept"

  @OptionGroup var receipt: ReceiptOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments { receipt.arguments() }
}

/// `liandong directive feedback DIRECTIVE --text TEXT`: reports back 反馈.
struct DirectiveFeedbackCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "feedback", abstract: Text.directiveFeedbackAbstract.help)
  static let verb = "feedback"

  @OptionGroup var receipt: ReceiptOptions
  @Option(help: ArgumentHelp(Text.textHelp.help)) var text: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments { receipt.arguments(saying: text) }
}

/// `liandong directive complete DIRECTIVE`: declares it, or one's own part of it, done 完成.
struct DirectiveCompleteCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: Text.directiveCompleteAbstract.help, aliases: ["done"])
  static let verb = "complete"

  @OptionGroup var receipt: ReceiptOptions
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments { receipt.arguments(saying: note) }
}
