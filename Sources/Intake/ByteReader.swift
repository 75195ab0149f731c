/// A window on a ``ChunkSource``: the bytes not yet consumed, filled as far as they are asked for,
/// and the file's encoding.
///
/// Invariant: while ``encoding`` is `nil`, every byte in the window is ASCII.
struct ByteReader {
  private let source: ChunkSource
  private var buffer: [UInt8] = []
  private var start = 0
  private var sourceHasEnded = false

  /// The file's encoding; `nil` as long as only ASCII was seen.
  private(set) var encoding: LeadFileEncoding?

  /// Reads the beginning of the source and skips a UTF-8 byte order mark.
  /// - Throws: ``IntakeError`` `unsupported_encoding` for UTF-16 and for workbooks, and whatever the
  ///   source throws.
  init(source: @escaping ChunkSource) throws {
    self.source = source
    while buffer.count < 4, try appendChunk() {}
    try Self.refuseForeignFormats(buffer)
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
      encoding = .utf8
      start = 3
    }
    try settleEncoding(from: start)
  }

  /// The byte that lies `offset` bytes ahead, or `nil` beyond the end of the file.
  mutating func byte(at offset: Int) throws -> UInt8? {
    while start + offset >= buffer.count {
      let known = buffer.count
      guard try appendChunk() else { return nil }
      try settleEncoding(from: known)
    }
    return buffer[start + offset]
  }

  /// A copy of the next `count` bytes, all of which were seen before.
  func prefix(_ count: Int) -> [UInt8] { Array(buffer[start..<(start + count)]) }

  /// Moves past the next `count` bytes, all of which were seen before.
  mutating func consume(_ count: Int) {
    start += count
    precondition(start <= buffer.count, "only bytes that were seen can be consumed")
    if start >= IntakeBounds.fileChunkBytes && start * 2 >= buffer.count {
      buffer.removeFirst(start)
      start = 0
    }
  }

  private mutating func appendChunk() throws -> Bool {
    guard !sourceHasEnded else { return false }
    guard let chunk = try source(), !chunk.isEmpty else {
      sourceHasEnded = true
      return false
    }
    buffer.append(contentsOf: chunk)
    return true
  }

  /// Looks at what was appended from `index` on; at the first byte that is not ASCII it reads the
  /// whole sample and decides, so that the decision does not depend on the chunks' sizes.
  private mutating func settleEncoding(from index: Int) throws {
    guard encoding == nil, let first = buffer[index...].firstIndex(where: { $0 >= 0x80 }) else {
      return
    }
    let wanted = first + IntakeBounds.encodingSampleBytes
    while buffer.count < wanted, try appendChunk() {}
    encoding = .judged(from: buffer[first..<min(wanted, buffer.count)])
  }

  private static func refuseForeignFormats(_ beginning: [UInt8]) throws {
    let utf16 = IntakeText(zh: "UTF-16 文本", en: "UTF-16 text")
    let formats: [(signature: [UInt8], name: IntakeText)] = [
      ([0xFF, 0xFE], utf16), ([0xFE, 0xFF], utf16),
      (
        [0x50, 0x4B, 0x03, 0x04],
        IntakeText(zh: "Excel 工作簿或 zip 压缩包", en: "an Excel workbook or a zip archive")
      ),
      ([0xD0, 0xCF, 0x11, 0xE0], IntakeText(zh: "旧版 Excel 工作簿", en: "an old Excel workbook")),
    ]
    for format in formats where beginning.starts(with: format.signature) {
      throw IntakeError(
        .unsupportedEncoding,
        zh: "线索文件是\(format.name.zh),不能读取;请用电子表格软件打开后另存为“CSV UTF-8”",
        en: "the lead file is \(format.name.en), which is not read here; open it in the "
          + "spreadsheet program and save it as \"CSV UTF-8\"")
    }
  }
}
