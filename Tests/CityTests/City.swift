import Foundation

/// A small city whose folders `provision` made: a hub, two districts, and a township in each.
struct City {
  let scratch: ScratchFolder
  let hub: CityNode
  let east: CityNode
  let lake: CityNode
  let west: CityNode
  let hill: CityNode

  /// The city's certificate authority.
  var authority: String { scratch.path("city/ca") }
  /// The way from the township to the hub.
  var line: [CityNode] { [hub, east, lake] }

  /// Provisions a city and makes the stores of its nodes.
  ///
  /// - Parameters:
  ///   - deployment: the city's name.
  ///   - districts: of the townships lake and hill.
  ///   - authority: the folder of a certificate authority that stands already.
  init(
    deployment: String = "trial", districts: (lake: String, hill: String) = ("east", "west"),
    authority: String? = nil, initialised: Bool = true
  ) throws {
    let scratch = try ScratchFolder()
    let ports = try Sockets.freePorts(3)
    let topology = try scratch.write(
      """
      deployment: \(deployment)
      regions:
        - {id: hub, no: 1, tier: city, names: 市, address: "127.0.0.1:\(ports[0])"}
        - {id: east, no: 10, tier: district, names: 东区, parent: hub,
           address: "127.0.0.1:\(ports[1])"}
        - {id: west, no: 11, tier: district, names: 西区, parent: hub,
           address: "127.0.0.1:\(ports[2])"}
        - {id: lake, no: 101, tier: township, names: 湖镇, parent: \(districts.lake)}
        - {id: hill, no: 111, tier: township, names: 山镇, parent: \(districts.hill)}

      """, to: "t.yaml")
    let folder = scratch.path("city")
    let run = try ToolRun.run(
      ToolRun.liandong,
      ["provision", topology, "--out", folder, "--host", "127.0.0.1", "--json"]
        + (authority.map { ["--ca", $0] } ?? []))
    guard run.status == 0 else { throw CityFault("provision: \(run.errors)") }
    self.scratch = scratch
    func node(_ region: String, _ port: Int?) -> CityNode {
      CityNode(region: region, home: "\(folder)/\(region)", port: port)
    }
    hub = node("hub", ports[0])
    east = node("east", ports[1])
    west = node("west", ports[2])
    lake = node("lake", nil)
    hill = node("hill", nil)
    // Provisioning makes the hub's own store.
    guard initialised else { return }
    for node in [east, west, lake, hill] { try node.good("node", "init") }
  }

  /// Waits until all that the township and its district wrote is durable above them.
  func settle(within limit: Duration = .seconds(60)) async throws {
    try await eventually("lake's backlog is taken", within: limit) {
      try lake.hasNothingLeft(for: "east")
    }
    try await eventually("east's backlog is taken", within: limit) {
      try east.hasNothingLeft(for: "hub")
    }
  }

  /// What of a township's leads a node holds: number, identifier and folded state of each.
  static func holdings(of prefix: String, at node: CityNode) throws -> String {
    try node.sql(
      """
      SELECT l.number, hex(e.uuid), hex(e.state) FROM leads l
      JOIN entities e ON e.id = l.entity WHERE l.number LIKE '\(prefix)-%' ORDER BY l.number
      """)
  }
}
