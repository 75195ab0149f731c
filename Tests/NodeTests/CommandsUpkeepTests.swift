import Foundation
import Ledger
import Regions
import Store
import Synchronization
import Testing

@testable import Node

/// Status, verify, rebuild, backups, and the router that both doors use.
@Suite(.timeLimit(.minutes(10))) struct CommandsUpkeepTests {
  /// What a request is answered with.
  private static func ask(
    _ node: CommandsNode, _ command: String, _ arguments: some Encodable = NoArguments(),
    actor: String = "wang"
  ) async throws -> (lines: [[String: Any]], exit: Int32) {
    let lines = Mutex<[Data]>([])
    let request = try ControlRequest(
      command: command, arguments: arguments, actor: actor, role: "platform_office",
      language: .zh)
    let exit = try await CommandRouter(core: node.core, home: node.home, isRunning: false)
      .handle(request) { line in lines.withLock { $0.append(line) } }
    let objects = try lines.withLock { $0 }.map {
      try #require(try JSONSerialization.jsonObject(with: $0) as? [String: Any])
    }
    return (objects, exit)
  }

  @Test func `status has every key of the contract, also with no link ever open`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    _ = try await lake.report()
    let (lines, exit) = try await Self.ask(lake, "status")
    #expect(exit == 0)
    let status = try #require(lines.first)
    #expect(status["schema"] as? String == "liandong.status/1")
    func part(_ key: String) throws -> [String: Any] {
      try #require(status[key] as? [String: Any])
    }
    #expect(
      Set(["region", "tier", "incarnation", "version", "protocol"]).isSubset(
        of: Set(try part("node").keys)))
    #expect(try part("store")["synchronous"] as? String == "full")
    #expect(try part("store")["journal"] as? String == "wal")
    #expect(try #require(part("store")["free_bytes"] as? Int) > 0)
    #expect(try #require(part("store")["bytes"] as? Int) > 0)
    #expect((try part("ledger")["head"] as? String)?.count == 64)
    #expect(try part("certificate")["not_after"] as? String != nil)
    #expect(try part("clock")["skew_seconds"] is NSNull, "nothing was measured yet")
    #expect(status["conflicts_open"] as? Int == 0)
    let links = try #require(status["links"] as? [[String: Any]])
    #expect(links.map { $0["peer"] as? String } == ["east"])
    let link = try #require(links.first)
    #expect(
      Set([
        "peer", "role", "state", "backlog_events", "backlog_bytes", "lag_seconds",
        "last_success_at", "retry_at", "set_aside", "last_error",
      ]).isSubset(of: Set(link.keys)))
    #expect(link["role"] as? String == "parent")
    #expect(link["state"] as? String == "backoff")
    #expect(try #require(link["backlog_events"] as? Int) >= 2)
    #expect(try #require(link["lag_seconds"] as? Double) > 0)
  }

  @Test func `verify and rebuild leave a good store as it is`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    _ = try await lake.report()
    let region = try #require(RegionID("lake0"))
    let before = try lake.core.store.read { try $0.digest(of: region) }
    let (lines, exit) = try await Self.ask(lake, "verify")
    #expect(exit == 0)
    #expect(lines.first?["schema"] as? String == "liandong.verify/1")
    #expect(lines.first?["ok"] as? Bool == true)
    let (rebuilt, _) = try await Self.ask(lake, "rebuild")
    #expect(try #require(rebuilt.first?["entities"] as? Int) > 2)
    #expect(try lake.core.store.read { try $0.digest(of: region) } == before)
    #expect(try await lake.report().number?.hasPrefix("0010-1-000002-") == true)
  }

  @Test func `long work ends when the node stops, and leaves nothing half done`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    _ = try await lake.report()
    let region = try #require(RegionID("lake0"))
    let before = try lake.core.store.read { try $0.digest(of: region) }
    let backup = city.path("cancelled.backup")
    let work: [@Sendable () async throws -> Void] = [
      { _ = try await lake.commands.verify() }, { _ = try await lake.commands.rebuild() },
      { _ = try await lake.commands.createBackup(at: backup) },
    ]
    for piece in work {
      await withThrowingTaskGroup(of: Void.self) { group in
        group.cancelAll()
        group.addTask { try await piece() }
        await #expect(throws: CancellationError.self) { try await group.next() }
      }
    }
    #expect(try lake.core.store.read { try $0.digest(of: region) } == before)
    #expect(!FileManager.default.fileExists(atPath: backup + ".partial"))
    #expect(try await lake.commands.verify().ok)
  }

  @Test func `while an operator holds the links down status says paused of each`() async throws {
    let city = try CommandsCity()
    let east = try city.node("east")
    let lake = try #require(RegionID("lake0"))
    east.core.links.update(lake) { $0.retryAt = 1 }
    east.core.links.pause()
    let links = try east.commands.status(isRunning: true).links
    #expect(links.count == 2)
    #expect(links.allSatisfy { $0.state == "paused" && $0.retryAt.value == nil })
    east.core.links.resume()
    #expect(try east.commands.status(isRunning: true).links.allSatisfy { $0.state == "backoff" })
  }

  @Test func `status says by how far the newest stamps of the peers are ahead`() async throws {
    let city = try CommandsCity()
    let east = try city.node("east")
    let (near, far) = (try #require(RegionID("lake0")), try #require(RegionID("hub")))
    var effects = StoreEffects()
    func skew(_ differences: [RegionID: Int64], at now: UInt64) throws -> Double? {
      effects.clockDifferences = differences
      east.core.links.committed(effects, at: now)
      return try east.commands.status(isRunning: true).clock.skewSeconds.value
    }
    #expect(try skew([near: -90_000_000], at: 1_000) == -90_000)
    #expect(try skew([near: -250], at: 2_000) == -0.25)
    // Old commits that come late say nothing new of the clock.
    #expect(try skew([near: -7_000_000], at: 3_000) == -0.25)
    #expect(try skew([far: 5_500], at: 4_000) == 5.5)
    #expect(try skew([far: -100, near: -100], at: 700_000) == -0.1)
  }

  @Test func `a restored store opens a new incarnation and its lead numbers never collide`()
    async throws
  {
    let city = try CommandsCity()
    let backup = city.path("lake.backup")
    var numbers: [String] = []
    let first = try city.node("lake0")
    numbers.append(try #require(try await first.report().number))
    let made = try await first.commands.createBackup(at: backup)
    #expect(made.verify.ok)
    #expect(made.incarnation == 1)
    // The backup is of the very start in which the node goes on: the hard case.
    numbers.append(try #require(try await first.report().number))
    #expect(throws: StoreError.self) { try StoreBackup(path: backup).restore(to: first.home) }
    let second = await commandError {
      _ = try await first.commands.createBackup(at: backup)
    }
    #expect(second?.exit == .refused)
    try first.close()
    let restored = try StoreBackup(path: backup).restore(to: first.home)
    #expect(FileManager.default.fileExists(atPath: try #require(restored.replaced)))

    let twice = try StoreBackup(path: backup).restore(to: first.home)
    #expect(twice.replaced == first.home.database + ".replaced-2")
    #expect(FileManager.default.fileExists(atPath: try #require(restored.replaced)))
    #expect(FileManager.default.fileExists(atPath: try #require(twice.replaced)))

    let again = try city.node("lake0")
    #expect(try again.core.store.read { try $0.identity().incarnation } == 2)
    numbers.append(try #require(try await again.report().number))
    #expect(Set(numbers).count == 3)
    #expect(numbers.map { $0.split(separator: "-")[1] } == ["1", "1", "2"])
    #expect(try again.commands.listLeads(LeadListArguments()).count == 2)
    #expect(try await again.commands.verify().ok)
  }

  @Test func `another node's backup and a plain file are refused and change nothing`()
    async throws
  {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    let backup = city.path("east.backup")
    _ = try await east.commands.createBackup(at: backup)
    try lake.close()
    let before = try Data(contentsOf: URL(filePath: lake.home.database))
    let foreign = await commandError { _ = try StoreBackup(path: backup).restore(to: lake.home) }
    #expect(foreign?.code == .badBackup)
    let text = try city.write("no database at all, but long enough to look at", to: "text.backup")
    let plain = await commandError { _ = try StoreBackup(path: text).restore(to: lake.home) }
    #expect(plain?.code == .badBackup)
    let absent = await commandError {
      _ = try StoreBackup(path: city.path("absent")).restore(to: lake.home)
    }
    #expect(absent?.exit == .badData)
    #expect(try Data(contentsOf: URL(filePath: lake.home.database)) == before)
    #expect(!FileManager.default.fileExists(atPath: backup + ".checking"))
  }

  @Test func `the router answers in snake case and explains each error with its status`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    var report = LeadReportArguments(channel: "phone")
    report.title = "噪声"
    let (lines, exit) = try await Self.ask(lake, "lead report", report)
    #expect(exit == 0)
    #expect(lines.first?["stage_name"] as? String == "分办")
    let cases: [(String, LeadActArguments, Int32)] = [
      ("lead sign", LeadActArguments(lead: try #require(lines.first?["id"] as? String)), 77),
      ("lead sign", LeadActArguments(lead: "abcdef"), 65),
      ("lead burn", LeadActArguments(lead: "abcdef"), 65),
      ("lead report", LeadActArguments(lead: "abcdef"), 65),
    ]
    for (command, arguments, status) in cases {
      do {
        _ = try await Self.ask(lake, command, arguments)
        Issue.record("\(command) was carried out")
      } catch {
        let failure = ControlFailure(explaining: error, in: .zh)
        #expect(failure.exit == status, "\(command): \(failure.message)")
        #expect(!failure.message.isEmpty)
      }
    }
    // A second opening of the same folder is refused as locked.
    do {
      _ = try city.node("lake0")
      Issue.record("two writers")
    } catch {
      #expect(ControlFailure(explaining: error, in: .en).exit == CommandExit.locked.rawValue)
    }
  }
}
