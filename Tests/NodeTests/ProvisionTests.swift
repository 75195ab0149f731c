import Crypto
import Foundation
import Identity
import Node
import Regions
import Testing

/// Ready folders for every node of a city.
@Suite struct ProvisionTests {
  private static let now = Date(timeIntervalSince1970: 1_795_000_000)

  private static func region(
    _ id: String, _ number: Int, _ tier: Tier, under parent: String?, at address: String? = nil
  ) throws -> Topology.Region {
    Topology.Region(
      id: try #require(RegionID(id)), number: number, tier: tier,
      names: [Topology.Name(id)], codes: [],
      parent: try parent.map { try #require(RegionID($0)) }, managedBy: nil, address: address,
      location: nil, departments: [])
  }

  private static func city(hubAddress: String? = nil) throws -> Topology {
    try Topology(
      deployment: try #require(RegionID("trial")),
      regions: [
        region("hub", 1, .city, under: nil, at: hubAddress),
        region("east", 2, .district, under: "hub"),
        region("west", 3, .district, under: "hub"),
        region("lake", 4, .township, under: "east"),
        region("hill", 5, .township, under: "west"),
      ])
  }

  @discardableResult
  private func provision(
    _ topology: Topology, into folder: ScratchHome, resumes: Bool = false,
    publish: Provisioner.Publish = { _, _, _ in }
  ) throws -> Provisioner.Result {
    var generator = SystemRandomNumberGenerator()
    let plan = try ProvisionPlan(for: topology, host: "127.0.0.1", basePort: 9_000)
    return try Provisioner(output: folder.path("city"), resumes: resumes)
      .run(plan, at: Self.now, serialsFrom: &generator, publish: publish)
  }

  @Test func `nodes with children get ports in the document's order, others none`() throws {
    let plan = try ProvisionPlan(
      for: try Self.city(hubAddress: "hub.example.cn:7420"), host: "fd00::7", basePort: 9_000)
    let addresses = plan.nodes.map { $0.address?.description }
    #expect(addresses == ["hub.example.cn:7420", "[fd00::7]:9001", "[fd00::7]:9002", nil, nil])
    #expect(plan.topology.regions.map(\.address) == addresses)
    #expect(
      plan.nodes.map { $0.configuration(in: .zh).listen?.description } == [
        "0.0.0.0:7420", "[fd00::7]:9001", "[fd00::7]:9002", nil, nil,
      ])
  }

