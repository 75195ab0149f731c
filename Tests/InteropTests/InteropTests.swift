import Foundation
import Testing

/// Real nodes of this package as hub and district, and the Python child as their township.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct InteropTests {
  private static let title = "夜间异味扰民"
  private static let order = "重污染天气应急响应"

  @Test(
    .enabled("the reason stands on stderr") { InteropTools.shared != nil })
  func leadOfThePythonChildReachesTheHubAndTheHubsDirectiveReachesTheChild() async throws {
    let tools = try #require(InteropTools.shared)
    let city = try City(tools)
    defer { city.remove() }
    // Before the nodes run, so that the directive waits for the child and not the reverse.
    try city.answered([
      "directive", "issue", "--to", City.township, "--title", Self.order, "--text", "加密巡查",
      "--home", city.home(City.hub), "--json",
    ])
    let nodes = try [City.hub, City.district].map { try city.serve($0) }
    defer { for node in nodes { City.stop(node) } }

    let child = try tools.python([
      "child", "--home", city.home(City.township), "--parent", "127.0.0.1:\(city.districtPort)",
      "--parent-name", "liandong://\(City.deployment)/district/\(City.district)", "--report",
      Self.title, "--receive", "--until", "receipt.opened", "--seconds", "90",
    ])
    #expect(child.status == 0, "\(child.text)")
    let taken = child.lines.compactMap { line in
      ["taken", "repaired"].contains(line["what"] as? String) ? line["kind"] as? String : nil
    }
    #expect(Set(["directive.issued", "receipt.opened"]).isSubset(of: taken))
    #expect(!child.lines.contains { ($0["what"] as? String)?.hasSuffix("set_aside") == true })

    try await city.eventually("the lead is at the hub") {
      try city.answered(["lead", "list", "--home", city.home(City.hub), "--json"])
        .contains(Self.title)
    }
    for node in nodes { City.stop(node) }
    for region in [City.hub, City.district] {
      try city.answered(["verify", "--home", city.home(region), "--json"])
    }
  }
}

/// The folders of three provisioned nodes.
private struct City {
  static let deployment = "interop"
  static let hub = "shi"
  static let district = "qu"
  static let township = "zhen"

  private let tools: InteropTools
  private let folder: URL
  let districtPort: Int

  init(_ tools: InteropTools) throws {
    self.tools = tools
    // Short, since a socket's path has at most 107 bytes.
    folder = URL(filePath: "/tmp/interop-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let ports = try Self.freePorts()
    districtPort = ports[1]
    let file = folder.appending(path: "topology.yaml")
    try """
    deployment: \(Self.deployment)
    regions:
      - {id: \(Self.hub), no: 1, tier: city, names: 市, address: "127.0.0.1:\(ports[0])"}
      - {id: \(Self.district), no: 2, tier: district, names: 区, parent: \(Self.hub),
         address: "127.0.0.1:\(ports[1])"}
      - {id: \(Self.township), no: 3, tier: township, names: 镇, parent: \(Self.district)}

    """.write(to: file, atomically: true, encoding: .utf8)
    try answered(["provision", file.path, "--out", folder.appending(path: "city").path])
    for region in [Self.hub, Self.district] {
      try answered(["node", "init", "--home", home(region)])
    }
  }

  func home(_ region: String) -> String { folder.appending(path: "city/\(region)").path }

  /// Runs a command that must succeed and gives what it printed.
  @discardableResult
  func answered(_ words: [String]) throws -> String {
    let answer = try tools.liandong(words)
    try #require(answer.status == 0, "liandong \(words.joined(separator: " ")): \(answer.text)")
    return answer.text
  }

  func serve(_ region: String) throws -> Process {
    let log = folder.appending(path: "\(region).log")
    try Data().write(to: log)
    let process = Process()
    process.executableURL = tools.program
    process.arguments = ["serve", "--home", home(region)]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = process.standardOutput
    try process.run()
    return process
  }

  static func stop(_ process: Process) {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  /// Asks until it is so; the suite's time limit is the bound.
  func eventually(_ what: String, _ isSo: () throws -> Bool) async throws {
    while try !isSo() { try await Task.sleep(for: .milliseconds(100)) }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Two ports of the loopback address that nobody listens at now.
  private static func freePorts() throws -> [Int] {
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    return try (0..<2).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      descriptors.append(descriptor)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
      }
      try #require(isBound, "no port is free")
      return Int(UInt16(bigEndian: address.sin_port))
    }
  }
}
