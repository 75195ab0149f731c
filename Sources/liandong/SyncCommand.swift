import ArgumentParser
import Node

/// `liandong sync`: holds the links of a running node down, or hurries them.
struct SyncCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: Text.syncAbstract.help,
    subcommands: [SyncPauseCommand.self, SyncResumeCommand.self, SyncNowCommand.self])
}

/// `liandong sync pause`: ends all links and opens none.
struct SyncPauseCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: Text.syncPauseAbstract.help)
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await sendSync("pause", .syncPaused, common, context)
  }
}

/// `liandong sync resume`: lets links come up again.
struct SyncResumeCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: Text.syncResumeAbstract.help)
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await sendSync("resume", .syncResumed, common, context)
  }
}

/// `liandong sync now`: dials at once.
struct SyncNowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "now", abstract: Text.syncNowAbstract.help)
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await sendSync("now", .syncHurried, common, context)
  }
}

/// Only a running node has links, so the command goes over its socket or not at all.
private func sendSync(
  _ word: String, _ done: Text, _ common: CommonOptions, _ context: CommandContext
) async throws -> ExitStatus {
  let request = ControlRequest(command: "sync " + word, language: context.language)
  let outcome = try await ControlClient(home: common.home(in: context)).send(request) { line in
    if context.output.isJSON { context.output.line(data: line) }
  }
  if let failure = outcome.failure { throw CommandFailure(failure) }
  if !context.output.isJSON { context.output.line(done) }
  return ExitStatus(rawValue: outcome.exit) ?? .disk
}
