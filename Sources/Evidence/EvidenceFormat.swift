/// What an evidence file is, told by its first bytes and never by its name.
///
/// A file is what its very first bytes say, header fields checked; what follows the header is not
/// judged. So a JPEG that has a web page hidden in it is a JPEG: serve it as ``mediaType`` with
/// `X-Content-Type-Options: nosniff`, or a browser may judge otherwise.
package enum EvidenceFormat: String, CaseIterable, Sendable {
  case jpeg
  case png
  case pdf
  /// Video in an ISO media file whose major brand is one of MP4's. QuickTime is another format.
  case mp4
  /// A photo as phones store it: HEVC in an ISO media file.
  case heic
  /// Any other picture or sequence of the HEIF family, AVIF excepted.
  case heif

  /// The type that an HTTP answer bears (IANA's registry of media types).
  package var mediaType: String {
    switch self {
    case .jpeg: "image/jpeg"
    case .png: "image/png"
    case .pdf: "application/pdf"
    case .mp4: "video/mp4"
    case .heic: "image/heic"
    case .heif: "image/heif"
    }
  }

  /// The extension of a file that is saved, without a dot.
  package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  /// Whether a page may show it in place. The others are kept and offered for download: common
  /// browsers cannot show them.
  package var isShownInline: Bool {
    switch self {
    case .jpeg, .png, .pdf, .mp4: true
    case .heic, .heif: false
    }
  }

  /// What a file's beginning is judged to be.
  package enum Judgement: Hashable, Sendable {
    /// A format that is taken.
    case format(EvidenceFormat)
    /// Not to be taken, and why.
    case refused(EvidenceRefusal)
  }

  /// Judges a file by its beginning.
  ///
  /// - Parameter head: the file's first ``EvidenceBounds/headBytes`` bytes, or all of a shorter
  ///   file. Of a longer one, the rest is not looked at.
  package static func judge(head: some Collection<UInt8>) -> Judgement {
    let view = ByteView(Array(head.prefix(EvidenceBounds.headBytes)))
    guard view.count > 0 else { return .refused(.empty) }
    guard view.count >= EvidenceBounds.shortestFileBytes else {
      return .refused(.tooShort(view.count))
    }
    return JPEGFile.judge(view) ?? PNGFile.judge(view) ?? PDFHeader.judge(view)
      ?? FileTypeBox.judge(view) ?? .refused(.unknownFormat)
  }
}
