import Logging
import ServiceLifecycle
import Store

/// Tells the issuers of directives that their receipt lines have arrived (送达), as soon as they have:
/// at the start, where a crash may have come in between, and then whenever the store took one.
struct DeliveryKeeper: Service {
  /// How long until the next look where nothing comes: a line whose directive came after it, or whose
  /// issuer a new tree puts above this node, waits no longer.
  private static let idle = Duration.seconds(60)

  let core: NodeCore

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await sweep()
        await core.deliveries.wait(atMost: Self.idle)
      }
    }
  }

  private func sweep() async {
    do {
      let delivered = try await core.sweepDeliveries()
      guard delivered > 0 else { return }
      core.logger.notice("directives were delivered", metadata: ["lines": "\(delivered)"])
    } catch {
      core.logger.error("cannot confirm deliveries", metadata: ["error": "\(error)"])
    }
  }
}

extension NodeCore {
  /// Confirms the receipt lines that have arrived, in transactions of at most `StoreBounds.sweptCases`
  /// lines, between which others write.
  ///
  /// - Returns: how many were confirmed.
  package func sweepDeliveries() async throws -> Int {
    guard try store.read({ try $0.awaitsDeliveries() }) else { return 0 }
    var delivered = 0
    var place: Int64? = 0
    while let start = place, !Task.isCancelled {
      let sweep = try await writer.write { [self] transaction in
        try transaction.sweepDeliveries(after: start, salt: { salt() })
      }
      delivered += sweep.delivered
      place = sweep.next
    }
    return delivered
  }
}
