package import Store

extension NodeCore {
  /// Writes all warnings whose time has come, in transactions of at most `StoreBounds.sweptCases` cases,
  /// between which others write.
  package func sweepWarnings() async throws -> WarningSweep {
    var sweep = WarningSweep()
    repeat {
      sweep += try await writer.write { [self] in try $0.sweepWarnings(salt: { salt() }) }
    } while !sweep.isComplete && !Task.isCancelled
    return sweep
  }
}
