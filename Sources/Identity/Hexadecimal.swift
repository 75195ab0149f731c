/// Bytes as people read them: lower-case hex, two digits a byte, no separators.
enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      text += byte < 16 ? "0" : ""
      text += String(byte, radix: 16)
    }
    return text
  }
}
