import Foundation
import Node
import Regions
import Synchronization

/// A folder for one test, removed with everything in it when the last reference goes.
final class ScratchHome: Sendable {
  private let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "ld-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  var home: HomeLayout { HomeLayout(path: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: true)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  func move(_ name: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: path(name), toPath: path(other))
  }

  func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
  }

  func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  /// Every file below the folder with its text.
  func snapshot(_ name: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for file in try FileManager.default.subpathsOfDirectory(atPath: path(name)) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path("\(name)/\(file)"), isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      files[file] = try String(contentsOfFile: path("\(name)/\(file)"), encoding: .utf8)
    }
    return files
  }
}

/// A running server and what it reported.
final class ControlServerRun: Sendable {
  let reports = Mutex<[String]>([])

  /// Runs `body` while a server listens, and returns when both have ended.
  func during<Value: Sendable>(
    _ home: HomeLayout, existing: ControlServer.ExistingSocket = .refuse,
    bounds: ControlServer.Bounds = .init(), handler: @escaping ControlServer.Handler,
    _ body: @Sendable @escaping () async throws -> Value
  ) async throws -> Value {
    let server = ControlServer(
      home: home, existing: existing, bounds: bounds,
      describe: { error, language in
        ControlFailure(
          code: (error as? ControlError)?.code.rawValue ?? "other",
          message: "\(language): \(error)",
          exit: 77)
      },
      report: { error in self.reports.withLock { $0.append(error.code.rawValue) } },
      handler: handler)
    let (listening, listens) = AsyncStream<Void>.makeStream()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { listens.finish() }
        try await server.run(onListening: { listens.yield() })
      }
      for await _ in listening { break }
      let value: Value
      do {
        value = try await body()
      } catch {
        group.cancelAll()
        // A server that could not start says why.
        try await group.waitForAll()
        throw error
      }
      group.cancelAll()
      try await group.waitForAll()
      return value
    }
  }
}
