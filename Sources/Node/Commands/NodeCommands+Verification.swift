import Casework
import Ledger
import Store

extension NodeCommands {
  /// The finding of a weekly verification.
  private static let checkedKind = "lead.sample_checked"

  /// The act that must follow from another in the same commit: a verification that does not agree with
  /// the record reopens its lead (核查不符即重办), for the reason found.
  ///
  /// - Returns: `nil` where nothing follows.
  /// - Throws: `CommandError` of exit 77 where the process does not let the same person do it, so that
  ///   neither is written.
  func consequence(
    of act: Act, on state: EntityState, by person: ActingPerson
  ) throws -> Act? {
    guard act.kind == Self.checkedKind, act.body["agrees"] == .boolean(false) else { return nil }
    let reopening = Act.reopen(reason: act.body["finding"]?.text ?? "")
    let folder = core.store.rules
    let refusal =
      folder.refusal(of: reopening.kind, on: state, by: actor(person))
      ?? folder.refusal(of: reopening.kind, saying: reopening.body, on: state)
    guard let refusal else { return reopening }
    throw CommandError(
      .notPermitted, .refused,
      zh: "核查不符须同时重办,而\(refusal.chinese);请由可重办的人员登记核查结果,本次未写入任何内容",
      en: "a finding that does not agree reopens the lead, and \(refusal.english) "
        + "(\(refusal.code.word)); have somebody who may reopen it record the finding. Nothing was "
        + "written")
  }
}
