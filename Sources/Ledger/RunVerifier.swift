/// The one rule of validity: hash links lead from a commit to a verified signature, its own or that
/// of a later commit of its chain.
///
/// A run of one origin's consecutive commits so costs one verification, that of its last commit.
package enum RunVerifier {
  /// Judges commits that arrived together.
  ///
  /// - Parameters:
  ///   - commits: in order of arrival, of any origins.
  ///   - isSigned: whether a commit's own signature verifies by the key that its stamp names.
  /// - Returns: a verdict for each commit, in the same order.
  package static func verdicts(
    for commits: [Commit], isSigned: (Commit) -> Bool
  ) -> [Bool] {
    var verdicts = [Bool](repeating: false, count: commits.count)
    // The hash that a verified commit names as its predecessor vouches for that predecessor.
    var vouched: [Origin: Hash] = [:]
    for index in commits.indices.reversed() {
      let origin = commits[index].stamp.origin
      let good = vouched[origin] == commits[index].hash || isSigned(commits[index])
      verdicts[index] = good
      vouched[origin] = good ? commits[index].previous : nil
    }
    return verdicts
  }
}