  @Test func `an address that is none, or that two nodes share, is refused`() throws {
    for (host, port) in [("", 1), ("a b", 1), ("10.0.0", 1), ("h", 65_534), ("h", 0)] {
      let error = #expect(throws: ProvisionError.self) {
        try ProvisionPlan(for: Self.city(), host: host, basePort: port)
      }
      #expect(error?.code == .badAddress)
    }
    #expect(throws: ProvisionError.self) {
      try ProvisionPlan(
        for: Self.city(hubAddress: "10.0.0.1:9001"), host: "10.0.0.1", basePort: 9_000)
    }
  }

  @Test func `every folder is complete, private and agrees with its certificate`() throws {
    let folder = try ScratchHome()
    let result = try provision(Self.city(), into: folder)
    #expect(
      result.nodes.map(\.node.name.region.rawValue) == ["hub", "east", "west", "lake", "hill"])
    #expect(result.nodes.allSatisfy { $0.isNew })
    for made in result.nodes {
      let place = "city/\(made.node.name.region)"
      #expect(try folder.mode(place) == 0o700)
      #expect(
        try folder.names(place) == [
          "liandong.service", "node.key", "node.pem", "node.yaml", "root.pem", "seal.key",
        ])
      #expect(try folder.mode("\(place)/node.key") == 0o600)
      #expect(try folder.mode("\(place)/seal.key") == 0o600)
      #expect(try folder.mode("\(place)/node.yaml") == 0o644)
      let credentials = try made.home.keyStore.load()
      let configuration = try NodeConfiguration.load(
        from: made.home, agreeingWith: credentials.certified.name)
      #expect(configuration.name == made.node.name)
      #expect(configuration.listen == made.node.address)
      _ = try HomeSealKey.load(from: made.home)
    }
    let seals = try result.nodes.map {
      try HomeSealKey.load(from: $0.home).privateKey.rawRepresentation
    }
    #expect(Set(seals).count == 5 && seals.allSatisfy { $0.count == 32 })
  }

  @Test func `the tree is published once, with addresses and every folder`() throws {
    let folder = try ScratchHome()
    var calls: [String] = []
    try provision(Self.city(), into: folder) { topology, hub, folders in
      calls.append(
        "\(topology.linkTree.address(of: topology.linkTree.hub) ?? "") "
          + "\(hub.path == folder.path("city/hub")) \(folders.count)")
    }
    #expect(calls == ["127.0.0.1:9000 true 5"])
  }

  @Test func `a second run refuses and changes nothing`() throws {
    let folder = try ScratchHome()
    try provision(Self.city(), into: folder)
    let before = try folder.snapshot("city")
    let error = #expect(throws: ProvisionError.self) {
      try provision(Self.city(), into: folder)
    }
    #expect(error?.code == .alreadyProvisioned)
    #expect(error?.message.contains("--resume") == true)
    #expect(try folder.snapshot("city") == before)
  }

  @Test func `resuming completes what is missing and keeps every key`() throws {
    let folder = try ScratchHome()
    try provision(Self.city(), into: folder)
    let before = try folder.snapshot("city")
    try folder.remove("city/lake")
    try folder.remove("city/hill/node.yaml")
    try folder.remove("city/east/node.pem")
    try folder.makeFolder("city/lake.partial")
    try folder.write("half a key", to: "city/lake.partial/node.key")
    let result = try provision(Self.city(), into: folder, resumes: true)
    #expect(result.nodes.map(\.isNew) == [false, true, false, true, true])
    let after = try folder.snapshot("city")
    #expect(Set(after.keys) == Set(before.keys))
    let changed = before.keys.filter { before[$0] != after[$0] }.sorted()
    #expect(
      changed == ["east/node.pem", "lake/node.key", "lake/node.pem", "lake/seal.key"])
    #expect(try provision(Self.city(), into: folder, resumes: true).nodes.allSatisfy { !$0.isNew })
  }

  @Test func `a folder of another node and a CA of another city are refused`() throws {
    let folder = try ScratchHome()
    try provision(Self.city(), into: folder)
    try folder.remove("city/lake")
    try folder.move("city/hill", to: "city/lake")
    let foreign = #expect(throws: ProvisionError.self) {
      try provision(Self.city(), into: folder, resumes: true)
    }
    #expect(foreign?.code == .foreignFolder)
    let other = try Topology(
      deployment: try #require(RegionID("elsewhere")), regions: Self.city().regions)
    let error = #expect(throws: ProvisionError.self) {
      try provision(other, into: folder, resumes: true)
    }
    #expect(error?.code == .wrongDeployment)
  }

  @Test func `a hundred nodes are made in seconds`() throws {
    let folder = try ScratchHome()
    var regions = [try Self.region("hub", 1, .city, under: nil)]
    for number in 2...100 {
      regions.append(try Self.region("d\(number)", number, .district, under: "hub"))
    }
    let topology = try Topology(deployment: #require(RegionID("trial")), regions: regions)
    let clock = ContinuousClock()
    var count = 0
    let took = try clock.measure { count = try provision(topology, into: folder).nodes.count }
    #expect(count == 100)
    #expect(took < .seconds(60))
    print("100 nodes provisioned in \(took)")
  }

  @Test func `the unit for the usual folder is the documented one`() throws {
    let documented = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/liandong.service"), encoding: .utf8)
    #expect(ProvisionUnit(home: HomeLayout(path: HomeLayout.defaultPath)).text == documented)
  }

  @Test func `another folder is named in the command and opened for writing`() {
    let text = ProvisionUnit(home: HomeLayout(path: "/srv/a 50%$x/")).text
    #expect(text.contains("ExecStart=/usr/bin/liandong serve --home \"/srv/a 50%%$$x\"\n"))
    #expect(text.contains("ReadWritePaths=\"/srv/a 50%%$x\"\n"))
    #expect(!text.contains("StateDirectory"))
  }
}
