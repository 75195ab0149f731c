import ArgumentParser
import Node
import Regions

/// `liandong waiting`: what is held and cannot be folded yet.
struct WaitingCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "waiting", abstract: Text.waitingAbstract.help,
    subcommands: [WaitingListCommand.self, DeclareLostCommand.self])
}

/// `liandong waiting list`: each with what it waits for, since when, and who can end the wait.
struct WaitingListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.waitingListAbstract.help)

  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = WaitingListArguments()
    arguments.limit = limit
    let language = context.language
    var isEmpty = true
    let status = try await relay(
      "waiting list", arguments, by: nil, in: context, as: WaitingAnswer.self
    ) { waiting, output in
      isEmpty = false
      for line in waiting.lines(in: language) { output.line(line) }
    }
    if isEmpty, !context.output.isJSON { context.output.note(.nothingWaits) }
    return status
  }
}

/// `liandong waiting declare-lost ENTITY [HASH...]`: at the hub, ends the wait for what nobody holds.
struct DeclareLostCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "declare-lost", abstract: Text.declareLostAbstract.help)

  @Argument(help: ArgumentHelp(Text.waitingEntityHelp.help)) var entity: String
  @Argument(help: ArgumentHelp(Text.lostEventsHelp.help, valueName: "hash"))
  var events: [String] = []
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = DeclareLostArguments(entity: entity)
    arguments.events = events
    return try await relay(
      "waiting declare-lost", arguments, by: person, in: context, as: DeclareLostAnswer.self
    ) { answer, output in
      output.line(
        .declaredLost(answer.entity, lost: answer.lost.count, missing: answer.missing.count))
    }
  }
}

extension WaitingAnswer {
  /// Full hashes, so that they can be handed to `declare-lost`.
  fileprivate func lines(in language: Language) -> [String] {
    let name = number ?? entity
    let since = since.value ?? Text.sinceUnknown.in(language)
    var lines = [
      Text.waits(name, id: entity, events: events, since: since).in(language)
    ]
    for need in needs {
      let what = need.kind == "event" ? Text.needsEvent(need.hash) : Text.needsRules(need.hash)
      lines.append("  " + what.in(language))
    }
    let who = ends.compactMap { Text.waitEnds[$0]?.in(language) }
    lines.append(
      "  " + (who.isEmpty ? Text.waitsForNobody : Text.waitEndedBy(who)).in(language))
    return lines
  }
}
