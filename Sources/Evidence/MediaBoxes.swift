/// The boxes that lie one after another in a box of an ISO media file (ISO/IEC 14496-12, 4.2).
struct MediaBoxes {
  private let boxes: [(type: ArraySlice<UInt8>, body: ArraySlice<UInt8>)]

  /// How many bytes the version and flags of a full box take.
  static let versionBytes = 4
  static let typeOffset = 4
  /// The length of a box head whose size takes eight bytes.
  static let longHeadBytes = 16

  /// Finds the boxes from `offset` on, up to the first that is malformed or reaches beyond the end.
  init(_ bytes: [UInt8], from offset: Int, atMost limit: Int = EvidenceBounds.boxes) {
    let view = ByteView(bytes)
    var boxes: [(type: ArraySlice<UInt8>, body: ArraySlice<UInt8>)] = []
    var offset = offset
    while boxes.count < limit, let head = Head(view, at: offset),
      let type = view.piece(at: offset + Self.typeOffset, count: 4)
    {
      let size = head.size ?? view.count - offset
      guard let body = view.piece(at: offset + head.headBytes, count: size - head.headBytes) else {
        break
      }
      boxes.append((type, body))
      offset += size
    }
    self.boxes = boxes
  }

  /// The body of the first box of that type.
  func first(_ type: StaticString) -> ArraySlice<UInt8>? {
    boxes.first { ByteView($0.type).holds(type, at: 0) }?.body
  }

  /// The bodies of all boxes of that type.
  func all(_ type: StaticString) -> [ArraySlice<UInt8>] {
    boxes.filter { ByteView($0.type).holds(type, at: 0) }.map(\.body)
  }

  /// The size at a box's beginning.
  struct Head {
    /// The length of the size and the type.
    let headBytes: Int
    /// The length of the whole box, head included; `nil` for one that reaches to the end. At least
    /// ``headBytes``, so that going from box to box always goes on.
    let size: Int?

    /// `nil` where no box can begin.
    init?(_ view: ByteView, at offset: Int) {
      guard let short = view.uint32(at: offset), view.uint32(at: offset + typeOffset) != nil else {
        return nil
      }
      switch short {
      case 0:
        (headBytes, size) = (8, nil)
      case 1:
        guard let long = view.number(at: offset + 8, byteCount: 8).flatMap({ Int(exactly: $0) }),
          long >= longHeadBytes
        else { return nil }
        (headBytes, size) = (longHeadBytes, long)
      case 8...:
        (headBytes, size) = (8, short)
      default:
        return nil
      }
    }
  }
}
