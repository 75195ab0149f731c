import ArgumentParser
import Casework
import Foundation
import Regions
import Simulation

/// Runs simulated cities with one planted fault until a check notices it. Built only by
/// `make mutants`, from a copy of the sources that holds the faults.
@main
struct MutantRunner: ParsableCommand {
  @Option var mutant: String
  @Option var seed: UInt64 = 1
  @Option var seconds: Double = 60
  @Option var profile: String = "storm"
  /// A process file by which offices work as well.
  @Option var process: String?

  struct Answer: Encodable {
    let mutant: String
    let seed: UInt64
    let checker: String
    let seconds: Double
    let caught: Bool
  }

  mutating func run() throws {
    guard let number = Planted.names.firstIndex(of: mutant), let first = Profile.named(profile),
      let shape = Shape(districts: 2, townships: 5)
    else { throw ValidationError("there is no such mutant or profile") }
    let trial = try process.map { path in
      switch ProcessFile.parse(try String(contentsOfFile: path, encoding: .utf8)) {
      case .draft(let draft): draft.process
      case .refused(let findings): throw ValidationError("\(path): \(findings)")
      }
    }
    Planted.number = number + 1
    let began = ContinuousClock.now
    func elapsed() -> Double {
      let duration = began.duration(to: .now).components
      return Double(duration.seconds) + Double(duration.attoseconds) / 1e18
    }
    var next = seed
    var caught: String?
    while caught == nil, elapsed() < seconds {
      // Mostly where it shows soonest; every third city is of another sort.
      let other = Profile.all[Int(next / 3 % UInt64(Profile.all.count))]
      var options = Simulation.Options(
        seed: next, shape: shape, hours: 48, profile: next % 3 == 2 ? other : first)
      options.narrows = false
      options.process = trial
      let report = Simulation.run(options)
      switch report.result {
      case .good: next += 1
      case .notSettled: caught = "settled"
      case .checkFailed: caught = report.failure?.message.prefix { $0 != ":" }.description
      case .harness: caught = "harness"
      }
    }
    let answer = Answer(
      mutant: mutant, seed: next, checker: caught ?? "", seconds: (elapsed() * 10).rounded() / 10,
      caught: caught != nil && caught != "harness")
    print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
  }
}
