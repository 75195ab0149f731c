import Casework
import Ledger
import Regions
import Store

/// What an account was allowed, and when: as its effective events say by their authors' clocks.
struct AccountHistory {
  /// From that time on.
  private var roles: [(time: HybridTime, roles: Set<String>)] = []
  private var activity: [(time: HybridTime, isActive: Bool)] = []

  /// What is wrong with an act.
  enum Fault: String {
    case notOpened = "not_opened"
    case revoked
    case roleNotHeld = "role_not_held"
  }

  /// - Parameter timeline: the account's events, by time.
  init(_ timeline: [TimelineEntry]) {
    for entry in timeline where entry.effect == .effective {
      let time = entry.stamp.time
      let body = try? CanonicalValue(decoding: entry.event.body)
      let named = Set(body?["roles"]?.array?.compactMap(\.text) ?? [])
      switch entry.event.kind {
      case AccountOpening.kind:
        roles.append((time, named))
        activity.append((time, true))
      case "account.assigned": roles.append((time, named))
      case "account.revoked": activity.append((time, false))
      case "account.restored": activity.append((time, true))
      default: break
      }
    }
  }

  /// Why the account could not act in a role at that time; `nil` where it could.
  func fault(actingAs role: String, at time: HybridTime) -> Fault? {
    guard let held = roles.last(where: { $0.time <= time })?.roles,
      let isActive = activity.last(where: { $0.time <= time })?.isActive
    else { return .notOpened }
    if !isActive { return .revoked }
    return held.contains(role) ? nil : .roleNotHeld
  }
}
