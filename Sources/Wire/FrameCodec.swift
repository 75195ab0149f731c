package import GRPCCore
package import Replication
import SwiftProtobuf

/// Frames to and from the bytes of `liandong.proto`. Nothing else knows the generated types.
package enum FrameCodec {
  /// The one call of a link.
  package static var method: MethodDescriptor { Liandong_Wire_V1_Link.Method.Exchange.descriptor }

  /// The bytes of a frame.
  ///
  /// Texts for people that are longer than their bound are cut at the end of a character; all else is
  /// the caller's to keep within `ReplicationBounds`, also `ReplicationBounds.messageBytes`.
  ///
  /// - Throws: an error of the protobuf library, which happens for no frame that fits the memory.
  package static func encode(_ frame: Frame) throws -> [UInt8] {
    try Liandong_Wire_V1_Frame(frame).serializedBytes()
  }

  /// The bytes of the frame `batch` that holds a part of an outbox.
  package static func encode(_ batch: OutgoingBatch) -> [UInt8] { BatchWriter.frame(batch) }

  /// Reads a frame that takes up all of `bytes`, which come from a peer and may be anything.
  ///
  /// Every count is checked before anything is built from it, every length and enumeration before it
  /// leaves here. Commits are read and hashed, so an ill-formed one makes the frame malformed; their
  /// signatures and certificates are not judged.
  package static func decode(_ bytes: [UInt8]) throws(MalformedFrame) -> Frame {
    guard bytes.count <= ReplicationBounds.messageBytes else {
      throw MalformedFrame(
        "\(bytes.count) bytes, more than \(ReplicationBounds.messageBytes)", at: "frame")
    }
    let batch = bytes.withUnsafeBytes { buffer in
      Result { () throws(MalformedFrame) -> Batch? in
        if let batch = BatchReader.soleBatch(in: buffer) {
          return try at("batch") { () throws(MalformedFrame) in try BatchReader.read(batch) }
        }
        try FieldCensus.check(buffer, .frame)
        return nil
      }
    }
    do {
      if let batch = try batch.get() { return .batch(batch) }
    } catch {
      throw error.inside("frame")
    }
    let message: Liandong_Wire_V1_Frame
    do {
      message = try Liandong_Wire_V1_Frame(serializedBytes: bytes, options: options)
    } catch {
      throw MalformedFrame("no message of its type (\(error))", at: "frame")
    }
    do {
      return try message.frame()
    } catch {
      throw error.inside("frame")
    }
  }

  private static let options: BinaryDecodingOptions = {
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = 8
    options.discardUnknownFields = true
    return options
  }()
}
