import Casework
import Ledger

/// The effective events of one case as its clocks and its procedure look at them.
struct CaseHistory {
  let visits: [StageVisit]
  let clockEvents: [ClockEvent]
  let findings: [ProcedureCheck.Finding]

  init(_ timeline: [TimelineEntry], of family: Family) {
    var acts: [ProcedureAct] = []
    var stageEvents: [StageEvent] = []
    var clockEvents: [ClockEvent] = []
    let effects = family.clockEffects
    let ordered = parentsFirst(timeline, hash: \.event.hash, parents: \.event.parents)
    for entry in ordered where entry.effect == .effective {
      let (event, stamp) = (entry.event, entry.stamp)
      let body = (try? CanonicalValue(decoding: event.body)) ?? .null
      let at = Int64(clamping: stamp.time.milliseconds)
      let act = ProcedureAct(
        event: event.hash, kind: event.kind, parents: event.parents, atMilliseconds: at, body: body)
      acts.append(act)
      stageEvents.append(
        StageEvent(
          act: act, region: stamp.origin.region, account: stamp.actor,
          isUrgent: stamp.lane == .urgent))
      if let effect = effects[event.kind] {
        clockEvents.append(ClockEvent(effect, atMilliseconds: at, body: body))
      }
    }
    self.visits = family.visits(stageEvents)
    self.clockEvents = clockEvents
    self.findings = ProcedureCheck(acts).findings
  }

  /// That of a case of which nothing but the founding is folded: the state tells it all.
  init(founded state: EntityState, isUrgent: Bool) {
    let founding = state.founding
    let at = Int64(clamping: founding.time.milliseconds)
    let act = ProcedureAct(
      event: founding.event, kind: founding.kind, parents: [], atMilliseconds: at,
      body: (try? CanonicalValue(decoding: founding.body)) ?? .null)
    visits =
      state.stage.map {
        [
          StageVisit(
            event: founding.event, value: $0, enteredMilliseconds: at, leftMilliseconds: nil,
            isUrgent: isUrgent)
        ]
      } ?? []
    clockEvents = []
    findings = ProcedureCheck([act]).findings
  }

  /// When the present handling began; see `Family.handlings(_:)`.
  func handledSince(_ family: Family) -> Int64? {
    visits.last { family.stage($0.value.stage)?.isEnd == true }?.leftMilliseconds
  }
}
