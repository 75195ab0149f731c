import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind TLS in a connection's pipeline: sees how the handshake ends, and ends one that takes
/// too long. It changes nothing that passes.
final class ConnectionWatcher: ChannelInboundHandler {
  typealias InboundIn = NIOAny

  /// The first fault of the connection and whether the handshake was over by then.
  private let onFault: @Sendable (_ error: TransportError, _ wasSecure: Bool) -> Void
  private var isSecure = false
  private var isFaulty = false
  private var deadline: Scheduled<Void>?

  private init(onFault: @escaping @Sendable (TransportError, Bool) -> Void) {
    self.onFault = onFault
  }

  /// Puts a watcher behind the TLS handler of `channel`. Call it on the channel's event loop.
  static func watch<TLS: NIOSSLHandler>(
    _ channel: any Channel, behind tls: TLS.Type,
    onFault: @escaping @Sendable (_ error: TransportError, _ wasSecure: Bool) -> Void
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    let handler = try pipeline.handler(type: tls)
    try pipeline.addHandler(ConnectionWatcher(onFault: onFault), position: .after(handler))
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: LinkTuning.handshake) {
      channel.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
      isSecure = true
      deadline?.cancel()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    report(TransportError(handshake: error))
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    if !isSecure {
      report(
        TransportError(
          .tlsRefused, "the connection ended in the TLS handshake, or that took too long"))
    }
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  private func report(_ error: TransportError) {
    guard !isFaulty else { return }
    isFaulty = true
    onFault(error, isSecure)
  }
}
