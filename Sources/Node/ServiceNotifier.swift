import Glibc
import ServiceLifecycle

/// Tells systemd that the node is ready and alive, where `NOTIFY_SOCKET` names its socket.
package struct ServiceNotifier: Service {
  private static let heartbeat = Duration.seconds(20)

  /// Linux's MSG_NOSIGNAL, which the importer types differently from build to build.
  private static let withoutSignal: Int32 = 0x4000

  private let socketPath: String?
  private let readiness: Readiness

  /// - Parameters:
  ///   - socketPath: the value of `NOTIFY_SOCKET`; `nil` where systemd did not start us.
  ///   - readiness: of the services whose running makes the node ready.
  init(socketPath: String?, readiness: Readiness) {
    self.socketPath = socketPath
    self.readiness = readiness
  }

  package func run() async throws {
    guard let socketPath else {
      try await gracefulShutdown()
      return
    }
    await cancelWhenGracefulShutdown {
      await readiness.wait()
      guard !Task.isCancelled else { return }
      send("READY=1", to: socketPath)
      while !Task.isCancelled {
        try? await Task.sleep(for: Self.heartbeat)
        send("WATCHDOG=1", to: socketPath)
      }
    }
    send("STOPPING=1", to: socketPath)
  }

  private func send(_ message: String, to path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    // An abstract socket's name begins with a zero byte, which systemd writes as `@`.
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.utf8.count, Self.withoutSignal, $0, length)
      }
    }
  }
}
