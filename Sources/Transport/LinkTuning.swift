import Glibc
import NIOCore
import Replication

/// How links use TCP and HTTP/2.
enum LinkTuning {
  /// How much of one direction may be under way before the receiver took it, in bytes: a whole
  /// message, so that the next one travels while one is being applied.
  static let windowBytes = ReplicationBounds.messageBytes
  /// The size of HTTP/2 frames, in bytes: some reads long. The decoder begins its buffer anew only where
  /// a read ends within a frame's data. With frames as long as a TLS record each read ends with the next
  /// frame's header, the buffer grows to megabytes, and every later small frame copies all of it.
  static let frameBytes = 128 * 1024
  /// Bytes that wait in the kernel unsent: few, so that urgent data does not stand behind them.
  static let unsentBytes: SocketOptionValue = 128 * 1024
  /// How much is read from the socket before it is decrypted and handed on. The HTTP/2 decoder copies
  /// the storage of what it was given last, whatever is in it, with each further piece: a buffer that
  /// once held a megabyte makes every small frame as dear as that.
  static let readBytes = 32 * 1024
  /// How far apart pings of HTTP/2 may come that a child chooses to send.
  static let pingsApart = Duration.milliseconds(ReplicationBounds.keepAliveMilliseconds)
  /// When this side sends them.
  static let never = Duration.seconds(365 * 86_400)
  /// How long a handshake may take: on a line with many losses each of its flights takes many tries.
  static let handshake = TimeAmount.seconds(45)
  /// How long a connection may stand without a session.
  static let idle = Duration.milliseconds(ReplicationBounds.silenceMilliseconds)
  /// How long after its end a stream for evidence is opened anew.
  static let evidencePause = Duration.seconds(10)
  /// How long a side that closed waits for the other side to close as well.
  static let closing = Duration.seconds(5)

  /// Sets the TCP options of a link's connection.
  static func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.setOption(.tcpOption(.tcp_nodelay), value: 1).flatMap {
      channel.setOption(.maxMessagesPerRead, value: 1)
    }.flatMap {
      channel.setOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readBytes))
    }.flatMap {
      #if os(Linux)
        let option = ChannelOptions.Types.SocketOption(
          level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT))
        return channel.setOption(option, value: unsentBytes)
      #else
        return channel.eventLoop.makeSucceededVoidFuture()
      #endif
    }
  }
}
