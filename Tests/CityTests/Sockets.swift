import Foundation
import Glibc

/// Plain sockets, by which a test speaks to a node without the node's own code.
enum Sockets {
  /// How long one call may block, in seconds.
  private static let callSeconds = 30

  /// Connects to a Unix socket; `nil` where nobody listens there.
  static func unix(_ path: String) -> Int32? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return connected(AF_UNIX, &address)
  }

  /// Connects to a port of this machine; `nil` where nobody listens there.
  static func tcp(_ port: Int) -> Int32? {
    var address = loopback(port)
    return connected(AF_INET, &address)
  }

  /// Sends bytes and reads what comes until the other side ends or is silent for too long.
  ///
  /// - Returns: what came; `nil` where the bytes could not be sent.
  static func exchange(_ descriptor: Int32, _ bytes: [UInt8]) -> [UInt8]? {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return nil }
      sent += count
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return answer }
      answer += buffer.prefix(count)
    }
  }

  /// Ports of this machine at which nobody listens now.
  static func freePorts(_ count: Int) throws -> [Int] {
    var descriptors: [Int32] = []
    // All are held until all are known, so that none is given twice.
    defer { for descriptor in descriptors { close(descriptor) } }
    return try (0..<count).map { _ in
      let (descriptor, port) = try bound()
      descriptors.append(descriptor)
      return port
    }
  }

  /// A socket that listens at a port of its own, and that port.
  static func listener() throws -> (descriptor: Int32, port: Int) {
    let (descriptor, port) = try bound()
    guard listen(descriptor, 1) == 0 else { throw CityFault("cannot listen at \(port)") }
    return (descriptor, port)
  }

  private static func bound() throws -> (Int32, Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw CityFault("no socket is to be had") }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else {
      close(descriptor)
      throw CityFault("no port is free")
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
  }

  private static func connected<Address>(_ family: Int32, _ address: inout Address) -> Int32? {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var limit = timeval(tv_sec: callSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    let length = socklen_t(MemoryLayout<Address>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, length)
      }
    }
    guard status == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
