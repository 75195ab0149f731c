/// Where an item of a HEIF file lies: its entry in the `iloc` box (ISO/IEC 14496-12, 8.11.3).
struct ItemLocation {
  /// What the offsets count from.
  enum Place {
    /// The beginning of the file.
    case file
    /// The body of the `idat` box.
    case itemData
  }

  let place: Place
  /// The pieces in their order; offsets and counts are not negative.
  let extents: [(offset: Int, count: Int)]

  /// `nil` if the box has no entry of that item, or one that cannot be read here.
  init?(of item: Int, in box: ArraySlice<UInt8>) {
    let view = ByteView(box)
    guard let layout = Layout(view) else { return nil }
    var offset = layout.firstEntry
    for _ in 0..<min(layout.itemCount, EvidenceBounds.items) {
      guard let entry = Entry(view, at: offset, layout) else { return nil }
      if entry.item == item {
        guard let place = entry.place, let extents = entry.extents(in: view, layout) else {
          return nil
        }
        (self.place, self.extents) = (place, extents)
        return
      }
      offset = entry.end
    }
    return nil
  }

  /// How many bytes each number of the box takes.
  private struct Layout {
    let version: Int
    let offsetBytes: Int
    let lengthBytes: Int
    let baseBytes: Int
    let indexBytes: Int
    let itemBytes: Int
    let itemCount: Int
    let firstEntry: Int

    init?(_ view: ByteView) {
      let sizesEnd = 6
      guard let version = view.byte(at: 0), version <= 2, let sizes = view.uint16(at: 4) else {
        return nil
      }
      self.version = Int(version)
      offsetBytes = sizes >> 12
      lengthBytes = sizes >> 8 & 15
      baseBytes = sizes >> 4 & 15
      indexBytes = version == 0 ? 0 : sizes & 15
      itemBytes = version < 2 ? 2 : 4
      guard [offsetBytes, lengthBytes, baseBytes, indexBytes].allSatisfy([0, 4, 8].contains),
        let count = view.number(at: sizesEnd, byteCount: itemBytes)
      else { return nil }
      itemCount = Int(count)
      firstEntry = sizesEnd + itemBytes
    }

    var extentBytes: Int { indexBytes + offsetBytes + lengthBytes }
  }

  /// One item's entry.
  private struct Entry {
    let item: Int
    let method: Int
    let base: Int
    let extentCount: Int
    let firstExtent: Int
    let end: Int

    init?(_ view: ByteView, at start: Int, _ layout: Layout) {
      let methodBytes = layout.version == 0 ? 0 : 2
      let referenceBytes = 2
      let methodAt = start + layout.itemBytes
      let baseAt = methodAt + methodBytes + referenceBytes
      let countAt = baseAt + layout.baseBytes
      guard let item = view.number(at: start, byteCount: layout.itemBytes),
        let method = view.number(at: methodAt, byteCount: methodBytes),
        let base = view.number(at: baseAt, byteCount: layout.baseBytes).flatMap({ Int(exactly: $0) }
        ),
        let extentCount = view.uint16(at: countAt)
      else { return nil }
      self.item = Int(item)
      self.method = Int(method & 15)
      self.base = base
      self.extentCount = extentCount
      firstExtent = countAt + 2
      // Reckoned and not walked: with numbers of no bytes, extents cost nothing.
      end = firstExtent + extentCount * layout.extentBytes
    }

    var place: Place? {
      switch method {
      case 0: .file
      case 1: .itemData
      default: nil
      }
    }

    func extents(in view: ByteView, _ layout: Layout) -> [(offset: Int, count: Int)]? {
      guard 1...EvidenceBounds.extents ~= extentCount else { return nil }
      var extents: [(offset: Int, count: Int)] = []
      for index in 0..<extentCount {
        let at = firstExtent + index * layout.extentBytes + layout.indexBytes
        guard
          let offset = view.number(at: at, byteCount: layout.offsetBytes).flatMap({
            Int(exactly: $0)
          }).flatMap({ base.plus($0) }),
          let count = view.number(at: at + layout.offsetBytes, byteCount: layout.lengthBytes),
          count <= UInt64(EvidenceBounds.exifBytes)
        else { return nil }
        extents.append((offset, Int(count)))
      }
      return extents
    }
  }
}
