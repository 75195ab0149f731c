import ArgumentParser
import Foundation
import Node
import Regions

/// `liandong topology apply FILE`: makes a draft part of the ledger, at the hub.
struct TopologyApplyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: Text.topologyApplyAbstract.help)

  @Argument(help: ArgumentHelp(Text.topologyFileHelp.help, valueName: "file"))
  var file: String
  @Flag(help: ArgumentHelp(Text.dryRunHelp.help)) var dryRun = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let text = try input.text(atMost: TopologyFile.maximumBytes)
    // Faults are told here, where the file has a name.
    _ = try input.topology(parsing: text)
    return try await relay(
      "topology apply", TopologyApplyArguments(text: text, dryRun: dryRun), by: person,
      in: context, as: TopologyApplyAnswer.self
    ) { answer, output in
      output.line(.topologyApplied(answer))
      if !answer.withoutAddress.isEmpty { output.note(.withoutAddress(answer.withoutAddress)) }
    }
  }
}

/// `liandong topology bundle FILE`: the reference data with which a new node's folder begins.
struct TopologyBundleCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle", abstract: Text.topologyBundleAbstract.help)

  @Argument(help: ArgumentHelp(Text.bundleFileHelp.help, valueName: "file"))
  var file: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.topology_bundle/1"
    let file: String
    let bytes: Int
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let bytes = try TreeBundle.made(from: common.home(in: context))
    let place = URL(filePath: file)
    try HomeFolder(path: place.deletingLastPathComponent().path)
      .createFile(place.lastPathComponent, bytes: bytes, readers: .everybody)
    if context.output.isJSON {
      try context.output.json(Answer(file: file, bytes: bytes.count))
    } else {
      context.output.line(.bundleWritten(file, bytes: bytes.count))
    }
    return .good
  }
}
