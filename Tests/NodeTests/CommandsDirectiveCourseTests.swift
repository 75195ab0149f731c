import Evidence
import Foundation
import Ledger
import Regions
import Store
import Testing

@testable import Node

/// The whole course of directives under the shipped process.
@Suite(.timeLimit(.minutes(3))) struct CommandsDirectiveCourseTests {
  private let offices: EvidenceOffices
  private let clerk: ActingPerson

  init() async throws {
    offices = try await EvidenceOffices()
    clerk = try CommandsNode.clerk()
  }

  private var hub: CommandsNode { offices.hub }
  private var lake: CommandsNode { offices.lake }

  private func down() throws {
    try hub.carry(to: offices.east)
    try offices.east.carry(to: lake)
  }

  private func up() throws {
    try lake.carry(to: offices.east)
    try offices.east.carry(to: hub)
  }

  @discardableResult
  private func issue(
    _ change: (inout DirectiveIssueArguments) throws -> Void = { $0.to = ["lake0"] }
  ) async throws -> DirectiveIssueAnswer {
    var issue = DirectiveIssueArguments(title: "秸秆禁烧巡查")
    try change(&issue)
    return try await hub.commands.issueDirective(issue, by: clerk)
  }

  private func show(_ id: String, at node: CommandsNode) throws -> DirectiveDetail {
    try node.commands.showDirective(DirectiveActArguments(directive: id))
  }

  @Test func `delivered, read, accepted, done, sent back, done again and verified`() async throws {
    let issued = try await issue()
    try down()
    #expect(try await lake.core.sweepDeliveries() == 1)
    #expect(try await lake.core.sweepDeliveries() == 0)
    let mine = DirectiveActArguments(directive: issued.id)
    let early = await commandError {
      _ = try await lake.commands.completeDirective(mine, by: clerk)
    }
    #expect(early?.exit == .refused)
    #expect(try await lake.commands.readDirective(mine, by: clerk).stage == "read")
    #expect(try await lake.commands.acceptDirective(mine, by: clerk).stage == "accepted")
    _ = try await lake.commands.feedBack(
      DirectiveActArguments(directive: issued.id, text: "已巡查"), by: clerk)
    #expect(try await lake.commands.completeDirective(mine, by: clerk).stage == "completed")
    var theirs = DirectiveActArguments(
      directive: issued.id, text: "照片不全", region: "lake0")
    #expect(
      await commandError { _ = try await lake.commands.verifyReceipt(theirs, by: clerk) }?.exit
        == .refused)
    try up()
    theirs.due = "2026-12-01"
    #expect(try await hub.commands.returnReceipt(theirs, by: clerk).stage == "returned")
    try down()
    #expect(try await lake.commands.completeDirective(mine, by: clerk).stage == "completed")
    try up()
    #expect(try await hub.commands.verifyReceipt(theirs, by: clerk).stage == "verified")
    let line = try #require(try show(issued.id, at: hub).receipts.first)
    #expect(
      line.states.map(\.stage) == [
        "open", "delivered", "read", "accepted", "completed", "returned", "completed", "verified",
      ])
    #expect(
      line.states.map(\.region) == [
        "hub", "lake0", "lake0", "lake0", "lake0", "hub", "lake0", "hub",
      ])
    #expect(line.states.map(\.role)[1] == "system")
    #expect(line.feedbacks == 1)
    #expect(try await hub.commands.completeDirective(mine, by: clerk).stage == "completed")
    let late = await commandError { _ = try await hub.commands.returnReceipt(theirs, by: clerk) }
    #expect(late?.exit == .refused)
    for node in [hub, offices.east, lake] { #expect(try await node.commands.verify().ok) }
  }

  @Test func `a department has a line of its own, of the region's and of the duty list's`()
    async throws
  {
    let issued = try await issue { $0.to = ["lake0", "湖0镇:ecology", "lake0：ecology", "east"] }
    #expect(issued.recipients == ["east", "lake0", "lake0:ecology"])
    try down()
    #expect(try await lake.core.sweepDeliveries() == 2)
    var mine = DirectiveActArguments(directive: issued.id)
    let which = await commandError {
      _ = try await lake.commands.acceptDirective(mine, by: clerk)
    }
    #expect(which?.code == .ambiguous)
    mine.department = "ecology"
    #expect(try await lake.commands.acceptDirective(mine, by: clerk).stage == "accepted")
    try up()
    let stages = try show(issued.id, at: hub).receipts.map {
      [$0.recipient, $0.department, $0.stage]
    }
    #expect(stages.contains(["lake0", "ecology", "accepted"]))
    #expect(stages.contains(["lake0", nil, "delivered"]))

    let unknown = await commandError { try await issue { $0.to = ["lake0:police"] } }
    #expect(unknown?.exit == .badData)
    #expect(unknown?.english.contains("ecology") == true)
    let duties = try EvidenceOffices.shipped("duties")
    _ = try await hub.commands.applyDuties(
      DutyApplyArguments(text: duties.replacing("ecology", with: "environment")), by: clerk)
    let unlisted = await commandError { try await issue { $0.to = ["lake0:ecology"] } }
    #expect(unlisted?.english.contains("environment") == true)
    for word in ["lake0:", ":ecology", "nowhere:ecology", "hub:ecology"] {
      #expect(
        await commandError { try await issue { $0.to = [word] } }?.exit == .badData, "\(word)")
    }
  }

  @Test func `a linked lead must be here, and who cannot read it is told to the issuer`()
    async throws
  {
    let own = try await lake.report()
    let other = try await hub.report("市里线索")
    try up()
    let issued = try await issue {
      $0.to = ["lake0", "east", "west"]
      $0.leads = [try #require(own.number), own.id, other.id]
    }
    #expect(issued.unreadable.map(\.id) == [own.id, other.id])
    #expect(issued.unreadable.map(\.recipients) == [["west"], ["east", "lake0", "west"]])
    try down()
    let seen = try show(issued.id, at: lake).leads
    #expect(seen.map(\.held) == [true, false])
    #expect(seen.map(\.number) == [own.number, nil])
    #expect(
      await commandError {
        try await issue { ($0.to, $0.leads) = (["east"], ["ffffff"]) }
      }?
      .exit == .badData)
  }

  @Test func `attachments go down with the directive and are wanted by themselves`() async throws {
    let content = CommandsNode.picture(900)
    let path = hub.home.path(of: "plan.png")
    try Data(content).write(to: URL(filePath: path))
    let issued = try await issue {
      $0.to = ["lake0"]
      $0.attachments = [path]
    }
    let later = hub.home.path(of: "map.png")
    try Data(CommandsNode.picture(901, seed: 3)).write(to: URL(filePath: later))
    _ = try await hub.commands.addEvidence(
      EvidenceAddArguments(lead: issued.id, path: later), by: clerk)
    try down()
    let shown = try show(issued.id, at: lake).attachments
    #expect(shown.map(\.name) == ["plan.png", "map.png"])
    #expect(shown.map(\.held) == [false, false])
    #expect(try lake.commands.listEvidence(LeadShowArguments(lead: issued.id)) == shown)
    var place: Int64?
    let policy = NodeConfiguration.Evidence(fetch: .small, smallBytes: 900)
    _ = try await EvidenceKeeper(carrier: lake.carrier(), policy: policy).look(from: &place)
    let wanted = try lake.core.store.read { try $0.wantedEvidence() }
    #expect(wanted.map(\.file) == [EvidenceName(of: content).hash])
    // What is no file, or from somebody else, is refused before anything is written.
    let before = try hub.commands.listDirectives(DirectiveListArguments()).count
    #expect(
      await commandError {
        try await issue {
          $0.to = ["lake0"]
          $0.attachments = [path, hub.home.path(of: "none.png")]
        }
      }?.exit == .badData)
    #expect(try hub.commands.listDirectives(DirectiveListArguments()).count == before)
    let foreign = await commandError {
      _ = try await lake.commands.addEvidence(
        EvidenceAddArguments(lead: issued.id, path: path), by: clerk)
    }
    #expect(foreign?.exit == .refused)
  }

  @Test func `what supersedes or cancels a directive ends the lines under way, and no others`()
    async throws
  {
    let former = try await issue { $0.to = ["lake0", "east", "west"] }
    try down()
    let mine = DirectiveActArguments(directive: former.id)
    _ = try await lake.commands.acceptDirective(mine, by: clerk)
    _ = try await lake.commands.completeDirective(mine, by: clerk)
    try up()
    let later = try await issue {
      $0.to = ["lake0", "east"]
      $0.supersedes = former.id
    }
    let shown = try show(former.id, at: hub)
    #expect(shown.directive.stage == "superseded")
    #expect(shown.successor == later.id)
    #expect(shown.directive.receipts == ["completed": 1, "superseded": 2])
    try down()
    let east = offices.east
    let ended = await commandError { _ = try await east.commands.acceptDirective(mine, by: clerk) }
    #expect(ended?.exit == .refused)
    #expect(try show(former.id, at: lake).successor == later.id)
    // Twice is once too often, and then nothing of the new one is written either.
    let count = try hub.commands.listDirectives(DirectiveListArguments()).count
    #expect(
      await commandError {
        try await issue { ($0.to, $0.supersedes) = (["east"], former.id) }
      }?.exit == .refused)
    #expect(try hub.commands.listDirectives(DirectiveListArguments()).count == count)
    _ = try await hub.commands.cancelDirective(
      DirectiveActArguments(directive: later.id, text: "应急解除"), by: clerk)
    #expect(try show(later.id, at: hub).directive.receipts == ["cancelled": 2])
    var itself = DirectiveActArguments(directive: later.id)
    itself.successor = later.id
    #expect(
      await commandError { _ = try await hub.commands.supersedeDirective(itself, by: clerk) }?.exit
        == .badData)
    #expect(try await hub.commands.verify().ok)
  }

  @Test func `the list of overdue ones holds those past a limit or a due time, while under way`()
    async throws
  {
    let plain = try await issue()
    let dated = try await issue { ($0.to, $0.due) = (["east"], "2026-11-23 19:30") }
    func overdue() throws -> [String] {
      var arguments = DirectiveListArguments()
      arguments.overdue = true
      return try hub.commands.listDirectives(arguments).map(\.id)
    }
    #expect(try overdue().isEmpty)
    offices.city.turnClock(by: 2 * 3_600_000)
    #expect(Set(try overdue()) == [plain.id, dated.id])
    #expect(try await hub.commands.sweepWarnings().warnings == 2)
    let line = try #require(try show(plain.id, at: hub).receipts.first)
    #expect(line.warnings.map(\.level) == ["yellow"])
    #expect(line.warnings.map(\.directive) == [plain.id])
    #expect(line.clocks.first?.level == "yellow")
    _ = try await hub.commands.cancelDirective(
      DirectiveActArguments(directive: plain.id, text: "解除"), by: clerk)
    #expect(try overdue() == [dated.id])
  }
}
