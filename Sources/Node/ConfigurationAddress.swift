import Glibc

/// `host:port`: where a node listens, or where it dials.
package struct ConfigurationAddress: Hashable, Sendable, CustomStringConvertible {
  /// A DNS name or an IP address; an IPv6 address stands without its brackets.
  package let host: String
  /// The TCP port, 1 to 65535.
  package let port: Int

  /// The longest host, in bytes (RFC 1035, 2.3.4).
  package static let maximumHostLength = 253

  /// Reads `host:port`, an IPv6 address in brackets; `nil` for anything else.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(Self.isDigit),
      let port = Int(digits)
    else { return nil }
    var host = String(text[..<colon])
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 2
    if isBracketed { host = String(host.dropFirst().dropLast()) }
    // Without brackets the last colon of an IPv6 address would pass for the port's.
    guard host.contains(":") == isBracketed else { return nil }
    self.init(host: host, port: port)
  }

  /// Accepts an IP address without brackets or a DNS name, and a port; `nil` for anything else.
  package init?(host: String, port: Int) {
    guard (1...65_535).contains(port), Self.isIP(host) || Self.isName(host) else { return nil }
    self.host = host
    self.port = port
  }

  /// Whether the host is an IP address, on which a node can listen.
  package var isIPAddress: Bool { Self.isIP(host) }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static func isIP(_ host: String) -> Bool {
    // A NUL inside the text would end it early for the C call.
    guard !host.utf8.contains(0) else { return false }
    var bytes = [UInt8](repeating: 0, count: 16)
    return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1
  }

  private static func isName(_ host: String) -> Bool {
    guard (1...maximumHostLength).contains(host.utf8.count) else { return false }
    let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // A last label of digits alone is a mistyped address.
    guard let last = labels.last, !last.allSatisfy(isDigit) else { return false }
    let hyphen = UInt8(ascii: "-")
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
        && label.allSatisfy { isDigit($0) || isLetter($0) || $0 == hyphen }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
