import Foundation

/// OpenSSL's command line: the independent judge of what this module makes.
enum OpenSSL {
  struct Result {
    let status: Int32
    let output: String
  }

  /// The program, if this machine has it.
  static let path: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    .split(separator: ":")
    .map { "\($0)/openssl" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Whether tests can run it; prints why not.
  static let isAvailable: Bool = {
    if path == nil { print("SKIPPED: no openssl on the PATH, so its judgement is not asked for") }
    return path != nil
  }()

  /// Runs a command to its end; the output holds both streams.
  static func run(_ arguments: String...) throws -> Result {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: path ?? "openssl")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }
}
