import Crypto
import Foundation
import Identity
import Ledger
import Node
import Testing

/// A lead with several offices, evidence and a sealed contact, its custody file unpacked, and the
/// script that checks it.
struct CustodyFixture {
  let city: CommandsCity
  let east: CommandsNode
  let answer: LeadExportAnswer
  /// The tar.
  let tar: String
  /// Where it was unpacked.
  let folder: String
  /// The script as it was exported; what is altered in `folder` leaves it as it is.
  private let script: String

  /// Why the tests cannot run here; prints it. `nil` where they can.
  static let isAvailable: Bool = {
    let missing = ["openssl", "sha256sum", "tar"].filter { tool in
      !["/usr/bin", "/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
      }
    }
    if !missing.isEmpty { print("SKIPPED: no \(missing.joined(separator: ", ")) on this machine") }
    return missing.isEmpty
  }()

  init() async throws {
    city = try CommandsCity()
    let (hub, lake) = (try city.node("hub"), try city.node("lake0"))
    east = try city.node("east")
    let process = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "topology/process.yaml")
    _ = try await hub.commands.applyProcess(
      ProcessApplyArguments(text: String(contentsOf: process, encoding: .utf8)),
      by: CommandsNode.clerk())
    try hub.carry(to: east)
    try east.carry(to: lake)
    var report = LeadReportArguments(channel: "hotline_12345")
    report.title = "夜间施工噪声"
    report.reporterName = "李四"
    report.reporterContact = "13800000000"
    let lead = try await lake.commands.reportLead(report, by: CommandsNode.clerk()).id
    try lake.carry(to: east)
    for (name, text) in [("one", "一"), ("two", "二")] {
      let path = city.path("\(name).png")
      try Data(Self.pixel + Array(text.utf8)).write(to: URL(filePath: path))
      let node = name == "one" ? lake : east
      _ = try await node.commands.addEvidence(
        EvidenceAddArguments(lead: lead, path: path), by: CommandsNode.clerk())
      try lake.carry(to: east)
      try east.carry(to: lake)
    }
    _ = try await lake.commands.describeLead(
      LeadDescribeArguments(lead: lead, field: "place", value: "人民路"), by: CommandsNode.clerk())
    try lake.carry(to: east)
    tar = city.path("lead.tar")
    answer = try await east.commands.exportLead(LeadExportArguments(lead: lead, path: tar))
    folder = city.path("custody")
    script = city.path("verify.sh")
    try unpack()
    try FileManager.default.copyItem(atPath: "\(folder)/verify.sh", toPath: script)
  }

  private static let pixel: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55,
  ]

  /// The deployment's root certificate.
  var root: String { "\(east.home.path)/root.pem" }

  /// Puts the folder back as it was exported.
  func unpack() throws {
    try? FileManager.default.removeItem(atPath: folder)
    let run = try Self.run("tar", "-xf", tar, "-C", city.path(""))
    try #require(run.status == 0, "\(run.output)")
  }

  /// Runs the script.
  func verify(by root: String? = nil) throws -> (status: Int32, output: String) {
    try Self.run("sh", script, root ?? self.root, folder)
  }

  /// The files, by their paths in the folder, sorted.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\($0)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
  }

  func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: "\(folder)/\(path)"))
  }

  /// Makes the list anew and signs it with the exporter's own key, as an exporter would that lies.
  func signAnew() throws {
    let lines = try files().filter { !$0.hasPrefix("manifest.") }.map {
      "\(Hash(of: try read($0)))  \($0)\n"
    }
    let manifest = Array(lines.joined().utf8)
    let key = try NodeKeyStore(path: east.home.path).load().key.privateKey
    let signature = try key.signature(for: Array("liandong.custody.1\n".utf8) + manifest)
    try write(manifest, to: "manifest.txt")
    try write(Array(signature.derRepresentation), to: "manifest.sig")
  }

  static func run(_ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
