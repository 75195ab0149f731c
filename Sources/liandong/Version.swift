/// The program's version.
enum Version {
  /// Semantic version of this build.
  static let current = "0.1.0"
  /// The program and its version, as peers are told.
  static let software = "liandong/\(current)"
}
