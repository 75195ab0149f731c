import Foundation

/// The project's Swift files, read from the working tree.
struct SourceTree {
  struct File {
    let target: String
    /// The path below Sources, for example `Ledger/Event.swift`.
    let path: String
    let source: SwiftSource

    var isGenerated: Bool { path.hasSuffix(".pb.swift") || path.hasSuffix(".grpc.swift") }
  }

  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  let files: [File]
  let targets: Set<String>

  /// The tree, read once for all tests.
  static let current = Result { try SourceTree() }

  /// Reads Sources of the package at `LIANDONG_ROOT`, or else of the one that this file lies in.
  private init() throws {
    let sources = try Self.root().appending(path: "Sources").resolvingSymlinksInPath()
    guard let walker = FileManager.default.enumerator(atPath: sources.path()) else {
      throw Missing(description: "There is no folder \(sources.path()) to read.")
    }
    var files: [File] = []
    for case let path as String in walker where path.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      let target = path.split(separator: "/").first.map(String.init) ?? path
      files.append(File(target: target, path: path, source: SwiftSource(text)))
    }
    self.files = files.sorted { $0.path < $1.path }
    self.targets = Set(files.map(\.target))
  }

  private static func root() throws -> URL {
    if let named = ProcessInfo.processInfo.environment["LIANDONG_ROOT"] {
      return URL(filePath: named, directoryHint: .isDirectory)
    }
    var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    while folder.pathComponents.count > 1 {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path()) {
        return folder
      }
    }
    throw Missing(description: "No Package.swift above \(#filePath); set LIANDONG_ROOT.")
  }
}
