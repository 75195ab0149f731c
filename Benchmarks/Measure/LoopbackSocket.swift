import Glibc

/// Questions to the kernel about TCP sockets of this process.
enum LoopbackSocket {
  /// What one TCP connection carried so far, in bytes of TCP payload: TLS and HTTP/2 are in it, the
  /// headers of TCP and IP are not.
  struct Traffic {
    let sent: UInt64
    let received: UInt64
  }

  /// Binds a socket to a port of the loopback address that the system chooses.
  static func bindToFreePort(_ descriptor: CInt) -> Int? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutableBytes(of: &address) { buffer in
      buffer.withMemoryRebound(to: sockaddr.self) { pointer in
        bind(descriptor, pointer.baseAddress, size) == 0
          && getsockname(descriptor, pointer.baseAddress, &size) == 0
      }
    }
    return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
  }

  /// The traffic of this process's connection to a port; `nil` where there is none.
  static func traffic(toPort port: Int) -> Traffic? {
    for descriptor in 0..<maximumDescriptors where peerPort(of: descriptor) == port {
      return traffic(of: descriptor)
    }
    return nil
  }

  private static let maximumDescriptors: CInt = 1_024

  private static func peerPort(of descriptor: CInt) -> Int? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutableBytes(of: &address) { buffer in
      buffer.withMemoryRebound(to: sockaddr.self) {
        getpeername(descriptor, $0.baseAddress, &size)
      }
    }
    guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  // Places in Linux's `struct tcp_info` (include/uapi/linux/tcp.h), which only grows at its end; the
  // C library's own header ends before them.
  private static let bytesAcknowledgedOffset = 120
  private static let bytesReceivedOffset = 128
  private static let informationBytes = 256

  private static func traffic(of descriptor: CInt) -> Traffic? {
    var information = [UInt8](repeating: 0, count: informationBytes)
    var size = socklen_t(informationBytes)
    guard getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &information, &size) == 0,
      Int(size) >= bytesReceivedOffset + MemoryLayout<UInt64>.size
    else { return nil }
    return information.withUnsafeBytes { bytes in
      Traffic(
        sent: bytes.loadUnaligned(fromByteOffset: bytesAcknowledgedOffset, as: UInt64.self),
        received: bytes.loadUnaligned(fromByteOffset: bytesReceivedOffset, as: UInt64.self))
    }
  }
}
