import Yams

extension TopologyReader {
  /// A region's id, or the deployment's word.
  mutating func readID(_ node: Node) -> TopologyDraft.Placed<RegionID>? {
    guard let text = readText(node) else { return nil }
    guard let id = RegionID(text.value) else {
      note(.malformedID, at: text.position, subject: text.value)
      return nil
    }
    return .init(value: id, position: text.position)
  }

  /// A key such as a department's: lower-case ASCII letters, digits and `_`, a letter first, at
  /// most 32 bytes.
  mutating func readWord(_ node: Node) -> TopologyDraft.Placed<String>? {
    guard let text = readText(node) else { return nil }
    let bytes = text.value.utf8
    let isLetter: (UInt8) -> Bool = { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    guard bytes.count <= 32, bytes.first.map(isLetter) == true,
      bytes.allSatisfy({ isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") })
    else {
      note(.malformedWord, at: text.position, subject: text.value)
      return nil
    }
    return text
  }

  /// A name for people: one line of at most 60 characters, no space at its ends.
  mutating func readName(_ node: Node) -> TopologyDraft.Placed<String>? {
    guard let text = readText(node) else { return nil }
    guard text.value.unicodeScalars.count <= 60, !text.value.contains(where: \.isNewline),
      text.value == text.value.trimmingASCIISpaces()
    else {
      note(.malformedName, at: text.position, subject: text.value)
      return nil
    }
    return text
  }

  /// The period of `from` and `to`, or the other one where neither is given; `nil` if malformed.
  mutating func readPeriod(_ fields: [String: Node], otherwise: DayPeriod) -> DayPeriod? {
    guard fields["from"] != nil || fields["to"] != nil else { return otherwise }
    let from = fields["from"].flatMap { readDay($0) }
    let to = fields["to"].flatMap { readDay($0) }
    if fields["from"] != nil && from == nil || fields["to"] != nil && to == nil { return nil }
    if let period = DayPeriod(from: from, to: to) { return period }
    note(
      .periodReversed, at: FilePosition(fields["to"]?.mark), subject: to?.description ?? "",
      detail: from?.description ?? "")
    return nil
  }

  private mutating func readDay(_ node: Node) -> CalendarDay? {
    guard let text = readText(node) else { return nil }
    guard let day = CalendarDay(text.value) else {
      note(.malformedDate, at: text.position, subject: text.value)
      return nil
    }
    return day
  }

  /// A division code: 6, 9 or 12 digits in the systems of the statistics bureau and the ministry
  /// (county, township and village level), and 1 to 32 letters, digits, dots and hyphens elsewhere.
  mutating func readCode(_ node: Node, in system: String) -> TopologyDraft.Placed<String>? {
    guard let text = readText(node) else { return nil }
    let bytes = text.value.utf8
    let isGood =
      if system.hasPrefix("nbs") || system.hasPrefix("mca") {
        [6, 9, 12].contains(bytes.count) && bytes.allSatisfy(Self.isDigit)
      } else {
        bytes.count <= 32
          && bytes.allSatisfy { byte in
            Self.isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
          }
      }
    guard isGood else {
      note(.malformedCode, at: text.position, subject: text.value)
      return nil
    }
    return text
  }

  /// `host:port`: a DNS name, an IPv4 address or an IPv6 address in brackets, and a port from 1 to
  /// 65535.
  mutating func readAddress(_ node: Node) -> String? {
    guard let text = readText(node) else { return nil }
    guard Self.isAddress(text.value) else {
      note(.malformedAddress, at: text.position, subject: text.value)
      return nil
    }
    return text.value
  }

  private static func isAddress(_ text: String) -> Bool {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return false }
    let host = Array(text.utf8[..<colon])
    let port = text.utf8[text.utf8.index(after: colon)...]
    guard (1...5).contains(port.count), port.allSatisfy(isDigit),
      let number = Int(Substring(port)), (1...65535).contains(number)
    else { return false }
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      let inner = host.dropFirst().dropLast()
      return (2...45).contains(inner.count)
        && inner.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    }
    let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return host.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
          && label.last != UInt8(ascii: "-")
          && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
      }
  }

  /// A mapping of `latitude` and `longitude` in degrees.
  mutating func readLocation(_ node: Node) -> Topology.Location? {
    let keys = ["latitude", "longitude"]
    guard let fields = readFields(of: node, allowed: keys, required: keys) else { return nil }
    let latitude = fields["latitude"].flatMap { readDegrees($0, limit: 90) }
    let longitude = fields["longitude"].flatMap { readDegrees($0, limit: 180) }
    guard let latitude, let longitude else { return nil }
    return Topology.Location(latitude: latitude, longitude: longitude)
  }

  private mutating func readDegrees(_ node: Node, limit: Double) -> Double? {
    guard let text = readText(node) else { return nil }
    guard let degrees = Double(text.value), (-limit...limit).contains(degrees) else {
      note(.malformedLocation, at: text.position, subject: text.value)
      return nil
    }
    return degrees
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }
}
