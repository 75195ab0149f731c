import Glibc
import SwiftASN1
import X509

/// A name or an address under which a node is reached: a DNS name or an IP address.
package struct HostName: Hashable, Sendable, CustomStringConvertible {
  private enum Form: Hashable, Sendable {
    case dns(String)
    /// 4 or 16 bytes in network order.
    case address([UInt8])
  }

  private let form: Form

  /// The longest DNS name, in bytes (RFC 1035, 2.3.4).
  package static let maximumLength = 253
  /// The longest label of a DNS name, in bytes (RFC 1035, 2.3.4).
  package static let maximumLabelLength = 63
  /// The most names that one certificate carries.
  package static let maximumPerCertificate = 16

  /// Reads a DNS name (letters, digits, inner hyphens; made lower-case; no wildcard) or an IPv4 or
  /// IPv6 address without a zone. `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    let text = String(text)
    if let address = Self.addressBytes(text) {
      form = .address(address)
    } else if let name = Self.dnsName(text) {
      form = .dns(name)
    } else {
      return nil
    }
  }

  /// Reads a name of a certificate; `nil` for a kind that is neither DNS nor IP, or an ill-formed one.
  init?(_ name: GeneralName) {
    switch name {
    case .dnsName(let text):
      guard let name = Self.dnsName(text) else { return nil }
      form = .dns(name)
    case .ipAddress(let octets) where octets.bytes.count == 4 || octets.bytes.count == 16:
      form = .address(Array(octets.bytes))
    default: return nil
    }
  }

  /// The form for a subject alternative name.
  var generalName: GeneralName {
    switch form {
    case .dns(let name): .dnsName(name)
    case .address(let bytes): .ipAddress(.init(contentBytes: bytes[...]))
    }
  }

  package var description: String {
    switch form {
    case .dns(let name): name
    case .address(let bytes): Self.addressText(bytes)
    }
  }

  private static func dnsName(_ text: String) -> String? {
    guard (1...maximumLength).contains(text.utf8.count) else { return nil }
    let name = text.lowercased()
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for label in labels {
      guard (1...maximumLabelLength).contains(label.count), label.first != UInt8(ascii: "-"),
        label.last != UInt8(ascii: "-"), label.allSatisfy(isLabelByte)
      else { return nil }
    }
    // A last label of digits alone is a mistyped address, and resolvers disagree about it.
    guard let last = labels.last, !last.allSatisfy(isDigit) else { return nil }
    return name
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || byte == UInt8(ascii: "-")
  }

  private static func addressBytes(_ text: String) -> [UInt8]? {
    // A NUL inside the text would end it early for the C call.
    guard !text.utf8.contains(0) else { return nil }
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func addressText(_ bytes: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else {
      return Hexadecimal.text(bytes)
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
