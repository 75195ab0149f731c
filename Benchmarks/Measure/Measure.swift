import Dispatch
import Foundation
import Glibc
import Ledger
import Replication

/// Measures the product's speed.
///
///     Measure sync --liandong PROGRAM --work DIRECTORY --floor PROGRAM [--events N] [--many N]
///     Measure casework --liandong PROGRAM --work DIRECTORY [--leads N]
///     Measure store --work DIRECTORY [--events N] [--commit N] [--batch BYTES]
///
/// `sync` and `casework` are what `make bench` runs; `store` tells where the time of one event goes. Exit: 0
/// measured, 64 usage, 69 a figure could not be measured.
@main
struct Measure {
  private static let usageStatus: Int32 = 64
  private static let unmeasuredStatus: Int32 = 69
  /// What a shell reports for a process that SIGTERM ended.
  private static let terminatedStatus: Int32 = 143
  private static let stageEvents = 20_000
  /// From the project's folder, where a section is run.
  private static let processFile = "topology/process.yaml"

  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    guard let options = options(in: words.dropFirst()), let work = options["work"] else { usage() }
    let watchers = endChildrenWhenSignalled()
    defer { for watcher in watchers { watcher.cancel() } }
    do {
      switch words.first {
      case "sync":
        guard let program = options["liandong"], let floor = options["floor"] else { usage() }
        var section = SyncSection(program: program, folder: work, floorProgram: floor)
        // Other numbers are for trying the benchmark out; the goals are about the usual ones.
        section.events = try number("events", in: options, else: section.events)
        section.manyEvents = try number("many", in: options, else: section.manyEvents)
        try await section.run()
      case "casework":
        guard let program = options["liandong"] else { usage() }
        var section = CaseworkSection(
          program: program, folder: work,
          process: try String(contentsOfFile: processFile, encoding: .utf8))
        section.leads = try number("leads", in: options, else: section.leads)
        try await section.run()
      case "store":
        let size = try number("commit", in: options, else: 0)
        guard size <= LedgerBounds.commitEvents else { usage() }
        try StoreStages(
          folder: work, events: number("events", in: options, else: stageEvents),
          commitSizes: size > 0 ? [size] : [1, 100],
          batchBytes: number("batch", in: options, else: ReplicationBounds.batchBytes)
        ).run()
      default: usage()
      }
    } catch {
      FileHandle.standardError.write(Data("\(words.first ?? ""): not measured: \(error)\n".utf8))
      RunningChildren.shared.killAll()
      exit(unmeasuredStatus)
    }
  }

  /// `--name value` pairs; `nil` for anything else.
  private static func options(in words: ArraySlice<String>) -> [String: String]? {
    var options: [String: String] = [:]
    var rest = words
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), let value = rest.popFirst() else { return nil }
      options[String(word.dropFirst(2))] = value
    }
    return options
  }

  private static func number(
    _ name: String, in options: [String: String], else usual: Int
  ) throws -> Int {
    guard let text = options[name] else { return usual }
    guard let number = Int(text), number > 0 else {
      throw BenchError("--\(name) \(text) is no positive number")
    }
    return number
  }

  private static func usage() -> Never {
    let text = """
      usage: Measure sync --liandong PROGRAM --work DIRECTORY --floor PROGRAM
               [--events N] [--many N]
             Measure casework --liandong PROGRAM --work DIRECTORY [--leads N]
             Measure store --work DIRECTORY [--events N] [--commit 1 to 256]

      """
    FileHandle.standardError.write(Data(text.utf8))
    exit(usageStatus)
  }

  /// Whoever ends this process ends its nodes.
  private static func endChildrenWhenSignalled() -> [any DispatchSourceSignal] {
    [SIGTERM, SIGINT, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        RunningChildren.shared.killAll()
        exit(terminatedStatus)
      }
      source.activate()
      return source
    }
  }
}
