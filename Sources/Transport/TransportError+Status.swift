import GRPCCore
import GRPCNIOTransportHTTP2
import Glibc
import NIOCore
import Replication

// How errors cross the wire as the status of a stream, and what a failure of gRPC means.

extension TransportError {
  /// The status with which a server ends a stream for this error.
  var status: Status {
    let code: Status.Code =
      switch self.code {
      case .certificateRefused: .permissionDenied
      case .malformedFrame: .invalidArgument
      case .frameTooLarge: .outOfRange
      case .overloaded: .resourceExhausted
      case .closed: .unavailable
      default: .internalError
      }
    return Status(code: code, message: message)
  }

  /// What the status means with which the other side ended the stream; `nil` for a plain end.
  init?(_ status: Status) {
    let said = status.message.isEmpty ? "\(status.code)" : status.message
    switch status.code {
    case .ok: return nil
    case .permissionDenied:
      self.init(.certificateRefused, "the other side refused this node's certificate: \(said)")
    case .invalidArgument:
      self.init(.malformedFrame, "the other side could not read a frame: \(said)")
    case .outOfRange:
      self.init(.frameTooLarge, "a frame was larger than a message may be: \(said)")
    case .resourceExhausted:
      self.init(.overloaded, "the other side takes no more sessions now: \(said)")
    case .unimplemented:
      self.init(.notALink, "what answers is no node of this protocol: \(said); check the address")
    default: self.init(.closed, "the other side ended the session: \(said)")
    }
  }

  /// What a failure while a stream is open means.
  init(streamFailure error: any Error) {
    if let error = error as? TransportError {
      self = error
    } else if let error = error as? RPCError, error.message == Self.undecodable {
      self.init(
        .frameTooLarge,
        "the other side sent a message of more than \(ReplicationBounds.messageBytes) bytes, or a "
          + "compressed one; compare the two sides' versions", cause: error)
    } else {
      self.init(.closed, "the connection broke; a new session goes on where it stood", cause: error)
    }
  }

  /// What a failure to open a stream to `address` means.
  init(dialFailure error: any Error, address: String) {
    for cause in Self.causes(of: error) {
      switch cause {
      case let cause as TransportError:
        self = cause
        return
      case let cause as IOError where cause.errnoCode == ECONNREFUSED:
        self.init(
          .connectionRefused,
          "nothing listens at \(address); start the node there, or correct the address",
          cause: cause)
        return
      case let cause as IOError where cause.errnoCode == ETIMEDOUT:
        self.init(.timedOut, "no answer from \(address)", cause: cause)
        return
      case is ChannelError where String(describing: cause).hasPrefix("connectTimeout"):
        self.init(
          .timedOut, "no answer from \(address); check the address and the network", cause: cause)
        return
      default: continue
      }
    }
    self.init(
      .unreachable, "\(address) cannot be reached; check its name, the network and the firewall",
      cause: error)
  }

  /// What a failure to listen at `address` means.
  init(listenFailure error: any Error, address: String) {
    switch error {
    case let error as TransportError: self = error
    case let error as IOError where error.errnoCode == EADDRINUSE:
      self.init(
        .portInUse,
        "another program listens at \(address); stop it, or give this node another port",
        cause: error)
    case is IOError, is SocketAddressError:
      self.init(
        .addressUnusable,
        "this machine cannot listen at \(address); name one of its own addresses, or 0.0.0.0",
        cause: error)
    default: self.init(.closed, "the listener at \(address) ended", cause: error)
    }
  }

  /// All that gRPC says of a message beyond the limit (or compressed); a test watches over it.
  private static let undecodable = "Failed to decode message"

  /// The error, its cause, that one's cause and so on.
  private static func causes(of error: any Error) -> [any Error] {
    var causes: [any Error] = []
    var next: (any Error)? = error
    while let error = next, causes.count < 8 {
      causes.append(error)
      next = (error as? RPCError)?.cause ?? (error as? RuntimeError)?.cause
    }
    return causes
  }
}
