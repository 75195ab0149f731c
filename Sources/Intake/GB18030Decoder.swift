import Glibc

/// Decodes GB18030 through the C library's `iconv`. One decoder serves one reader at a time.
final class GB18030Decoder {
  private let descriptor: iconv_t

  /// - Throws: ``IntakeError`` `missing_decoder` if the C library lacks the conversion.
  init() throws {
    descriptor = iconv_open("UTF-8", "GB18030")
    guard Int(bitPattern: descriptor) != -1 else {
      throw IntakeError(
        .missingDecoder,
        zh: "本机 C 库不能解码 GB18030;请安装其字符转换模块(gconv),或把文件另存为 CSV UTF-8",
        en: "this host's C library cannot decode GB18030; install its character conversion "
          + "modules (gconv), or save the file as CSV UTF-8")
    }
  }

  deinit {
    if Int(bitPattern: descriptor) != -1 { iconv_close(descriptor) }
  }

  /// The text up to the first malformed byte, and how many bytes that text took: all of them when
  /// the input is well formed.
  func decode(_ bytes: ArraySlice<UInt8>) -> (text: String, byteCount: Int) {
    guard !bytes.isEmpty else { return ("", 0) }
    // A call without input brings the descriptor back to its initial state.
    iconv(descriptor, nil, nil, nil, nil)
    var input = bytes.map { CChar(bitPattern: $0) }
    // No GB18030 sequence grows by more than half in UTF-8, so twice the input is always enough.
    let capacity = bytes.count * 2 + 16
    var byteCount = 0
    let output = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
      target.withMemoryRebound(to: CChar.self) { room in
        input.withUnsafeMutableBufferPointer { source in
          var from = source.baseAddress
          var fromLeft = source.count
          var to = room.baseAddress
          var toLeft = room.count
          _ = iconv(descriptor, &from, &fromLeft, &to, &toLeft)
          byteCount = source.count - fromLeft
          count = room.count - toLeft
        }
      }
    }
    return (String(decoding: output, as: UTF8.self), byteCount)
  }
}
