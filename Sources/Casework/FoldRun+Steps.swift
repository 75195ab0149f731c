import Ledger

extension FoldRun {
  /// What stands after each folded event; to be asked after ``result()``.
  func steps() -> [Hash: FoldStep] {
    var steps = [Hash: FoldStep](minimumCapacity: graph.count)
    for position in 0..<graph.count where !waits[position] {
      let giver = stage.giver(after: position)
      var key: String?
      if let giver, case .moves(let value) = verdicts[giver] { key = value.stage }
      steps[input(position).event.hash] = FoldStep(stage: key, entersStage: giver == position)
    }
    return steps
  }
}
