import Casework
import Foundation
import Identity
import Intake
import Ledger
import Logging
import Node
import Regions
import Replication
import Store

/// Runs a small city on this machine: seven processes, cut links, a killed district, and at the end a
/// comparison of every region's holders.
final class DemoRun {
  /// How long everything may take to settle.
  static let settleLimit = Duration.seconds(180)
  /// How long a node may take to answer commands.
  static let startLimit = Duration.seconds(20)
  /// The channel of all leads.
  static let channel = "hotline_12345"
  /// Leads that a district hands to its townships.
  static let dispatched = 12

  let folder: String
  let input: String?
  let leads: Int
  let view: DemoView
  private(set) var report = DemoReport()
  private var nodes: [String: DemoProcess] = [:]
  private let program: String
  private let language: Language
  private let children: DemoChildren

  init(
    folder: String, input: String?, leads: Int, view: DemoView, language: Language,
    children: DemoChildren
  ) throws {
    self.folder = folder
    self.input = input
    self.leads = leads
    self.view = view
    self.language = language
    self.children = children
    self.program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  private var regions: [String] { [DemoCity.hub] + DemoCity.districts + DemoCity.townships }

  private func node(_ region: String) throws -> DemoProcess {
    guard let node = nodes[region] else {
      throw DemoError(zh: "没有节点 \(region)", en: "no node \(region)")
    }
    return node
  }

  /// The whole demonstration; the report says whether it came out well, and what stopped it if it did
  /// not come to its end.
  func run(keep: Bool) async -> DemoReport {
    let began = ContinuousClock.now
    do {
      try provision()
      try await takeIn()
      try await linkUp()
      try await settle()
      report.tls = try tlsVersion()
      if !keep { for region in regions { try node(region).stop() } }
      try judge()
    } catch {
      for node in nodes.values { node.kill() }
      let text = (error as? DemoError)?.text ?? CommandFailure(explaining: error).message
      report.failure = text.in(language)
    }
    let elapsed = ContinuousClock.now - began
    report.seconds =
      Double(elapsed.components.seconds)
      + Double(elapsed.components.attoseconds / 1_000_000_000_000_000) / 1000
    return report
  }

  private func provision() throws {
    view.say(.demoProvisioning(folder))
    let text = DemoCity.topology(ports: try FreePorts.find(3))
    guard case .topology(let topology) = TopologyFile.parse(text) else {
      throw DemoError(
        zh: "演示自带的拓扑文件有误", en: "the demonstration's own topology is refused")
    }
    let plan = try ProvisionPlan(for: topology, host: "127.0.0.1", basePort: 1)
    let provisioner = Provisioner(output: folder, language: language)
    var generator = SystemRandomNumberGenerator()
    let quiet = Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
    let made = try provisioner.run(plan, at: Date(), serialsFrom: &generator) {
      topology, hub, folders in
      try InitialTree.publish(
        topology, hub: hub, folders: folders, software: Version.software, logger: quiet,
        clocks: .system)
    }
    for item in made.nodes {
      let region = item.node.name.region.rawValue
      nodes[region] = DemoProcess(
        region: region, home: item.home, program: program, language: language, children: children)
      if region != DemoCity.hub {
        _ = try NodeInitialiser.run(
          home: item.home, software: Version.software, logger: quiet, clocks: .system)
      }
    }
  }

  /// Townships take in leads while nobody answers above them.
  private func takeIn() async throws {
    view.say(.demoTakingIn)
    for township in DemoCity.townships { try node(township).start() }
    for township in DemoCity.townships {
      try await node(township).awaitReady(within: Self.startLimit)
    }
    for (index, township) in DemoCity.townships.enumerated() {
      guard let file = try inputFile(for: township, index) else { continue }
      let answers = try node(township).command([
        "import", "leads", file, "--channel", Self.channel, "--rejects",
        "\(folder)/\(township).rejects.csv",
      ])
      guard let counts = answers.last(where: { $0["rows"] != nil }) else {
        throw DemoError(
          zh: "\(township) 的导入没有给出行数", en: "the import at \(township) answered no counts")
      }
      report.input.rows += counts["rows"] as? Int ?? 0
      report.input.leads += counts["leads"] as? Int ?? 0
      report.input.rejected += counts["rejected"] as? Int ?? 0
      report.input.duplicate += counts["duplicate"] as? Int ?? 0
      view.show(try positions())
    }
  }

  /// A given file goes to the first township; otherwise each gets made-up leads of its own.
  private func inputFile(for township: String, _ index: Int) throws -> String? {
    if let input { return index == 0 ? input : nil }
    let path = folder + "/\(township).csv"
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    let month: Int64 = 30 * 24 * 3_600_000
    var generator = LeadGenerator(
      seed: UInt64(index + 1), townships: [township], reportedAtMilliseconds: now - month..<now)
    var rows = ["source_id,reported_at,title,body,place,reporter_name,reporter_contact"]
    for _ in 0..<leads / DemoCity.townships.count { rows.append(Self.row(generator.next().lead)) }
    try Data((rows.joined(separator: "\r\n") + "\r\n").utf8).write(to: URL(filePath: path))
    return path
  }

  private static func row(_ lead: ImportedLead) -> String {
    let time = Date(timeIntervalSince1970: Double(lead.reportedAtMilliseconds) / 1000)
    return [
      lead.sourceID ?? "", time.formatted(.iso8601), lead.title, lead.body, lead.place ?? "",
      lead.reporterName ?? "", lead.reporterContact ?? "",
    ].map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",")
  }

