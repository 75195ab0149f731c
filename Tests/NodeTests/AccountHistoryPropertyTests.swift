import Intake
import Node
import Testing

/// Random histories of one account against a tiny model of it: the hub grants, revokes, restores and
/// sets passwords; a township sees that only when the link brings it.
@Suite(.timeLimit(.minutes(5))) struct AccountHistoryPropertyTests {
  /// What a node knows of the account.
  private struct Model {
    var roles: Set<String> = ["township_clerk", "channel_duty"]
    var isActive = true
    var password = AccountsCity.clerkPassword
    /// Grows with all that ends sessions.
    var access = 0
  }

  private struct Numbers: RandomNumberGenerator {
    var state: SplitMix64

    mutating func next() -> UInt64 { state.next() }
  }

  private static let words = ["township_clerk", "channel_duty", "leader", "field_officer"]

  @Test(arguments: [11, 12, 13, 14])
  func `who may act at the township is what the model says`(seed: UInt64) async throws {
    var numbers = Numbers(state: SplitMix64(seed: seed))
    let city = try await AccountsCity()
    let admin = try AccountsCity.admin()
    var hub = Model()
    var lake = Model()
    var sessions: [(token: String, access: Int)] = []
    for step in 0..<60 {
      city.city.turnClock(by: 60_000)
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0, 1:
        hub.roles = Set(
          Self.words.shuffled(using: &numbers).prefix(Int.random(in: 1...3, using: &numbers)))
        _ = try await city.hub.commands.assignRoles(
          AccountRolesArguments(account: "clerk@lake0", roles: hub.roles.sorted()), by: admin)
      case 2, 3:
        let arguments = AccountStateArguments(account: "clerk@lake0", reason: "调动")
        let wasActive = hub.isActive
        _ =
          wasActive
          ? try await city.hub.commands.revokeAccount(arguments, by: admin)
          : try await city.hub.commands.restoreAccount(arguments, by: admin)
        hub.isActive.toggle()
        hub.access += 1
      case 4:
        hub.password = "password-number-\(step)"
        hub.access += 1
        _ = try await city.hub.commands.setPassword(
          AccountPasswordArguments(account: "clerk@lake0", password: hub.password), by: admin)
      case 5, 6:
        try city.settle()
        lake = hub
      case 7:
        let password = Bool.random(using: &numbers) ? lake.password : hub.password
        let token = try? await city.logIn("clerk", password, at: city.lake)
        #expect((token != nil) == (lake.isActive && password == lake.password), "seed \(seed)")
        if let token { sessions.append((token, lake.access)) }
        if sessions.count > SessionBounds.perAccount { sessions.removeFirst() }
      default:
        guard let session = sessions.randomElement(using: &numbers) else { continue }
        let role = Self.words.randomElement(using: &numbers) ?? ""
        let error = await commandError {
          _ = try await city.lake.commands.actingPerson(
            account: "", role: role, session: session.token)
        }
        let expected: CommandError.Code? =
          !lake.isActive || session.access != lake.access
          ? .loginRequired : lake.roles.contains(role) ? nil : .notPermitted
        #expect(error?.code == expected, "seed \(seed), step \(step)")
      }
    }
  }
}
