import FoundationEssentials
import Glibc

extension HomeLayout {
  /// Checks that the process runs as the account that the folder belongs to, before it writes there:
  /// files that root makes in a service's folder keep the service from starting.
  ///
  /// - Throws: `HomeError` of code foreign owner. A folder that is not there is for others to tell.
  package func requireOwner() throws {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let owner = attributes?[.ownerAccountID] as? UInt, owner != UInt(geteuid()) else {
      return
    }
    let entry = uid_t(exactly: owner).flatMap { getpwuid($0) }
    let name = entry.map { String(cString: $0.pointee.pw_name) } ?? "'#\(owner)'"
    throw HomeError(
      .foreignOwner,
      "\(path) belongs to \(name), and files made by another account would keep its node from "
        + "starting; run `sudo -u \(name) liandong ...`")
  }
}
