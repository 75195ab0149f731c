import Foundation
import Casework
import Ledger
import Node
import Regions
import Store
import Testing

/// Accounts: who opens them, where they hold, and what is demanded once they are.
@Suite(.timeLimit(.minutes(3))) struct CommandsAccountTests {
  @Test func `without accounts everybody acts as before, with them nobody without a session`()
    async throws
  {
    let plain = try await AccountsCity(isPlain: true)
    let person = try await plain.lake.commands.actingPerson(account: "wang", role: "", session: "")
    #expect(person == (try ActingPerson(account: "wang", role: "platform_office")))
    let city = try await AccountsCity()
    for node in [city.hub, city.east, city.west, city.lake] {
      let error = await commandError {
        _ = try await node.commands.actingPerson(account: "wang", role: "leader", session: "")
      }
      #expect(error?.code == .loginRequired && error?.exit == .refused)
    }
  }

  @Test func `a session acts as its account, in the roles that the account has`() async throws {
    let city = try await AccountsCity()
    let token = try await city.logIn(at: city.lake)
    func person(_ account: String, _ role: String) async throws -> ActingPerson {
      try await city.lake.commands.actingPerson(account: account, role: role, session: token)
    }
    let clerk = try ActingPerson(account: "clerk@lake0", role: "channel_duty")
    #expect(try await person("", "channel_duty") == clerk)
    #expect(try await person("clerk", "channel_duty") == clerk)
    #expect(await commandError { _ = try await person("", "") }?.code == .badField)
    #expect(await commandError { _ = try await person("", "leader") }?.code == .notPermitted)
    #expect(await commandError { _ = try await person("other", "channel_duty") }?.code == .badField)
    _ = try await city.lake.commands.logOut(token)
    #expect(await commandError { _ = try await person("", "channel_duty") }?.code == .loginRequired)
  }

  @Test func `the router demands a session of every command that writes`() async throws {
    let city = try await AccountsCity()
    let router = CommandRouter(core: city.lake.core, home: city.lake.home)
    for command in [
      "lead report", "lead describe", "lead dispatch", "lead act", "lead sign", "lead close",
      "directive issue", "directive receive", "directive read", "directive accept",
      "directive verify", "directive return", "directive supersede", "conflict confirm",
      "conflict redo",
      "topology apply", "process apply", "process move", "evidence add", "origin close",
      "waiting declare-lost", "import leads chunk", "account add", "account roles",
      "account password", "account revoke", "account restore", "account code answer",
      "shift start", "shift hand-over",
    ] {
      let before = try city.lake.core.store.read { try $0.identity().sequence }
      let request = ControlRequest(command: command, actor: "wang", role: "administrator")
      await #expect(throws: (any Error).self, "\(command)") {
        _ = try await router.handle(request) { _ in }
      }
      #expect(try city.lake.core.store.read { try $0.identity().sequence } == before)
    }
  }

  @Test func `the hub alone begins, once, and only administrators above open accounts`()
    async throws
  {
    let city = try await AccountsCity()
    var again = AccountOpenArguments(
      who: "x", person: "某", password: AccountsCity.clerkPassword)
    for node in [city.hub, city.lake] {
      let error = await commandError { _ = try await node.commands.bootstrapAccounts(again) }
      #expect(error?.code == .notPermitted)
    }
    again.roles = ["leader"]
    let leader = try ActingPerson(account: "root@hub", role: "leader")
    let asLeader = await commandError {
      _ = try await city.hub.commands.addAccount(again, by: leader)
    }
    #expect(asLeader?.code == .notPermitted)
    let admin = try AccountsCity.admin()
    let atTownship = await commandError {
      _ = try await city.lake.commands.addAccount(again, by: admin)
    }
    #expect(atTownship?.code == .notPermitted)
    again.region = "hub"
    let upward = await commandError {
      _ = try await city.east.commands.addAccount(again, by: admin)
    }
    #expect(upward?.code == .badField)
    let taken = await commandError { try await city.add("clerk", for: "lake0", roles: ["leader"]) }
    #expect(taken?.code == .badField)
    again.password = "elevenchars"
    let short = await commandError { _ = try await city.hub.commands.addAccount(again, by: admin) }
    #expect(short?.code == .badField)
  }

  @Test func `an account is where it may log on and above, and acts at its own node alone`()
    async throws
  {
    let city = try await AccountsCity()
    for (node, accounts) in [
      (city.hub, ["root@hub", "clerk@lake0"]), (city.east, ["clerk@lake0"]),
      (city.lake, ["clerk@lake0"]), (city.west, []),
    ] {
      #expect(try node.commands.listAccounts().map(\.account) == accounts)
    }
    for node in [city.hub, city.east] {
      let error = await commandError { _ = try await city.logIn(at: node) }
      #expect(error?.code == .loginFailed)
    }
  }

  @Test func `what a region that is not above wrote of an account is of no use`() async throws {
    let city = try await AccountsCity()
    let verifier = try await PasswordVerifier.make(
      of: #require(Password("strangers-password")), salt: city.west.core.salt())
    for who in ["clerk", "ghost"] {
      let opening = AccountOpening(
        name: try #require(AccountName("\(who)@lake0")), person: "外人", department: nil,
        roles: ["administrator"], verifier: verifier.value)
      _ = try city.west.core.store.write(now: CommandsCity.start) { transaction in
        try transaction.author(actor: "x", role: "administrator", lane: .bulk) {
          $0.add(opening.draft(by: city.west.core.region, salt: city.west.core.salt()))
        }
      }
    }
    try city.settle()
    let states = try city.lake.commands.listAccounts().map { "\($0.account) \($0.state)" }.sorted()
    #expect(states == ["clerk@lake0 active", "clerk@lake0 not_genuine", "ghost@lake0 not_genuine"])
    for who in ["clerk@lake0", "ghost@lake0"] {
      let error = await commandError {
        _ = try await city.logIn(who, "strangers-password", at: city.lake)
      }
      #expect(error?.code == .loginFailed)
    }
    #expect(try await !city.logIn(at: city.lake).isEmpty)
  }

  @Test func `nobody takes the administration from himself`() async throws {
    let city = try await AccountsCity()
    let admin = try AccountsCity.admin()
    let revoked = await commandError {
      _ = try await city.hub.commands.revokeAccount(
        AccountStateArguments(account: "root", reason: "x"), by: admin)
    }
    let stripped = await commandError {
      _ = try await city.hub.commands.assignRoles(
        AccountRolesArguments(account: "root", roles: ["leader"]), by: admin)
    }
    #expect(revoked?.code == .notPermitted && stripped?.code == .notPermitted)
  }

  @Test func `an act of a revoked account stands and is found by the audit`() async throws {
    let city = try await AccountsCity()
    let clerk = try ActingPerson(account: "clerk@lake0", role: "township_clerk")
    var report = LeadReportArguments(channel: "phone")
    report.title = "夜间施工"
    _ = try await city.lake.commands.reportLead(report, by: clerk)
    try city.settle()
    #expect(try await city.hub.commands.auditAccounts().isEmpty)
    _ = try await city.hub.commands.revokeAccount(
      AccountStateArguments(account: "clerk@lake0", reason: "调离"), by: AccountsCity.admin())
    let late = try await city.lake.commands.reportLead(report, by: clerk)
    let wrong = try ActingPerson(account: "clerk@lake0", role: "leader")
    _ = try await city.lake.commands.reportLead(report, by: wrong)
    let nobody = try ActingPerson(account: "wang", role: "leader")
    _ = try await city.lake.commands.reportLead(report, by: nobody)
    let hidden = try ActingPerson(account: "system", role: "system")
    _ = try await city.lake.commands.reportLead(report, by: hidden)
    _ = try? await city.logIn(at: city.lake)
    try city.settle()
    let findings = try await city.hub.commands.auditAccounts()
    #expect(
      findings.map(\.reason) == ["revoked", "revoked", "unknown_account", "unknown_account"])
    #expect(try city.hub.core.store.read { try $0.recoveryEntities() }.count == 1)
    #expect(findings.first?.commit == late.commit)
    #expect(try city.hub.commands.showLead(LeadShowArguments(lead: late.id)).lead.id == late.id)
  }
  @Test func `what nodes write themselves is no finding, and is not taken for a person's`()
    async throws
  {
    let city = try await AccountsCity()
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = try String(
      contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
    _ = try await city.hub.commands.applyProcess(
      ProcessApplyArguments(text: process), by: AccountsCity.admin())
    try city.settle()
    var report = LeadReportArguments(channel: "phone")
    report.title = "夜间施工"
    let clerk = try ActingPerson(account: "clerk@lake0", role: "township_clerk")
    _ = try await city.lake.commands.reportLead(report, by: clerk)
    try city.settle()
    city.city.turnClock(by: 5 * 3_600_000)
    #expect(try await city.east.commands.sweepWarnings().warnings > 0)
    try city.settle()
    #expect(try await city.hub.commands.auditAccounts().isEmpty)
  }
}
