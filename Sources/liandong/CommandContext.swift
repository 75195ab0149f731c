import ArgumentParser
import Foundation
import Node
import Regions

/// What a command is given besides its own arguments.
struct CommandContext: Sendable {
  /// Where answer and messages go.
  let output: Output
  /// The process's environment.
  let environment: [String: String]
  /// This machine's clock.
  let now: @Sendable () -> Date

  /// The language in which people are spoken to.
  var language: Language { output.language }
}

/// A command of this program: it answers through the context, and throws what stops it.
protocol LiandongCommand: AsyncParsableCommand {
  /// The options that every command has.
  var common: CommonOptions { get }

  /// Does the work; the status is that of an answer, good or no.
  mutating func run(in context: CommandContext) async throws -> ExitStatus
}

/// A name that only gathers commands; called alone it is a usage error.
protocol CommandGroup: ParsableCommand {}
