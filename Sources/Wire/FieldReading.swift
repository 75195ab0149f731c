import FoundationEssentials
import Ledger
import Regions
import Replication

/// Names the message in which `body` finds a fault.
func at<Value>(
  _ name: String, _ body: () throws(MalformedFrame) -> Value
) throws(MalformedFrame) -> Value {
  do {
    return try body()
  } catch {
    throw error.inside(name)
  }
}

/// Reads a repeated field, naming the element in which there is a fault.
func each<Element, Value>(
  _ elements: [Element], _ name: String, _ read: (Element) throws(MalformedFrame) -> Value
) throws(MalformedFrame) -> [Value] {
  var values: [Value] = []
  values.reserveCapacity(elements.count)
  for element in elements {
    do {
      values.append(try read(element))
    } catch {
      throw error.inside("\(name)[\(values.count)]")
    }
  }
  return values
}

/// The checks of fields that several messages share. Each takes the field's name for the error.
enum Read {
  static func regionID(_ text: String, _ name: String) throws(MalformedFrame) -> RegionID {
    guard let region = RegionID(text) else {
      throw MalformedFrame("ill-formed region id", at: name)
    }
    return region
  }

  static func positive(_ number: UInt32, _ name: String) throws(MalformedFrame) -> UInt32 {
    guard number > 0 else { throw MalformedFrame("zero", at: name) }
    return number
  }

  static func position(_ number: UInt64, _ name: String) throws(MalformedFrame) -> UInt64 {
    guard number <= WireBounds.position else {
      throw MalformedFrame("\(number) is out of range", at: name)
    }
    return number
  }

  static func text(_ text: String, _ name: String, most: Int) throws(MalformedFrame) -> String {
    guard text.utf8.count <= most else {
      throw MalformedFrame("\(text.utf8.count) bytes, more than \(most)", at: name)
    }
    return text
  }

  static func hash(_ bytes: Data, _ name: String) throws(MalformedFrame) -> Hash {
    guard bytes.count == Hash.byteCount else {
      throw MalformedFrame("hash of \(bytes.count) bytes", at: name)
    }
    return bytes.withUnsafeBytes { Hash($0) }
  }

  static func hashes(_ bytes: Data, _ name: String, most: Int) throws(MalformedFrame) -> [Hash] {
    try records(bytes, name, of: Hash.byteCount, most: most) { record in Hash(record) }
  }

  static func key(_ bytes: Data, _ name: String) throws(MalformedFrame) -> SetKey {
    let keys = try keys(bytes, name)
    guard let key = keys.first, keys.count == 1 else {
      throw MalformedFrame("\(keys.count) keys where there is one", at: name)
    }
    return key
  }

  /// At most that many keys.
  static func keys(
    _ bytes: Data, _ name: String, atMost bound: Int = ReplicationBounds.itemsPerClaim
  ) throws(MalformedFrame) -> [SetKey] {
    try records(
      bytes, name, of: WireBounds.setKeyBytes, most: bound
    ) { record throws(MalformedFrame) in
      let time = UInt64(bigEndian: record.loadUnaligned(as: UInt64.self))
      guard time <= WireBounds.signed else {
        throw MalformedFrame("time \(time) is out of range", at: name)
      }
      return SetKey(
        time: HybridTime(rawValue: time),
        hash: Hash(UnsafeRawBufferPointer(rebasing: record.dropFirst(8))))
    }
  }

  /// Reads a bytes field that is a row of records of `size` bytes each.
  private static func records<Value>(
    _ bytes: Data, _ name: String, of size: Int, most: Int,
    _ read: (UnsafeRawBufferPointer) throws(MalformedFrame) -> Value
  ) throws(MalformedFrame) -> [Value] {
    guard bytes.count.isMultiple(of: size) else {
      throw MalformedFrame("\(bytes.count) bytes, no multiple of \(size)", at: name)
    }
    guard bytes.count / size <= most else {
      throw MalformedFrame("\(bytes.count / size) of them, more than \(most)", at: name)
    }
    var values: [Value] = []
    values.reserveCapacity(bytes.count / size)
    let isRead = bytes.withUnsafeBytes { buffer in
      Result { () throws(MalformedFrame) in
        for start in stride(from: 0, to: buffer.count, by: size) {
          values.append(
            try read(UnsafeRawBufferPointer(rebasing: buffer[start..<start + size])))
        }
      }
    }
    try isRead.get()
    return values
  }
}
