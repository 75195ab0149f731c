import Evidence
import Foundation
import Glibc
import Node
import Regions
import Testing

/// Files going into the folder of evidence and coming out of it.
@Suite(.timeLimit(.minutes(10))) struct EvidenceFolderTests {
  private let scratch: ScratchHome

  init() throws { scratch = try ScratchHome() }

  private func open(_ limits: EvidenceLimits = EvidenceLimits()) throws -> EvidenceFolder {
    try EvidenceFolder.open(in: scratch.home, limits: limits)
  }

  /// Every path in the folder, sorted, with each file's mode.
  private func tree() throws -> [String] {
    let root = scratch.path("evidence")
    return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().map {
      "\($0) \(String(try scratch.mode("evidence/\($0)"), radix: 8))"
    }
  }

  @Test(arguments: [0, 1, 4096, 262_144, 1_000_003])
  func `what was written comes back, byte for byte and from any offset`(count: Int) throws {
    let folder = try open()
    let content = EvidenceContent.bytes(count)
    let receipt = try folder.take(content, chunk: 10_007)
    #expect(
      receipt == EvidenceReceipt(name: EvidenceName(of: content), byteCount: count, wasHeld: false))
    for offset in [0, 1, count / 2, count - 1, count, count + 1] where offset >= 0 {
      var reader = try folder.reader(of: receipt.name, from: offset)
      #expect(reader.byteCount == count)
      var read: [UInt8] = []
      while let chunk = try reader.next() { read += chunk }
      #expect(read == Array(content.dropFirst(offset)), "from \(offset)")
    }
    let reader = try folder.reader(of: receipt.name)
    #expect(try reader.bytes(at: count / 2, count: .max) == Array(content.dropFirst(count / 2)))
    #expect(try reader.bytes(at: -1, count: 1) == [] && reader.bytes(at: 0, count: -1) == [])
  }

  @Test func `folders are the owner's alone, whatever the process's mask and earlier modes`() throws
  {
    try scratch.makeFolder("evidence")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch.path("evidence"))
    let folder = try open()
    let name = try folder.take([1, 2, 3]).name
    _ = try folder.transfer(of: EvidenceName(of: [9]), byteCount: 1)
    #expect(try scratch.mode("evidence") == 0o700)
    #expect(
      try tree()
        == [
          "\(name.folder) 700", "\(name.relativePath) 600", "incoming 700", "partial 700",
          "partial/\(EvidenceName(of: [9])).1 600",
        ].sorted())
  }

  @Test func `known content is taken again, and a damaged copy is mended by it`() throws {
    let folder = try open()
    let content = EvidenceContent.bytes(5_000)
    let name = try folder.take(content).name
    #expect(try folder.take(content).wasHeld)
    try scratch.write("rot", to: "evidence/\(name.relativePath)")
    #expect(try !folder.verify().isSound)
    #expect(try folder.take(content).wasHeld)
    #expect(try folder.verify().isSound)
    #expect(try tree().count == 4, "two folders of ours, one of content, one file")
  }

  @Test func `a writer that is let go leaves nothing behind`() throws {
    let folder = try open()
    do {
      var writer = try folder.writer()
      try writer.write([1, 2, 3])
      #expect(try tree().count == 3)
    }
    #expect(try tree() == ["incoming 700", "partial 700"])
  }

  @Test func `more bytes than the limit or the announcement are refused, and fewer at the end`()
    throws
  {
    var limits = EvidenceLimits()
    limits.fileBytes = 1_000
    let folder = try open(limits)
    #expect(code { _ = try folder.writer(announcedBytes: 1_001) } == .tooLarge)
    #expect(code { try folder.take(EvidenceContent.bytes(1_001), chunk: 100) } == .tooLarge)
    #expect(try folder.take(EvidenceContent.bytes(1_000)).byteCount == 1_000)
    #expect(code { try folder.take([1, 2, 3], announced: 2) } == .wrongLength)
    #expect(code { try folder.take([1, 2, 3], announced: 4) } == .wrongLength)
    #expect(try tree().count == 4)
  }

  @Test func `after an error a writer cannot be finished`() throws {
    var limits = EvidenceLimits()
    limits.fileBytes = 10
    let folder = try open(limits)
    var writer = try folder.writer()
    try writer.write([1])
    #expect(throws: EvidenceError.self) { try writer.write(EvidenceContent.bytes(10)) }
    #expect(code { try writer.write([2]) } == .tooLarge)
    let refusal = EvidenceContent.refusal(finishing: writer)
    #expect(refusal == .tooLarge)
    #expect(try tree() == ["incoming 700", "partial 700"])
  }

  @Test func `a disk without room refuses before a byte is written`() throws {
    var limits = EvidenceLimits()
    limits.reservedDiskBytes = .max / 2
    let folder = try open(limits)
    #expect(code { _ = try folder.writer(announcedBytes: 1) } == .noSpace)
    #expect(code { _ = try folder.transfer(of: EvidenceName(of: []), byteCount: 1) } == .noSpace)
    #expect(try tree() == ["incoming 700", "partial 700"])
  }

  @Test func `what is not held is not found`() throws {
    let folder = try open()
    let name = EvidenceName(of: [1])
    #expect(!folder.holds(name))
    #expect(code { _ = try folder.reader(of: name) } == .notFound)
  }

  @Test func `symbolic links are never followed, and other things in a file's place are refused`()
    throws
  {
    let folder = try open()
    let name = try folder.take([1, 2, 3]).name
    let path = scratch.path("evidence/\(name.relativePath)")
    // A link in a file's place: not read, and replaced instead of written through.
    try scratch.write("secret", to: "secret")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: scratch.path("secret"))
    #expect(!folder.holds(name))
    #expect(code { _ = try folder.reader(of: name) } == .notFound)
    #expect(try !folder.take([1, 2, 3]).wasHeld)
    #expect(try String(contentsOfFile: scratch.path("secret"), encoding: .utf8) == "secret")
    // A pipe hangs nobody.
    try FileManager.default.removeItem(atPath: path)
    #expect(mkfifo(path, 0o600) == 0)
    #expect(code { _ = try folder.reader(of: name) } == .notFound)
    #expect(try folder.verify().findings.map(\.kind) == [.foreign])
    // A folder in the file's place stays, and so does what is in it.
    try FileManager.default.removeItem(atPath: path)
    try scratch.makeFolder("evidence/\(name.relativePath)/kept")
    #expect(code { try folder.take([1, 2, 3]) } == .foreign)
    // Links in the place of folders.
    for place in ["evidence/\(name.folder)", "evidence/incoming", "evidence"] {
      try scratch.move(place, to: "moved")
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path(place), withDestinationPath: scratch.path("moved"))
      #expect(code { try folder.take([1, 2, 3]) } == .foreign, "\(place)")
      if place != "evidence/\(name.folder)" {
        #expect(throws: EvidenceError.self, "\(place)") { try open() }
      }
      try FileManager.default.removeItem(atPath: scratch.path(place))
      try scratch.move("moved", to: place)
    }
  }

  @Test func `a home that is itself a link is where the operator put it`() throws {
    try scratch.makeFolder("disk")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("home"), withDestinationPath: scratch.path("disk"))
    let folder = try EvidenceFolder.open(in: HomeLayout(path: scratch.path("home")))
    let name = try folder.take([5]).name
    #expect(
      FileManager.default.fileExists(atPath: scratch.path("disk/evidence/\(name.relativePath)")))
  }

  @Test func `writers of the same content at once leave one file`() async throws {
    let folder = try open()
    let content = EvidenceContent.bytes(300_000)
    let names = try await withThrowingTaskGroup(of: EvidenceName.self) { group in
      for writer in 0..<24 {
        group.addTask { try folder.take(content, chunk: 1_000 + 997 * writer).name }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(names == [EvidenceName(of: content)])
    #expect(try tree().count == 4)
    #expect(try folder.verify().fileCount == 1)
  }

  @Test func `opening sweeps what was left, and nothing that is being written`() throws {
    let folder = try open()
    var writer = try folder.writer()
    try writer.write([1, 2])
    try scratch.write("half", to: "evidence/incoming/77.1")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("evidence/incoming/77.2"), withDestinationPath: scratch.home.path)
    _ = try open()
    #expect(try tree().count == 3)
    try writer.write([3])
    #expect(try writer.finish().name == EvidenceName(of: [1, 2, 3]))
  }

  @Test func `an error names the place and says what to do, in both languages`() throws {
    try scratch.write("no folder", to: "evidence")
    let error = #expect(throws: EvidenceError.self) { try open() }
    #expect(error?.code == .foreign)
    #expect(error?.message(in: .zh).contains("请") == true)
    #expect(error?.message(in: .en).contains(scratch.path("evidence")) == true)
  }

  private func code(_ body: () throws -> Void) -> EvidenceError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? EvidenceError)?.code
    }
  }
}

/// Content that looks random and is the same each time.
enum EvidenceContent {
  static func bytes(_ count: Int) -> [UInt8] {
    var state: UInt64 = 42
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  /// Why a writer could not be finished. (A closure may not consume what it captures.)
  static func refusal(finishing writer: consuming EvidenceWriter) -> EvidenceError.Code? {
    do throws(EvidenceError) {
      _ = try writer.finish()
      return nil
    } catch {
      return error.code
    }
  }

  /// Why a transfer could not be finished.
  static func refusal(finishing transfer: consuming EvidenceTransfer) -> EvidenceError.Code? {
    do throws(EvidenceError) {
      _ = try transfer.finish()
      return nil
    } catch {
      return error.code
    }
  }
}

extension EvidenceFolder {
  /// Writes a file whole.
  @discardableResult
  func take(_ content: [UInt8], chunk: Int = 65_536, announced: Int? = nil) throws
    -> EvidenceReceipt
  {
    var writer = try writer(announcedBytes: announced)
    for start in stride(from: 0, to: content.count, by: chunk) {
      try writer.write(Array(content[start..<min(start + chunk, content.count)]))
    }
    return try writer.finish()
  }
}
