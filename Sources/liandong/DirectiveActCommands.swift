import ArgumentParser
import Node

/// What the acts on a directive have in common.
protocol DirectiveActing: LiandongCommand {
  static var verb: String { get }
  var directive: String { get }
  var said: String? { get }
  var line: String? { get }
  var person: PersonOptions { get }
}

extension DirectiveActing {
  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "directive \(Self.verb)",
      DirectiveActArguments(directive: directive, text: said, region: line), by: person,
      in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}

/// `liandong directive receive DIRECTIVE`: confirms receipt 签收.
struct DirectiveReceiveCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "receive", abstract: Text.directiveReceiveAbstract.help)
  static let verb = "receive"

  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { nil }
  var line: String? { nil }
}

/// `liandong directive feedback DIRECTIVE --text TEXT`: reports back 反馈.
struct DirectiveFeedbackCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "feedback", abstract: Text.directiveFeedbackAbstract.help)
  static let verb = "feedback"

  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @Option(help: ArgumentHelp(Text.textHelp.help)) var text: String
  @Option(help: ArgumentHelp(Text.receiptRegionHelp.help)) var region: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { text }
  var line: String? { region }
}

/// `liandong directive complete DIRECTIVE`: declares it, or one's own part of it, done 完成.
struct DirectiveCompleteCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: Text.directiveCompleteAbstract.help)
  static let verb = "complete"

  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { note }
  var line: String? { nil }
}

/// `liandong directive cancel DIRECTIVE --reason TEXT`: takes a directive back 撤销.
struct DirectiveCancelCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: Text.directiveCancelAbstract.help)
  static let verb = "cancel"

  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var said: String? { reason }
  var line: String? { nil }
}
