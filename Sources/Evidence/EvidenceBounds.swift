/// The limits of looking into an evidence file. Work and memory stay below them, whatever the
/// bytes say.
package enum EvidenceBounds {
  /// How many bytes from a file's beginning its format is judged by.
  package static let headBytes = 4096
  /// A file of fewer bytes is cut off, whatever it was.
  package static let shortestFileBytes = 16
  /// The most brands that an ISO media file may claim to be compatible with.
  package static let brands = 64
  /// The most bytes of EXIF data that are looked at.
  package static let exifBytes = 1024 * 1024
  /// The most marker segments and fill bytes of a JPEG that are passed over in search of EXIF.
  package static let jpegSegments = 512
  /// The most chunks of a PNG that are passed over in search of EXIF.
  package static let pngChunks = 16_384
  /// The most boxes at one level of an ISO media file that are passed over.
  package static let boxes = 256
  /// The largest `meta` box of a HEIC file that is looked at, in bytes.
  package static let metaBoxBytes = 1024 * 1024
  /// The most items of a HEIC file, its tiles included, that are looked through.
  package static let items = 4096
  /// The most pieces that a HEIC file's EXIF data may lie in.
  package static let extents = 16
  /// The most entries of one EXIF directory that are looked through.
  package static let directoryEntries = 512
  /// The longest EXIF text that is read, in bytes.
  package static let exifTextBytes = 64
}
