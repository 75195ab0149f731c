import Glibc
import Identity

/// The folder under a passing name in which a node's files are made before they appear together.
enum ProvisionStaging {
  /// Gives the complete folder its own name; the change is on the disk when this returns.
  static func move(_ staging: HomeLayout, to home: HomeLayout) throws {
    guard rename(staging.path, home.path) == 0 else {
      throw HomeError(
        .inputOutput, "cannot rename \(staging.path) to \(home.path)",
        cause: HomeSystemFailure("rename"))
    }
    guard let slash = home.path.lastIndex(of: "/") else { return }
    let above = home.path[..<slash]
    try HomeFolder(path: above.isEmpty ? "/" : String(above)).synchronise()
  }

  /// Removes what a run that was cut short left, and only files of the names that it makes.
  static func discard(_ staging: HomeLayout) throws {
    guard HomeFolder.isFolder(staging.path) else { return }
    let names = [
      NodeKeyStore.File.key, NodeKeyStore.File.chain, NodeKeyStore.File.roots,
      HomeLayout.File.sealKey, HomeLayout.File.configuration, HomeLayout.File.serviceUnit,
    ]
    for name in names {
      unlink(staging.path(of: name))
      unlink(staging.path(of: name + ".new"))
    }
    guard rmdir(staging.path) == 0 else {
      throw HomeError(
        .alreadyExists, "\(staging.path) holds files that provisioning did not make; move it away",
        cause: HomeSystemFailure("rmdir"))
    }
  }
}
