import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A socket that accepts connections in the kernel and says nothing.
final class SilentListener {
  private(set) var port = 0
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = Self.loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// Connects, sends a text, and waits until the other side ends the connection.
  static func say(_ text: String, toPort port: Int) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: port)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    try #require(isConnected)
    let bytes = Array(text.utf8)
    let sent = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    try #require(sent == bytes.count)
    var answer = [UInt8](repeating: 0, count: 256)
    while recv(descriptor, &answer, answer.count, 0) > 0 {}
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}

/// OpenSSL's client: another implementation of TLS.
enum TLSClient {
  private static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/bin/openssl"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Whether it is here; prints why its tests are skipped.
  static let isAvailable: Bool = {
    if path == nil { print("SKIPPED: no openssl, so what it says to our handshakes is not asked") }
    return path != nil
  }()

  /// Connects and waits for the end; what it printed.
  static func connect(port: Int, arguments: [String]) throws -> String {
    let process = Process()
    let (output, input) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: path ?? "openssl")
    process.arguments =
      ["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "h2", "-ign_eof"] + arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}
