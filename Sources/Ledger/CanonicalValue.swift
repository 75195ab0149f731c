/// A value in the ledger's one encoding: the deterministic subset of CBOR (RFC 8949, section 4.2.1)
/// with integers, byte and text strings, arrays, maps with text keys, booleans and null.
///
/// Two equal values have the same bytes, and bytes that are not the shortest form are refused.
package enum CanonicalValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case bytes([UInt8])
  case text(String)
  case array([CanonicalValue])
  case map([String: CanonicalValue])

  /// Reads a value that takes up all of `bytes`.
  ///
  /// - Throws: `MalformedBytes` for anything but the one canonical form.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var decoder = CanonicalDecoder(bytes)
    self = try decoder.value()
    try decoder.finish()
  }

  /// Reads the entries of a map that are wanted, without making values of the others.
  ///
  /// - Returns: those that there are.
  /// - Throws: `MalformedBytes` where `bytes` begin with no map or end before it does. Bytes that
  ///   ``init(decoding:)`` refuses may pass: these are for bytes that it has read.
  package static func entries(
    _ wanted: Set<String>, ofMap bytes: [UInt8]
  ) throws(MalformedBytes) -> [String: CanonicalValue] {
    var decoder = CanonicalDecoder(bytes)
    return try decoder.entries(wanted)
  }

  /// The canonical bytes.
  package var encoded: [UInt8] {
    var encoder = CanonicalEncoder()
    encoder.value(self)
    return encoder.bytes
  }

  /// The value under `key` of a map; `nil` for another shape or a missing key.
  package subscript(key: String) -> CanonicalValue? {
    guard case .map(let entries) = self else { return nil }
    return entries[key]
  }

  /// The text, if this is one.
  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The integer, if this is one.
  package var integer: Int64? {
    guard case .integer(let integer) = self else { return nil }
    return integer
  }

  /// The bytes, if these are such.
  package var bytes: [UInt8]? {
    guard case .bytes(let bytes) = self else { return nil }
    return bytes
  }

  /// The elements, if this is an array.
  package var array: [CanonicalValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }
}

/// Bytes that are not what they should be.
package struct MalformedBytes: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in a few words.
  package let reason: String
  /// The offset at which it was noticed.
  package let offset: Int

  package init(_ reason: String, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  package var description: String { "\(reason) at byte \(offset)" }
}
