/// Builds EXIF data, as a camera would.
struct SampleExif {
  typealias Fraction = (numerator: UInt32, denominator: UInt32)

  var isBigEndian = true
  var dateTime: String? = "2024:05:06 07:08:09"
  var fraction: String? = "25"
  var offset: String? = "+08:00"
  var latitude: (value: [Fraction], side: String)? = ([(34, 1), (36, 1), (1234, 100)], "N")
  var longitude: (value: [Fraction], side: String)? = ([(119, 1), (13, 1), (30, 1)], "E")
  var satelliteDate: String? = "2024:05:05"
  var satelliteTime: [Fraction]? = [(23, 1), (8, 1), (9, 1)]
  var datum: String? = "WGS-84"

  var bytes: [UInt8] {
    let details = [
      dateTime.map { text(0x9003, $0) }, offset.map { text(0x9011, $0) },
      fraction.map { text(0x9291, $0) },
    ]
    let satellite = [
      latitude.map { text(1, $0.side) }, latitude.map { fractions(2, $0.value) },
      longitude.map { text(3, $0.side) }, longitude.map { fractions(4, $0.value) },
      satelliteTime.map { fractions(7, $0) }, datum.map { text(0x12, $0) },
      satelliteDate.map { text(0x1D, $0) },
    ]
    let start = 8 + Self.directoryBytes(entries: 2)
    let detailBytes = directory(details.compactMap { $0 }, at: start)
    let second = start + detailBytes.count
    let main = [
      Entry(tag: 0x8769, type: 4, count: 1, value: number(start, 4)),
      Entry(tag: 0x8825, type: 4, count: 1, value: number(second, 4)),
    ]
    return header + directory(main, at: 8) + detailBytes
      + directory(satellite.compactMap { $0 }, at: second)
  }

  /// The eight bytes before the first directory.
  var header: [UInt8] { Array((isBigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4) }

  struct Entry {
    let tag: Int
    let type: Int
    let count: Int
    let value: [UInt8]
  }

  func text(_ tag: Int, _ text: String) -> Entry {
    Entry(tag: tag, type: 2, count: text.utf8.count + 1, value: Array(text.utf8) + [0])
  }

  func fractions(_ tag: Int, _ values: [Fraction]) -> Entry {
    Entry(
      tag: tag, type: 5, count: values.count,
      value: values.flatMap { number(Int($0.numerator), 4) + number(Int($0.denominator), 4) })
  }

  /// A directory and the values that do not fit into its entries.
  func directory(_ entries: [Entry], at offset: Int) -> [UInt8] {
    var bytes = number(entries.count, 2)
    var values: [UInt8] = []
    for entry in entries {
      bytes += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4)
      if entry.value.count <= 4 {
        bytes += entry.value + Array(repeating: 0, count: 4 - entry.value.count)
      } else {
        let place = offset + Self.directoryBytes(entries: entries.count) + values.count
        bytes += number(place, 4)
        values += entry.value + Array(repeating: 0, count: entry.value.count % 2)
      }
    }
    return bytes + number(0, 4) + values
  }

  func number(_ value: Int, _ count: Int) -> [UInt8] {
    let bytes = bigEndian(value, count)
    return isBigEndian ? bytes : bytes.reversed()
  }

  static func directoryBytes(entries: Int) -> Int { 2 + 12 * entries + 4 }
}

func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
