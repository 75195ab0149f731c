import CoreFoundation
import Glibc

/// The calls of Unix stream sockets, with errors that say what to do.
enum ControlSocket {
  /// The longest path of a Unix socket on Linux, in bytes without the closing NUL (unix(7)).
  static let maximumPathBytes = 107
  /// How many callers may wait to be accepted.
  static let backlog: CInt = 64

  /// A new socket that never blocks and does not outlive an exec.
  static func open() throws -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else {
      throw ControlError(
        .system, "no socket is to be had; raise the limit of open files",
        cause: HomeSystemFailure("socket"))
    }
    prepare(descriptor)
    return descriptor
  }

  /// Makes a descriptor non-blocking and closed on exec.
  static func prepare(_ descriptor: CInt) {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// Refuses a path that the system would cut short.
  static func check(path: String) throws {
    let count = path.utf8.count
    guard count <= maximumPathBytes else {
      throw ControlError(
        .pathTooLong,
        "the control socket's path \(path) has \(count) bytes and a Unix socket's may have "
          + "\(maximumPathBytes); choose a home that is \(count - maximumPathBytes) bytes shorter "
          + "with --home or LIANDONG_HOME, or reach it through a short symbolic link")
    }
  }

  /// Calls `body` with the address of a path that was checked.
  static func withAddress<Result>(
    of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { field in
      field.copyBytes(from: path.utf8.prefix(maximumPathBytes))
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// The user id of the process at the other end, as the kernel noted it when it connected.
  static func peerUserID(of descriptor: CInt) throws -> uid_t {
    // struct ucred: process, user and group id, 32 bits each (unix(7)).
    var credentials: (pid: UInt32, uid: UInt32, gid: UInt32) = (0, .max, .max)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0,
      length == socklen_t(MemoryLayout.size(ofValue: credentials))
    else {
      throw ControlError(
        .system, "the system does not say who is at the other end of the control socket",
        cause: HomeSystemFailure("getsockopt"))
    }
    return credentials.uid
  }

  /// Makes the socket's folder with mode 0700, or checks that it is ours alone.
  static func secureFolder(_ path: String) throws {
    if mkdir(path, HomeFolder.mode) == 0 { return }
    let failure = HomeSystemFailure("mkdir")
    guard failure.number == EEXIST else {
      throw HomeError(
        .inputOutput, "cannot make the folder \(path); check that the home exists and is writable",
        cause: failure)
    }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw ControlError(.exposed, "\(path) is not a folder; remove it, the node makes its own")
    }
    guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw ControlError(
        .exposed,
        "others can reach \(path) (owner \(status.st_uid), mode "
          + "\(String(status.st_mode & 0o777, radix: 8))); run `chmod 700 \(path)` as its owner, "
          + "who must be the node's account")
    }
  }
}
