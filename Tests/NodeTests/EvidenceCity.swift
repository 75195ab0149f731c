import Evidence
import Foundation
import Ledger
import Replication
import Store
import Testing

@testable import Node

/// Files of evidence at the nodes of a `CommandsCity`.
extension CommandsNode {
  /// The bytes of a picture of a pixel, made as long as is wanted by what follows it.
  static func picture(_ byteCount: Int, seed: UInt8 = 0) -> [UInt8] {
    let pixel: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
      1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55,
    ]
    return pixel + EvidenceContent.bytes(byteCount - pixel.count - 1) + [seed]
  }

  func carrier(_ limits: EvidenceLimits = EvidenceLimits()) throws -> EvidenceCarrier {
    EvidenceCarrier(core: core, folder: try EvidenceFolder.open(in: home, limits: limits))
  }

  /// Takes a picture in as evidence of a lead.
  func photograph(_ lead: String, _ content: [UInt8]) async throws -> EvidenceSample {
    let path = home.path(of: "\(EvidenceName(of: content)).png")
    try Data(content).write(to: URL(filePath: path))
    let added = try await commands.addEvidence(
      EvidenceAddArguments(lead: lead, path: path), by: Self.clerk())
    let hash = try #require(Hash(hex: added.event))
    let id = try core.store.read { try self.commands.lead(lead, in: $0).id }
    let piece = try #require(
      try commands.evidence(of: id).first { $0.event == hash })
    return EvidenceSample(
      event: SetKey(time: piece.stamp.time, hash: hash), name: EvidenceName(of: content),
      content: content)
  }
}

/// A file that an event names.
struct EvidenceSample: Sendable {
  let event: SetKey
  let name: EvidenceName
  let content: [UInt8]

  func request(at offset: Int = 0, mostBytes: Int = 4096) -> EvidenceRequest {
    EvidenceRequest(event: event, file: name.hash, offset: offset, mostBytes: mostBytes)
  }
}

/// Hub, district and township of a city under the shipped process, which knows evidence.
struct EvidenceOffices: Sendable {
  let city: CommandsCity
  let hub: CommandsNode
  let east: CommandsNode
  let lake: CommandsNode

  init(townships: Int = 1) async throws {
    city = try CommandsCity(townships: townships)
    hub = try city.node("hub")
    east = try city.node("east")
    lake = try city.node("lake0")
    _ = try await hub.commands.applyProcess(
      ProcessApplyArguments(text: try Self.shipped("process")), by: CommandsNode.clerk())
    try hub.carry(to: east)
    try east.carry(to: lake)
  }

  /// The text of a shipped file.
  static func shipped(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "topology/\(name).yaml"), encoding: .utf8)
  }
}
