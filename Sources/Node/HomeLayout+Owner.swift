import Glibc

extension HomeLayout {
  /// Checks that the process runs as the account that the folder belongs to, before it writes there:
  /// files that root makes in a service's folder keep the service from starting.
  ///
  /// - Throws: `HomeError` of code foreign owner. A folder that is not there is for others to tell.
  package func requireOwner() throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_uid != geteuid() else { return }
    let entry = getpwuid(status.st_uid)
    let name = entry.map { String(cString: $0.pointee.pw_name) } ?? "'#\(status.st_uid)'"
    throw HomeError(
      .foreignOwner,
      "\(path) belongs to \(name), and files made by another account would keep its node from "
        + "starting; run `sudo -u \(name) liandong ...`")
  }
}