  /// Hub and districts come up; in the middle of the traffic one district is killed and started again.
  private func linkUp() async throws {
    view.say(.demoLinking)
    for region in [DemoCity.hub] + DemoCity.districts {
      try node(region).start()
    }
    for region in [DemoCity.hub] + DemoCity.districts {
      try await node(region).awaitReady(within: Self.startLimit)
    }
    let victim = DemoCity.districts[0]
    try await waitFor(leads: 1, at: victim)
    view.say(.demoKilling(victim))
    try node(victim).kill()
    report.kills += 1
    _ = try node(DemoCity.hub).command([
      "directive", "issue", "--to-all", "--title", "重污染天气应急响应", "--text",
      "各地立即排查工地扬尘与露天焚烧，两小时内签收，当日反馈。",
    ])
    try await Task.sleep(for: .milliseconds(500))
    try node(victim).start()
    try await node(victim).awaitReady(within: Self.startLimit)
    view.show(try positions())
    try dispatchDown()
    try await answerDirective()
  }

  private func dispatchDown() throws {
    view.say(.demoDispatching)
    let district = DemoCity.districts[1]
    let below = DemoCity.townships.filter { DemoCity.district(of: $0) == district }
    let answers = try node(district).command(["lead", "list", "--limit", "\(Self.dispatched)"])
    let numbers = answers.compactMap { $0["number"] as? String }
    for (index, number) in numbers.enumerated() {
      _ = try node(district).command([
        "lead", "dispatch", number, "--to", below[index % below.count], "--note", "请现场核查",
      ])
    }
  }

  /// A township signs for the directive and reports back, once it has come.
  private func answerDirective() async throws {
    let township = try node(DemoCity.townships[0])
    let deadline = ContinuousClock.now + Self.settleLimit
    while ContinuousClock.now < deadline {
      if let found = try township.command(["directive", "list"]).first,
        let id = found["id"] as? String
      {
        _ = try township.command(["directive", "receive", id])
        _ = try township.command(["directive", "feedback", id, "--text", "已排查三处工地，均已覆盖。"])
        return
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    throw DemoError(
      zh: "指令没有到达 \(township.region)", en: "the directive did not reach \(township.region)")
  }

  private func waitFor(leads: Int64, at region: String) async throws {
    let deadline = ContinuousClock.now + Self.startLimit
    while ContinuousClock.now < deadline {
      if try inspect(region, { try $0.figures().leads }) >= leads { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw DemoError(zh: "没有线索到达 \(region)", en: "no lead reached \(region)")
  }
}

extension DemoRun {
  private func inspect<Result>(
    _ region: String, _ body: (StoreReader) throws -> Result
  ) throws -> Result {
    try Store.inspect(
      in: node(region).home.path, library: .shipped, body)
  }

  private func positions() throws -> [DemoView.Position] {
    try regions.compactMap { region in
      guard FileManager.default.fileExists(atPath: try node(region).home.database) else {
        return nil
      }
      return try inspect(region) { reader in
        let figures = try reader.figures()
        let tree = try reader.signedTrees().newest
        let identity = try reader.identity()
        let backlog = try tree?.parent(of: identity.region).map { try reader.backlog(for: $0) }
        return DemoView.Position(
          region: region, commits: figures.commits, events: figures.events,
          leads: figures.leads, backlog: backlog?.events ?? 0,
          oldestMilliseconds: backlog?.oldestMilliseconds)
      }
    }
  }

  private func settle() async throws {
    view.say(.demoSettling)
    let deadline = ContinuousClock.now + Self.settleLimit
    while ContinuousClock.now < deadline {
      view.show(try positions())
      if try scopes().allSatisfy(\.agree) { return }
      try await Task.sleep(for: .milliseconds(300))
    }
    throw DemoError(
      zh: "各级在 \(Self.settleLimit) 内没有一致,见 \(folder) 中的 serve.log",
      en: "the holders did not agree within \(Self.settleLimit); see serve.log in \(folder)")
  }

  /// Every region, with the digests that its holders have of it.
  private func scopes() throws -> [DemoReport.Scope] {
    try regions.map { region in
      var holders = [region]
      if DemoCity.townships.contains(region) { holders.append(DemoCity.district(of: region)) }
      if region != DemoCity.hub { holders.append(DemoCity.hub) }
      guard let id = RegionID(region) else {
        throw DemoError(zh: "区域标识有误 \(region)", en: "ill-formed region \(region)")
      }
      let digests = try holders.map { holder in
        try inspect(holder) { try $0.digest(of: id).description }
      }
      return DemoReport.Scope(
        region: region, holders: holders, digests: digests, agree: Set(digests).count == 1)
    }
  }

  private func tlsVersion() throws -> String {
    let statuses = try node(DemoCity.townships[0]).command(["status"])
    let links = statuses.first?["links"] as? [[String: Any]] ?? []
    return links.compactMap { $0["tls"] as? String }.first { !$0.isEmpty } ?? ""
  }

  /// Checks every store from outside and compares what the holders of each region have.
  private func judge() throws {
    view.say(.demoJudging)
    report.scopes = try scopes()
    for region in regions {
      let home = try node(region).home
      let roots = try home.keyStore.load().roots
      report.nodes.append(
        try inspect(region) { reader in
          let identity = try reader.identity()
          let figures = try reader.figures()
          let verification = try reader.verify(
            judge: DeploymentKeyJudge(roots: roots), progress: { _ in })
          return DemoReport.Node(
            region: region, tier: identity.tier.name, incarnation: identity.incarnation,
            commits: figures.commits, events: figures.events, leads: figures.leads,
            directives: figures.directives, set_aside: figures.setAside,
            conflicts_open: figures.openConflicts, verified: verification.isGood)
        })
    }
    report.ok =
      report.scopes.allSatisfy(\.agree) && report.nodes.allSatisfy(\.verified)
      && report.input.rows
        == report.input.leads + report.input.rejected + report.input.duplicate
  }
}
