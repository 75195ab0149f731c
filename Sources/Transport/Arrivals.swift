import NIOCore
import NIOSSL
import Synchronization

/// How many bytes a connection has brought, as they come from the socket: a sign of life also while a
/// frame, or a record of TLS, takes long to arrive as a whole.
final class Arrivals: Sendable {
  private let count = Atomic<UInt64>(0)

  var bytes: UInt64 { count.load(ordering: .relaxed) }

  /// Begins to count what `channel` brings. Call it on the channel's event loop.
  static func count<TLS: NIOSSLHandler>(
    _ channel: any Channel, before tls: TLS.Type
  ) throws -> Arrivals {
    let arrivals = Arrivals()
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(
      Counter(arrivals), position: .before(try pipeline.handler(type: tls)))
    return arrivals
  }

  private final class Counter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let arrivals: Arrivals

    init(_ arrivals: Arrivals) { self.arrivals = arrivals }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      arrivals.count.wrappingAdd(UInt64(unwrapInboundIn(data).readableBytes), ordering: .relaxed)
      context.fireChannelRead(data)
    }
  }
}
