import Foundation
import Glibc
import Testing

extension CityTests {
  /// Disks that are full or may not be written, as real mounts.
  @Suite(.enabled(if: Mount.isPossible, "no file system may be mounted here; run as root"))
  struct DiskTests {
    @Test func `a full disk refuses reports with 74 and loses nothing acknowledged`() async throws {
      let city = try City()
      let mount = try Mount(at: city.scratch.path("m"))
      defer { mount.end() }
      let node = try Self.move(city.lake, into: mount)
      try await node.start()
      defer { node.kill() }
      var acknowledged = Set([try node.report("此前")])
      let filler = mount.path + "/filler"
      try Self.fill(filler)
      var refused: ToolRun?
      for count in 1...400 where refused == nil {
        let run = try node.run(
          "lead", "report", "--title", "第 \(count) 件", "--channel", "phone", "--text",
          String(repeating: "扬尘", count: 2_000))
        if run.status == 0 {
          acknowledged.insert(try run.object()["number"] as? String ?? "")
        } else {
          refused = run
        }
      }
      let refusal = try #require(refused)
      #expect(refusal.status == 74, "\(refusal)")
      #expect(refusal.errors.contains("disk"), "\(refusal.errors)")
      #expect(node.isRunning)
      #expect(acknowledged.isSubset(of: try node.numbers()))
      try FileManager.default.removeItem(atPath: filler)
      acknowledged.insert(try node.report("此后"))
      node.kill()
      try await node.start()
      #expect(try node.numbers() == acknowledged)
      #expect(try node.good("verify").first?["ok"] as? Bool == true)
      try await node.stop()
    }

    @Test func `a read-only mount ends serve and report with 74`() async throws {
      let city = try City()
      let mount = try Mount(at: city.scratch.path("m"))
      defer { mount.end() }
      let node = try Self.move(city.lake, into: mount)
      let number = try node.report("此前")
      try ToolRun.tool("mount", "-o", "remount,ro", mount.path)
      for words in [["serve"], ["lead", "report", "--title", "不应写入", "--channel", "phone"]] {
        let run = try ToolRun.run(
          ToolRun.liandong, words + ["--home", node.home, "--lang", "en", "--json"])
        #expect(run.status == 74, "\(words): \(run)")
        #expect(run.errors.lowercased().contains("read-only"), "\(words): \(run.errors)")
      }
      try ToolRun.tool("mount", "-o", "remount,rw", mount.path)
      #expect(try node.numbers() == [number])
      #expect(try node.good("verify").first?["ok"] as? Bool == true)
    }

    private static func move(_ node: CityNode, into mount: Mount) throws -> CityNode {
      try ToolRun.tool("cp", "-a", node.home, mount.path + "/lake")
      return CityNode(region: node.region, home: mount.path + "/lake", port: nil)
    }

    /// Writes a file until the disk takes no more.
    private static func fill(_ path: String) throws {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw CityFault("cannot write \(path)") }
      defer { close(descriptor) }
      let block = [UInt8](repeating: 0, count: 4096)
      while write(descriptor, block, block.count) > 0 {}
    }
  }
}

/// A small file system in memory.
struct Mount {
  let path: String

  /// Whether this account may mount.
  static let isPossible: Bool = {
    guard let scratch = try? ScratchFolder(), let mount = try? Mount(at: scratch.path("probe"))
    else { return false }
    mount.end()
    return true
  }()

  init(at path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try ToolRun.tool("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", path)
  }

  func end() { _ = try? ToolRun.tool("umount", "-l", path) }
}
