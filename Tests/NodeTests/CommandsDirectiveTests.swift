import Foundation
import Ledger
import Node
import Regions
import Testing

/// Directives and their receipt lines.
@Suite(.timeLimit(.minutes(4))) struct CommandsDirectiveTests {
  @Test func `a directive to all gets a line from each, received, fed back and completed`()
    async throws
  {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let clerk = try CommandsNode.clerk()
    var issue = DirectiveIssueArguments(title: "秸秆禁烧巡查")
    issue.text = "每日巡查两次"
    issue.due = "2026-12-01"
    issue.toAll = true
    let issued = try await hub.commands.issueDirective(issue, by: clerk)
    #expect(issued.recipients == ["east", "lake0", "west"])
    #expect(issued.commits.count == 1)
    try hub.carry(to: east)
    try east.carry(to: lake)

    let mine = DirectiveActArguments(directive: issued.id)
    let early = await commandError {
      _ = try await lake.commands.completeDirective(mine, by: clerk)
    }
    #expect(early?.exit == .refused)
    #expect(try await lake.commands.acceptDirective(mine, by: clerk).stage == "received")
    _ = try await lake.commands.feedBack(
      DirectiveActArguments(directive: issued.id, text: "已巡查"), by: clerk)
    #expect(try await lake.commands.completeDirective(mine, by: clerk).stage == "completed")
    let foreign = await commandError {
      _ = try await lake.commands.cancelDirective(
        DirectiveActArguments(directive: issued.id, text: "不办"), by: clerk)
    }
    #expect(foreign?.exit == .refused)
    try lake.carry(to: east)
    try east.carry(to: hub)

    let shown = try hub.commands.showDirective(mine)
    let line = try #require(shown.receipts.first { $0.recipient == "lake0" })
    #expect(line.stage == "completed")
    #expect(line.recipientName == "湖0镇")
    #expect(line.feedbacks == 1)
    #expect(line.timeline.contains { $0.details["text"] == "已巡查" })
    #expect(shown.directive.receipts == ["open": 2, "completed": 1])
    #expect(shown.directive.due == "2026-11-30T16:00:00Z")
    #expect(try await hub.commands.completeDirective(mine, by: clerk).stage == "completed")
    #expect(try hub.commands.listDirectives(DirectiveListArguments()).map(\.id) == [issued.id])
  }

  @Test func `a directive to more than a commit holds goes on in further commits`()
    async throws
  {
    let city = try CommandsCity(townships: 300)
    let hub = try city.node("hub")
    var issue = DirectiveIssueArguments(title: "通知")
    issue.toAll = true
    let issued = try await hub.commands.issueDirective(issue, by: CommandsNode.clerk())
    #expect(issued.recipients.count == 302)
    #expect(issued.commits.count == 2)
    let shown = try hub.commands.showDirective(DirectiveActArguments(directive: issued.id))
    #expect(shown.receipts.count == 302)
    #expect(Set(shown.receipts.compactMap(\.recipient)) == Set(issued.recipients))
    #expect(try await hub.commands.verify().ok)
  }

  @Test func `who may not issue, and recipients that are none, are refused`() async throws {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    let clerk = try CommandsNode.clerk()
    func issuing(
      at node: CommandsNode, _ change: (inout DirectiveIssueArguments) -> Void
    ) async -> CommandError? {
      var issue = DirectiveIssueArguments(title: "通知")
      change(&issue)
      return await commandError {
        _ = try await node.commands.issueDirective(issue, by: clerk)
      }
    }
    #expect(await issuing(at: lake) { $0.toAll = true }?.exit == .refused)
    #expect(await issuing(at: east) { $0.to = ["hub"] }?.exit == .badData)
    #expect(await issuing(at: east) { $0.to = ["nowhere"] }?.code == .unknownRegion)
    #expect(await issuing(at: east) { _ in }?.code == .badField)
    #expect(
      await issuing(at: east) {
        $0.title = " "
        $0.toAll = true
      }?.english.hasPrefix("--title") == true)
  }
}
