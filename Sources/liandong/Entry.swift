import ArgumentParser
import Foundation
import Glibc
import Regions

/// The program's start: reads the command line, runs the command, ends with its status.
@main
enum Entry {
  static func main() async {
    // Stores, logs and lists hold personal data; what is for everybody gets its mode where it is made.
    umask(0o077)
    // A reader that leaves is noticed where it is written to.
    signal(SIGPIPE, SIG_IGN)
    let status = await run(
      Array(CommandLine.arguments.dropFirst()),
      environment: ProcessInfo.processInfo.environment)
    exit(status.rawValue)
  }

  /// Runs one command line to its end.
  static func run(_ arguments: [String], environment: [String: String]) async -> ExitStatus {
    let command: any ParsableCommand
    do {
      command = try Liandong.parseAsRoot(arguments)
    } catch {
      return answer(toParsing: error, arguments, environment)
    }
    guard var command = command as? any LiandongCommand else {
      return answer(toGroup: command, arguments, environment)
    }
    let output = Output(
      language: command.common.language(environment), isJSON: command.common.json)
    let context = CommandContext(output: output, environment: environment, now: { Date() })
    do {
      return output.finished(with: try await command.run(in: context))
    } catch {
      let failure = CommandFailure(explaining: error)
      output.fail(failure)
      return output.finished(with: failure.status)
    }
  }

  /// Help and version that were asked for are answers; everything else is a usage error.
  private static func answer(
    toParsing error: any Error, _ arguments: [String], _ environment: [String: String]
  ) -> ExitStatus {
    let output = guessedOutput(arguments, environment)
    guard Liandong.exitCode(for: error) != .success else {
      output.line(Liandong.fullMessage(for: error))
      return output.finished(with: .good)
    }
    let message = output.isJSON ? Liandong.message(for: error) : Liandong.fullMessage(for: error)
    let prefix = "Error: "
    let detail = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
    output.fail(CommandFailure(.usage, code: "usage", .usage(detail)))
    return .usage
  }

  /// A group's name alone says nothing to do; the parser's own help command gives an answer.
  private static func answer(
    toGroup command: any ParsableCommand, _ arguments: [String], _ environment: [String: String]
  ) -> ExitStatus {
    var command = command
    let output = guessedOutput(arguments, environment)
    do {
      try command.run()
      return .good
    } catch {
      let text = Liandong.fullMessage(for: error)
      guard command is any CommandGroup else {
        output.line(text)
        return output.finished(with: .good)
      }
      output.fail(
        CommandFailure(.usage, code: "usage", .usage(Text.missingCommand.in(output.language))))
      if !output.isJSON { output.note(Text(zh: text, en: text)) }
      return .usage
    }
  }

  /// Language and form as far as they can be told from a line that was not understood.
  private static func guessedOutput(
    _ arguments: [String], _ environment: [String: String]
  ) -> Output {
    var isJSON = false
    var language = environment[CommonOptions.languageVariable].flatMap(Language.init(rawValue:))
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { break }
      if argument == "--json" { isJSON = true }
      let word =
        argument.hasPrefix("--lang=")
        ? String(argument.dropFirst("--lang=".count))
        : argument == "--lang" && index + 1 < arguments.count ? arguments[index + 1] : nil
      language = word.flatMap(Language.init(rawValue:)) ?? language
    }
    return Output(language: language ?? .zh, isJSON: isJSON)
  }
}
