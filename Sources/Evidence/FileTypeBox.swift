/// The `ftyp` box that opens an ISO media file and names its brands (ISO/IEC 14496-12, 4.3).
enum FileTypeBox {
  /// `nil` if this is no ISO media file, or one of a brand that is not known here.
  ///
  /// The major brand decides. A file whose major brand is MP4's and which claims compatibility with
  /// pictures is refused; the other way round it is a picture, since sequences of pictures must name
  /// the structure brands that MP4 uses too, and a picture is not shown.
  static func judge(_ head: ByteView) -> EvidenceFormat.Judgement? {
    guard head.holds("ftyp", at: 4) else { return nil }
    guard let size = head.uint32(at: 0), let brands = Brands(head, size: size) else {
      return .refused(.damagedHeader("MP4/HEIC"))
    }
    let claimsPicture = brands.compatible.contains { heic.contains($0) || heif.contains($0) }
    if mp4.contains(brands.major) {
      return claimsPicture ? .refused(.contradictory("MP4", "HEIC/HEIF")) : .format(.mp4)
    }
    if heic.contains(brands.major) { return .format(.heic) }
    guard heif.contains(brands.major), !brands.compatible.contains(where: avif.contains) else {
      return nil
    }
    return .format(brands.compatible.contains(where: heic.contains) ? .heic : .heif)
  }

  /// The brands of one file.
  private struct Brands {
    let major: String
    let compatible: [String]

    /// `nil` for a box that is cut off, not whole brands long or too large.
    init?(_ head: ByteView, size: Int) {
      let (firstBrand, brandBytes) = (16, 4)
      guard size >= firstBrand, size <= firstBrand + EvidenceBounds.brands * brandBytes,
        size % brandBytes == 0, size <= head.count, let major = Self.text(head, at: 8)
      else { return nil }
      self.major = major
      // A brand that is no text is no brand that is known here.
      compatible = stride(from: firstBrand, to: size, by: brandBytes).compactMap {
        Self.text(head, at: $0)
      }
    }

    private static func text(_ head: ByteView, at offset: Int) -> String? {
      head.piece(at: offset, count: 4).flatMap { String(validating: $0, as: UTF8.self) }
    }
  }

  /// MP4 (ISO/IEC 14496-14), the ISO base format that it shares, and what cameras and encoders
  /// write in their place. Not QuickTime's, not those of audio alone or of raw pictures.
  private static let mp4: Set<String> = [
    "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1",
    "M4V ", "MSNV", "dash",
  ]
  /// Single pictures coded in HEVC (ISO/IEC 23008-12, annex B).
  private static let heic: Set<String> = ["heic", "heix", "heim", "heis"]
  /// Pictures of any coding, and sequences.
  private static let heif: Set<String> = ["mif1", "mif2", "msf1", "hevc", "hevx", "hevm", "hevs"]
  private static let avif: Set<String> = ["avif", "avis"]
}
