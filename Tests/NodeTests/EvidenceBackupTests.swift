import Evidence
import Foundation
import Testing

@testable import Node

/// Backups hold the evidence that the store's copy names, and a restored node has it back.
@Suite(.timeLimit(.minutes(10))) struct EvidenceBackupTests {
  @Test func `a backup brings the evidence back, and leaves out what is damaged`() async throws {
    let offices = try await EvidenceOffices()
    let (city, lake) = (offices.city, offices.lake)
    let lead = try await lake.report().id
    let first = try await lake.photograph(lead, CommandsNode.picture(2_000))
    let second = try await lake.photograph(lead, CommandsNode.picture(3_000, seed: 1))
    let path = city.path("copy.db")
    let made = try await lake.commands.createBackup(at: path)
    #expect(made.evidence?.files == 2 && made.evidence?.bytes == 5_000)
    #expect(made.evidence?.damaged == 0)
    let later = try await lake.photograph(lead, CommandsNode.picture(1_000, seed: 2))
    let again = city.path("again.db")
    #expect(try await lake.commands.createBackup(at: again).evidence?.files == 3)

    let folder = try lake.carrier().folder
    try FileManager.default.removeItem(atPath: folder.path)
    let copy = "\(path).evidence/\(second.name.relativePath)"
    try FileManager.default.removeItem(atPath: copy)
    try Data([1, 2, 3]).write(to: URL(filePath: copy))
    try lake.close()
    let restored = try StoreBackup(path: path).restore(to: lake.home)
    #expect(restored.evidence?.files == 1 && restored.evidence?.damaged == 1)
    let back = try EvidenceFolder.open(in: lake.home)
    #expect(back.holds(first.name) && !back.holds(second.name) && !back.holds(later.name))
    #expect(try back.verify().isSound)
  }
}
