import Casework
import Foundation
import Ledger
import Regions
import Testing

/// Compares the fold with the executable model of the merge, which was written independently.
@Suite(.serialized) struct MergeOracleTests {
  private static let graphCount: UInt64 = 2_400

  /// The model's answer about one graph; events by hash.
  private struct Answer: Decodable {
    let slots: [String: [String]]
    let facts: [String]
    let outcome: [String: String]
    let conflicts: [[String]]
    let review: Bool
    let heads: [String]
  }

  @Test func foldAgreesWithTheModelOnRandomGraphs() throws {
    guard let model = Self.modelFolder() else {
      print("skipped: no merge.py found; set LIANDONG_MODEL to the folder of the model")
      return
    }
    let process = try ModelProcess.make()
    let folder = Folder(library: ProcessLibrary([process]))
    let graphs = try (0..<Self.graphCount).map {
      try ModelGraph(seed: $0, folder: folder, rules: process.hash)
    }
    let oracle = PythonOracle(script: "fold_many.py", arguments: [model.path])
    guard let answers: [Answer] = try oracle.answer(to: graphs.map(\.events)) else {
      print("skipped: python3 is not here to run the model")
      return
    }
    try #require(answers.count == graphs.count)
    var (conflicts, reviews, waiting, decided) = (0, 0, 0, 0)
    for (seed, (graph, answer)) in zip(graphs, answers).enumerated() {
      let result = folder.fold(graph.inputs)
      let decisions = Set(
        graph.inputs.filter { $0.event.kind == Process.conflictDecidedKind }.map(\.event.hash))
      compare(result, answer, decisions, seed: seed)
      decided += result.state?.conflicts.count { $0.decision != nil } ?? 0
      conflicts += answer.conflicts.count
      reviews += answer.review ? 1 : 0
      waiting += result.waiting.count
    }
    print(
      "\(graphs.count) graphs: \(conflicts) conflicts, \(decided) decided, \(reviews) reviews, "
        + "\(waiting) waiting")
    // Graphs that show none of these would prove nothing.
    #expect(conflicts > 1_000 && reviews > 20 && waiting > 1_000 && decided > 100)
  }

  /// Compares all but what becomes of decisions, which the model knows not.
  private func compare(
    _ result: FoldResult, _ answer: Answer, _ decisions: Set<Hash>, seed: Int
  ) {
    let outcomes = Dictionary(
      uniqueKeysWithValues: result.outcomes.filter { !decisions.contains($0.key) }.map {
        event, outcome in
        let word =
          switch outcome {
          case .effective: "effective"
          case .ineffective(let reason): reason.rawValue.replacing("_", with: " ")
          }
        return (event.description, word)
      })
    let names = Set(decisions.map(\.description))
    #expect(outcomes == answer.outcome.filter { !names.contains($0.key) }, "seed \(seed)")
    guard let state = result.state else {
      Issue.record("no state for seed \(seed)")
      return
    }
    let slots = state.slots.map { name, slot in
      let value = name == Process.stageSlot ? slot.value["stage"]?.text : slot.value.text
      return [name, slot.event.description, value ?? "none"]
    }
    let wanted = answer.slots.map { name, slot in [name] + slot }
    #expect(Set(slots) == Set(wanted), "seed \(seed)")
    let conflicts = state.conflicts.map {
      [$0.slot, $0.winner.description, $0.loser.description]
    }
    #expect(Set(conflicts) == Set(answer.conflicts), "seed \(seed)")
    #expect(conflicts.count == answer.conflicts.count, "seed \(seed)")
    #expect(state.needsReview == answer.review, "seed \(seed)")
    #expect(state.facts.values.reduce(0) { $0 + Int($1.count) } == answer.facts.count)
    #expect(result.heads.map(\.description) == answer.heads, "seed \(seed)")
  }

  private static func modelFolder() -> URL? {
    let given = ProcessInfo.processInfo.environment["LIANDONG_MODEL"].map { URL(filePath: $0) }
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = given ?? package.deletingLastPathComponent().appending(path: "shared/model")
    let script = folder.appending(path: "merge.py")
    return FileManager.default.fileExists(atPath: script.path) ? folder : nil
  }
}
