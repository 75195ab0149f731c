/// The first line of a PDF (ISO 32000-2, 7.5.2).
enum PDFHeader {
  /// `nil` if this is no PDF. Readers that search the first kilobyte for the header are more
  /// lenient; here it stands at the very beginning, so that nothing else can be a PDF too.
  static func judge(_ head: ByteView) -> EvidenceFormat.Judgement? {
    guard head.holds("%PDF-", at: 0) else { return nil }
    let isKnown =
      head.holds("2.0", at: 5)
      || (head.holds("1.", at: 5)
        && (head.byte(at: 7).map { ascii("0")...ascii("7") ~= $0 } ?? false))
    // A line end, or a space or comment before it, as some programs write.
    let follows = head.byte(at: 8).map { [0x0A, 0x0D, 0x20, ascii("%")].contains($0) } ?? false
    return isKnown && follows ? .format(.pdf) : .refused(.damagedHeader("PDF"))
  }

  private static func ascii(_ character: Unicode.Scalar) -> UInt8 { UInt8(ascii: character) }
}
