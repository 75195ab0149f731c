import Casework
import Ledger
import Regions

/// Writes a history nowhere, to see whether the fold would give every act its effect. What it lets
/// pass is written as it is; salts, number and time of the stamp bear on no verdict.
struct HistoryTrial {
  /// What a commit may hold besides its part of the history: stamp, sealed contact and what estimates miss.
  private static let reservedBytes = LedgerBounds.commitBytes / 8

  let folder: Folder
  let time: HybridTime
  private var state: EntityState?
  private let actor: (ActingPerson) -> Actor
  /// Those of the commit so far.
  private var bytes = 0

  /// - Parameter actor: a person as the fold sees it.
  init(folder: Folder, milliseconds: UInt64, actor: @escaping (ActingPerson) -> Actor) {
    self.folder = folder
    self.actor = actor
    self.time = HybridTime(milliseconds: milliseconds)
  }

  /// Why a row cannot be imported.
  enum Fault: Error {
    /// It is beyond the ledger's bounds.
    case tooLarge
    case refused(CommandError)
  }

  /// Goes through a history.
  ///
  /// - Parameters:
  ///   - person: who writes the founding.
  ///   - contactBytes: what the sealed contact adds to the first commit.
  /// - Throws: ``Fault``, and what the founding's check throws.
  mutating func run(
    _ history: LeadHistory, on founding: EventDraft, by person: ActingPerson, contactBytes: Int
  ) throws {
    guard history.steps.count <= HistoryMapping.maximumSteps else { throw Fault.tooLarge }
    bytes = contactBytes
    let (lead, event) = try add(founding, of: nil, by: actor(person))
    var script = HistoryScript(of: lead, foundedBy: event)
    for (place, run) in history.runs(foundedBy: person).enumerated() {
      if place > 0 { bytes = 0 }
      for step in run.steps {
        let draft = script.draft(step, salt: founding.salt)
        script.note(try add(draft, of: step, by: actor(run.person)).1, of: step)
      }
    }
    guard let state, let stage = state.stage?.stage else {
      preconditionFailure("each event that was added left a stage")
    }
    guard history.stages.contains(stage) else { throw Self.leadsElsewhere(history, state, folder) }
  }

  private mutating func add(
    _ draft: EventDraft, of step: LeadHistory.Step?, by actor: Actor
  ) throws -> (EntityID, Hash) {
    if let state, let step {
      let body = try CanonicalValue(decoding: draft.body)
      let refusal =
        folder.refusal(of: draft.kind, on: state, by: actor)
        ?? folder.refusal(of: draft.kind, saying: body, on: state)
      if let refusal { throw Self.refused(step, refusal) }
    }
    let encoded = draft.encoded
    bytes += encoded.count
    guard bytes <= LedgerBounds.commitBytes - Self.reservedBytes,
      let event = try? Event(bytes: encoded, stampHash: .zero, milliseconds: time.milliseconds)
    else { throw Fault.tooLarge }
    let input = FoldInput(
      event: event, time: time, tier: actor.tier, role: actor.role, region: actor.region,
      account: actor.account)
    let after = folder.advance(state, by: input)
    guard let after, after.ineffective.isEmpty, after.stage != nil else {
      throw Fault.refused(
        CommandError(
          .init("no_effect"), .refused, zh: "“\(draft.kind)”在现行流程下不会生效,请核对流程",
          en: "\(draft.kind) would have no effect under the process in force; check the process"))
    }
    state = after
    return (event.entity, event.hash)
  }

  private static func refused(_ step: LeadHistory.Step, _ refusal: Refusal) -> Fault {
    let at = CommandTime.text(step.claim.atMilliseconds)
    return .refused(
      CommandError(
        .init(refusal.code.word), .refused,
        zh: "“\(step.rule.chinese)”(\(step.rule.kind),\(at)):\(refusal.chinese)",
        en: "\(step.rule.kind) of \(at): \(refusal.english)"))
  }

  private static func leadsElsewhere(
    _ history: LeadHistory, _ state: EntityState, _ folder: Folder
  ) -> Fault {
    let family = folder.library[state.rules]?.family(named: state.family)
    let key = state.stage?.stage ?? ""
    let names = (family?.stage(key)?.chinese ?? key, family?.stage(key)?.english ?? key)
    return .refused(
      CommandError(
        .init("unknown_stage"), .refused,
        zh: "各步骤办到“\(names.0)”(\(key)),原系统则是“\(history.stageWord)”"
          + "(\(history.stages.joined(separator: "、")));请补全各步的时间,或修改映射",
        en: "the steps lead to \(names.1) (\(key)), while the older system says "
          + "'\(history.stageWord)' (\(history.stages.joined(separator: ", "))): fill in the times "
          + "of all steps, or change the mapping"))
  }
}
