import FoundationEssentials
package import GRPCCore
import Ledger
package import Replication
import SwiftProtobuf

/// Evidence frames to and from the bytes of `liandong.proto`.
package enum EvidenceCodec {
  /// The call that carries evidence.
  package static var method: MethodDescriptor { Liandong_Wire_V1_Link.Method.Evidence.descriptor }

  /// The bytes of a frame, whose parts are within `ReplicationBounds`.
  ///
  /// - Throws: an error of the protobuf library, which happens for no frame that fits the memory.
  package static func encode(_ frame: EvidenceFrame) throws -> [UInt8] {
    var message = Liandong_Wire_V1_EvidenceFrame()
    switch frame {
    case .request(let request):
      message.request.event = Data([request.event])
      message.request.file = Data(request.file)
      message.request.offset = UInt64(request.offset)
      message.request.mostBytes = UInt32(request.mostBytes)
    case .chunk(let bytes): message.chunk.bytes = Data(bytes)
    case .refused: message.refused = .init()
    case .wait(let seconds): message.wait.seconds = UInt32(seconds)
    }
    return try message.serializedBytes()
  }

  /// Reads a frame that takes up all of `bytes`, which come from a peer and may be anything. Every
  /// bound is checked.
  package static func decode(_ bytes: [UInt8]) throws(MalformedFrame) -> EvidenceFrame {
    guard bytes.count <= ReplicationBounds.evidenceMessageBytes else {
      throw MalformedFrame(
        "\(bytes.count) bytes, more than \(ReplicationBounds.evidenceMessageBytes)", at: "evidence")
    }
    let message: Liandong_Wire_V1_EvidenceFrame
    do {
      try bytes.withUnsafeBytes { try FieldCensus.check($0, .evidence) }
      message = try Liandong_Wire_V1_EvidenceFrame(serializedBytes: bytes, options: options)
    } catch let fault as MalformedFrame {
      throw fault.inside("evidence")
    } catch {
      throw MalformedFrame("no message of its type (\(error))", at: "evidence")
    }
    return try at("evidence") { () throws(MalformedFrame) in try message.frame() }
  }

  private static let options: BinaryDecodingOptions = {
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = 4
    options.discardUnknownFields = true
    return options
  }()
}

extension Liandong_Wire_V1_EvidenceFrame {
  fileprivate func frame() throws(MalformedFrame) -> EvidenceFrame {
    switch kind {
    case .request(let request):
      return .request(
        EvidenceRequest(
          event: try Read.key(request.event, "request.event"),
          file: try Read.hash(request.file, "request.file"),
          offset: try Read.number(
            request.offset, "request.offset", within: 0...ReplicationBounds.evidenceOffset),
          mostBytes: try Read.number(
            UInt64(request.mostBytes), "request.most_bytes",
            within: 1...ReplicationBounds.evidenceChunkBytes)))
    case .chunk(let chunk):
      _ = try Read.number(
        UInt64(chunk.bytes.count), "chunk.bytes",
        within: 1...ReplicationBounds.evidenceChunkBytes)
      return .chunk([UInt8](chunk.bytes))
    case .refused: return .refused
    case .wait(let wait):
      return .wait(
        seconds: try Read.number(
          UInt64(wait.seconds), "wait.seconds", within: ReplicationBounds.evidenceWaitSeconds))
    case nil: throw MalformedFrame("of no known kind", at: "")
    }
  }
}

extension Read {
  fileprivate static func number(
    _ number: UInt64, _ name: String, within range: ClosedRange<Int>
  ) throws(MalformedFrame) -> Int {
    guard let small = Int(exactly: number), range.contains(small) else {
      throw MalformedFrame("\(number) is not within \(range)", at: name)
    }
    return small
  }
}

extension FieldCensus.Shape {
  /// The shape of `EvidenceFrame` in `liandong.proto`.
  fileprivate static let evidence: Self = {
    func one(_ name: String) -> Rule { Rule(name: name, most: 1, shape: Self([:])) }
    return Self(
      [1: one("request"), 2: one("chunk"), 3: one("refused"), 4: one("wait")], isChoice: true)
  }()
}
