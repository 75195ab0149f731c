package import Ledger
package import Regions

/// One stay of a case in a stage, from the event that entered it to the one that left it.
package struct StageVisit: Hashable, Sendable {
  /// The event that entered.
  package let event: Hash
  package let value: StageValue
  /// In milliseconds since 1970 UTC, by the clock of who wrote the event.
  package let enteredMilliseconds: Int64
  /// `nil` for the stage in which the case is.
  package let leftMilliseconds: Int64?
  package let isUrgent: Bool

  package init(
    event: Hash, value: StageValue, enteredMilliseconds: Int64, leftMilliseconds: Int64?,
    isUrgent: Bool
  ) {
    self.event = event
    self.value = value
    self.enteredMilliseconds = enteredMilliseconds
    self.leftMilliseconds = leftMilliseconds
    self.isUrgent = isUrgent
  }
}

/// An effective event of the stage slot, as visits are told from it.
package struct StageEvent: Sendable {
  package let act: ProcedureAct
  package let region: RegionID
  package let account: String
  package let isUrgent: Bool

  package init(act: ProcedureAct, region: RegionID, account: String, isUrgent: Bool) {
    self.act = act
    self.region = region
    self.account = account
    self.isUrgent = isUrgent
  }
}

extension Family {
  /// The stays of a case in its stages, in order.
  ///
  /// - Parameter events: effective events, parents before children; those that move nothing are passed
  ///   over.
  package func visits(_ events: [StageEvent]) -> [StageVisit] {
    var visits: [StageVisit] = []
    var value: StageValue?
    for event in events {
      guard let rule = kinds.first(where: { $0.kind == event.act.kind }) else { continue }
      let target: (stage: String, handover: Handover)
      switch rule.effect {
      case .found(let handover): target = (stages[0].key, handover)
      case .move(_, let to, let handover): target = (to, handover)
      case .field, .whole, .fact, .note: continue
      }
      let after = StageValue.after(
        value, entering: target.stage, by: event.region,
        account: stage(target.stage)?.keepsActor == true ? event.account : nil,
        handover: target.handover, body: { event.act.body })
      guard let after else { continue }
      if let last = visits.popLast() {
        visits.append(last.left(at: event.act.atMilliseconds))
      }
      visits.append(
        StageVisit(
          event: event.act.event, value: after, enteredMilliseconds: event.act.atMilliseconds,
          leftMilliseconds: nil, isUrgent: event.isUrgent))
      value = after
    }
    return visits
  }

  /// The handlings of a case: each from the founding, or from the move out of an end, to the next
  /// end. The clock of the whole counts in each anew; stays at an end belong to none.
  func handlings(_ visits: [StageVisit]) -> [[StageVisit]] {
    visits.split { stage($0.value.stage)?.isEnd == true }.map(Array.init)
  }

  /// The kinds that lead out of an end, such as a reopening.
  package var reopeningKinds: [String] {
    kinds.filter { rule in
      guard case .move(let from, let to, _) = rule.effect, stage(to)?.isEnd == false else {
        return false
      }
      return from.contains { stage($0)?.isEnd == true }
    }
    .map(\.kind)
  }
}

extension StageVisit {
  fileprivate func left(at milliseconds: Int64) -> StageVisit {
    StageVisit(
      event: event, value: value, enteredMilliseconds: enteredMilliseconds,
      leftMilliseconds: milliseconds, isUrgent: isUrgent)
  }
}
