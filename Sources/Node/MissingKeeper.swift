import Logging
import Regions
import Replication
import ServiceLifecycle
import Store

/// Has a session begin anew where its peer should be asked for what is missing here: the next one
/// begins with the comparison. So a link that never breaks needs nobody's hand.
struct MissingKeeper: Service {
  private static let interval = Duration.seconds(60)

  let core: NodeCore

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        // Cancelled is as good as slept: the loop looks at it next.
        try? await Task.sleep(for: Self.interval)
        if !Task.isCancelled { check() }
      }
    }
  }

  /// Looks once at every open link.
  func check() {
    for peer in core.links.openPeers {
      do {
        let now = core.wallMilliseconds()
        guard try core.store.read({ try $0.lacksSomething(of: peer, at: now) }) else { continue }
        core.links.stop(peer, .comparing)
      } catch {
        core.logger.error(
          "cannot tell what is missing here", metadata: ["peer": "\(peer)", "error": "\(error)"])
      }
    }
  }
}

extension Goodbye {
  fileprivate static let comparing = Goodbye(
    reason: .stopping, message: "the link begins anew to compare what both sides hold",
    retryAfterSeconds: 0)
}
