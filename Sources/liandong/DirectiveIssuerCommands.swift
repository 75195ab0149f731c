import ArgumentParser
import Node

/// `liandong directive verify DIRECTIVE --region REGION`: agrees that a part is done 核实.
struct DirectiveVerifyCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: Text.directiveVerifyAbstract.help)
  static let verb = "verify"

  @OptionGroup var receipt: ReceiptOptions
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments { receipt.arguments(saying: note) }
}

/// `liandong directive return DIRECTIVE --region REGION --reason TEXT`: sends a part back 退回补办.
struct DirectiveReturnCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: Text.directiveReturnAbstract.help)
  static let verb = "return"

  @OptionGroup var receipt: ReceiptOptions
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @Option(help: ArgumentHelp(Text.dueHelp.help, valueName: "time")) var due: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments {
    var arguments = receipt.arguments(saying: reason)
    arguments.due = due
    return arguments
  }
}

/// `liandong directive supersede DIRECTIVE --by DIRECTIVE`: puts another one in its place 替代.
struct DirectiveSupersedeCommand: DirectiveActing {
  static let configuration = CommandConfiguration(
    commandName: "supersede", abstract: Text.directiveSupersedeAbstract.help)
  static let verb = "supersede"

  @Argument(help: ArgumentHelp(Text.directiveHelp.help)) var directive: String
  @Option(help: ArgumentHelp(Text.successorHelp.help, valueName: "directive")) var by: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  var arguments: DirectiveActArguments {
    var arguments = DirectiveActArguments(directive: directive, text: reason)
    arguments.successor = by
    return arguments
  }
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

  var arguments: DirectiveActArguments {
    DirectiveActArguments(directive: directive, text: reason)
  }
}
