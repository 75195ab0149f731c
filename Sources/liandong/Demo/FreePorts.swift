import Glibc

/// Ports of the loopback address that nobody listens at now.
enum FreePorts {
  /// - Throws: `DemoError` where the system gives none.
  static func find(_ count: Int) throws -> [Int] {
    var descriptors: [Int32] = []
    // All are held until all are known, so that none is given twice.
    defer { for descriptor in descriptors { close(descriptor) } }
    return try (0..<count).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { throw DemoError(zh: "打不开网络套接字", en: "no socket is to be had") }
      descriptors.append(descriptor)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
      }
      guard isBound else { throw DemoError(zh: "没有空闲端口", en: "no port is free") }
      return Int(UInt16(bigEndian: address.sin_port))
    }
  }
}
