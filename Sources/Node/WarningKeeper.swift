import Logging
import ServiceLifecycle
import Store

/// Writes warnings (预警) as their time comes: at the start, where it catches up on what fell due
/// while the node was down, and then once a minute.
struct WarningKeeper: Service {
  private static let interval = Duration.seconds(60)

  let core: NodeCore

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await sweep()
        // Cancelled is as good as slept: the loop looks at it next.
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  private func sweep() async {
    do {
      let sweep = try await core.sweepWarnings()
      guard sweep.warnings > 0 else { return }
      core.logger.notice(
        "warnings were written",
        metadata: ["warnings": "\(sweep.warnings)", "supervisions": "\(sweep.supervisions)"])
    } catch {
      core.logger.error("cannot write warnings", metadata: ["error": "\(error)"])
    }
  }
}
