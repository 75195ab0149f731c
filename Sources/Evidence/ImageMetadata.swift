/// When and where a picture says that it was taken.
///
/// It is what the file claims, which anybody can write: a hint for people, no proof. A part that is
/// absent, malformed or out of range is `nil`, and the other parts are read all the same.
package struct ImageMetadata: Hashable, Sendable {
  /// When, by the camera's clock: EXIF DateTimeOriginal with its SubSecTime and OffsetTime. The time
  /// of a later change of the file (DateTime) never stands in for it.
  package var cameraTime: CameraTime?
  /// When, by the satellites: milliseconds since 1970-01-01T00:00:00Z. Often the time of the last
  /// fix, some minutes before the picture.
  package var satelliteTimeMilliseconds: Int64?
  /// Where. Some phones write latitude and longitude zero when they had no fix.
  package var position: Position?

  /// A place in degrees of WGS-84. A file that states another datum has no position here.
  package struct Position: Hashable, Sendable {
    /// -90 to 90, north positive.
    package var latitude: Double
    /// -180 to 180, east positive.
    package var longitude: Double

    /// `nil` out of range.
    package init?(latitude: Double, longitude: Double) {
      guard -90...90 ~= latitude, -180...180 ~= longitude else { return nil }
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// A picture that says nothing.
  package static let none = ImageMetadata()

  /// Reads a file's EXIF data: of JPEG (first APP1 Exif segment), PNG (eXIf chunk) and HEIC or HEIF
  /// (first Exif item). PDF and MP4 say nothing here; nor do XMP and makers' notes.
  ///
  /// - Parameters:
  ///   - pieces: gives bytes of the file; asked for a few kilobytes mostly, and never for more than
  ///     ``EvidenceBounds/exifBytes`` and a header at a time.
  /// - Throws: what `pieces` throws, and nothing else.
  package static func read(
    _ format: EvidenceFormat, from pieces: EvidencePieces
  ) throws -> ImageMetadata {
    let exif: [UInt8]? =
      switch format {
      case .jpeg: try JPEGFile.exif(in: pieces)
      case .png: try PNGFile.exif(in: pieces)
      case .heic, .heif: try HEIFFile.exif(in: pieces)
      case .pdf, .mp4: nil
      }
    guard let exif, let block = ExifBlock(exif) else { return .none }
    return ImageMetadata(block)
  }

  /// Reads the EXIF data of a whole file in memory.
  package static func read(_ format: EvidenceFormat, content: [UInt8]) -> ImageMetadata {
    let pieces: EvidencePieces = { offset, count in
      Array(content.dropFirst(max(0, offset)).prefix(max(0, count)))
    }
    return (try? read(format, from: pieces)) ?? .none
  }
}

extension ImageMetadata {
  private init(_ block: ExifBlock) {
    let main = block.firstDirectory
    if let details = main.directory(.exifDirectory) {
      cameraTime = CameraTime(
        text: details.text(.dateTimeOriginal), fraction: details.text(.subSecondOriginal),
        offset: details.text(.offsetTimeOriginal))
    }
    if let satellite = main.directory(.gpsDirectory) {
      satelliteTimeMilliseconds = Self.satelliteTime(satellite)
      position = Self.position(satellite)
    }
  }

  private static func position(_ satellite: ExifDirectory) -> Position? {
    // "WGS-84", as the standard demands for this field, is spelled in many ways.
    let datum = (satellite.text(.datum) ?? "").filter { $0.isLetter || $0.isNumber }
    guard datum.isEmpty || datum.uppercased() == "WGS84",
      let latitude = degrees(satellite, .latitude, .latitudeSide, positive: "N", negative: "S"),
      let longitude = degrees(satellite, .longitude, .longitudeSide, positive: "E", negative: "W")
    else { return nil }
    return Position(latitude: latitude, longitude: longitude)
  }

  /// Degrees, minutes and seconds, each of which may have a fraction.
  private static func degrees(
    _ satellite: ExifDirectory, _ value: ExifTag, _ side: ExifTag, positive: String,
    negative: String
  ) -> Double? {
    guard let parts = satellite.rationals(value, count: 3), parts[1] <= 60, parts[2] <= 60 else {
      return nil
    }
    let degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    switch satellite.text(side) {
    case positive: return degrees
    case negative: return -degrees
    default: return nil
    }
  }

  private static func satelliteTime(_ satellite: ExifDirectory) -> Int64? {
    guard let date = satellite.text(.satelliteDate).map({ Array($0.utf8) }),
      let days = CameraTime.days(date[...]),
      let parts = satellite.rationals(.satelliteTime, count: 3),
      parts[0] < 24, parts[1] < 60, parts[2] < 60
    else { return nil }
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return Int64(days) * CameraTime.millisecondsPerDay + Int64((seconds * 1000).rounded())
  }
}
