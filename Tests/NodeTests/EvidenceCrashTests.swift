import Evidence
import Foundation
import Glibc
import Node
import Testing

/// Processes killed and disks filled in the middle of a write.
@Suite(.timeLimit(.minutes(10))) struct EvidenceCrashTests {
  /// The home that a child process uses, told to it by its parent's number alone.
  private static func home(ofChildOf parent: pid_t) -> String { "/tmp/ld-evidence-crash-\(parent)" }

  @Test func `a process killed in mid-write leaves what it acknowledged and no half file`()
    async throws
  {
    let home = HomeLayout(path: Self.home(ofChildOf: getpid()))
    try FileManager.default.createDirectory(
      atPath: home.path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: home.path) }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let home = HomeLayout(path: EvidenceCrashTests.home(ofChildOf: getppid()))
      let folder = try EvidenceFolder.open(in: home)
      try folder.take(EvidenceContent.bytes(1_000))
      var writer = try folder.writer()
      try writer.write(EvidenceContent.bytes(100_000))
      let content = EvidenceContent.bytes(2_000)
      var transfer = try folder.transfer(of: EvidenceName(of: content), byteCount: 2_000)
      try transfer.append(Array(content.prefix(700)))
      kill(getpid(), SIGKILL)
      _ = try transfer.finish()
      _ = try writer.finish()
    }
    let incoming = home.evidence + "/incoming"
    #expect(try FileManager.default.contentsOfDirectory(atPath: incoming).count == 1)
    let folder = try EvidenceFolder.open(in: home)
    #expect(try FileManager.default.contentsOfDirectory(atPath: incoming) == [])
    let result = try folder.verify()
    #expect(result.isSound && result.fileCount == 1)
    #expect(folder.holds(EvidenceName(of: EvidenceContent.bytes(1_000))))
    let content = EvidenceContent.bytes(2_000)
    var transfer = try folder.transfer(of: EvidenceName(of: content), byteCount: 2_000)
    #expect(transfer.receivedBytes == 700)
    try transfer.append(Array(content[700...]))
    #expect(try transfer.finish().name == EvidenceName(of: content))
  }

  @Test func `a disk that fills up in mid-write is told, leaves nothing, and serves again`() throws
  {
    guard let mount = try SmallDisk.mount(kibibytes: 2_048) else { return }
    defer { mount.end() }
    var limits = EvidenceLimits()
    limits.fileBytes = 1_000_000
    limits.reservedDiskBytes = 0
    let folder = try EvidenceFolder.open(in: HomeLayout(path: mount.path), limits: limits)
    let kept = try folder.take(EvidenceContent.bytes(200_000), announced: 200_000).name
    let content = EvidenceContent.bytes(900_000)
    let name = EvidenceName(of: content)
    var writer = try folder.writer(announcedBytes: content.count)
    var transfer = try folder.transfer(of: name, byteCount: content.count)
    // Somebody else takes the room that was there when the files were begun.
    let filler = mount.path + "/filler"
    try Data(count: 1_400_000).write(to: URL(filePath: filler))
    #expect(
      #expect(throws: EvidenceError.self) { try writer.write(content) }?.code == .noSpace)
    let refusal = EvidenceContent.refusal(finishing: writer)
    #expect(refusal == .noSpace)
    #expect(
      #expect(throws: EvidenceError.self) { try transfer.append(content) }?.code == .noSpace)
    #expect(transfer.receivedBytes == 0)
    #expect(
      #expect(throws: EvidenceError.self) { _ = try folder.writer() }?.code == .noSpace)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: mount.path + "/evidence/incoming") == [])
    #expect(try folder.verify().isSound && folder.holds(kept))
    try FileManager.default.removeItem(atPath: filler)
    try transfer.append(content)
    #expect(try transfer.finish().name == name)
    #expect(try folder.verify().fileCount == 2)
  }
}

/// A small file system in memory.
private struct SmallDisk {
  let path: String

  /// `nil` where none can be mounted; the reason is printed.
  static func mount(kibibytes: Int) throws -> SmallDisk? {
    guard geteuid() == 0 else {
      print("SKIPPED: only root can mount a small disk, so a full one was not tried")
      return nil
    }
    let path = "/tmp/ld-evidence-disk-\(getpid())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Glibc.mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else {
      print("SKIPPED: no small disk can be mounted (\(String(cString: strerror(errno))))")
      rmdir(path)
      return nil
    }
    return SmallDisk(path: path)
  }

  func end() {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }
}
