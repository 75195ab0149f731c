/// The Exif item of a HEIC or HEIF file (ISO/IEC 23008-12, annex A; ISO/IEC 14496-12, 8.11).
enum HEIFFile {
  /// The TIFF block of the first Exif item; `nil` if there is none that can be read.
  static func exif(in pieces: EvidencePieces) throws -> [UInt8]? {
    guard let meta = try metaBox(in: pieces).map({ MediaBoxes($0, from: MediaBoxes.versionBytes) }),
      let information = meta.first("iinf"), let item = exifItem(in: information),
      let locations = meta.first("iloc"), let location = ItemLocation(of: item, in: locations)
    else { return nil }
    var payload: [UInt8] = []
    for extent in location.extents {
      guard payload.count + extent.count <= EvidenceBounds.exifBytes else { return nil }
      let piece: [UInt8]
      switch location.place {
      case .file: piece = try pieces(extent.offset, extent.count)
      case .itemData:
        let data = meta.first("idat").map { ByteView($0) }
        piece = data?.piece(at: extent.offset, count: extent.count).map { Array($0) } ?? []
      }
      // Were a gap passed over, what follows it would be read at the wrong place.
      guard piece.count == extent.count else { return nil }
      payload += piece
    }
    return block(of: ByteView(payload))
  }

  /// The body of the file's `meta` box.
  private static func metaBox(in pieces: EvidencePieces) throws -> [UInt8]? {
    var offset = 0
    for _ in 0..<EvidenceBounds.boxes {
      let head = ByteView(try pieces(offset, MediaBoxes.longHeadBytes))
      guard let box = MediaBoxes.Head(head, at: 0) else { return nil }
      if head.holds("meta", at: MediaBoxes.typeOffset) {
        // One that reaches to the end of the file is unusual, and its size unknown here.
        guard let size = box.size, size - box.headBytes <= EvidenceBounds.metaBoxBytes else {
          return nil
        }
        return try pieces(offset + box.headBytes, size - box.headBytes)
      }
      guard let next = box.size.flatMap({ offset.plus($0) }) else { return nil }
      offset = next
    }
    return nil
  }

  /// The id of the first item of type `Exif`.
  private static func exifItem(in information: ArraySlice<UInt8>) -> Int? {
    let view = ByteView(information)
    guard let version = view.byte(at: 0) else { return nil }
    let countBytes = version == 0 ? 2 : 4
    let entries = MediaBoxes(
      Array(information), from: MediaBoxes.versionBytes + countBytes, atMost: EvidenceBounds.items)
    for entry in entries.all("infe").map({ ByteView($0) }) {
      let idBytes: Int
      switch entry.byte(at: 0) {
      case 2: idBytes = 2
      case 3: idBytes = 4
      default: continue  // The older forms have no item types.
      }
      let id = entry.number(at: MediaBoxes.versionBytes, byteCount: idBytes).map { Int($0) }
      // Two bytes of protection stand between the id and the type.
      if let id, entry.holds("Exif", at: MediaBoxes.versionBytes + idBytes + 2) { return id }
    }
    return nil
  }

  /// The item's data begins with the distance from there to the TIFF block.
  private static func block(of payload: ByteView) -> [UInt8]? {
    payload.uint32(at: 0).flatMap { payload.rest(from: 4 + $0) }.map { Array($0) }
  }
}
