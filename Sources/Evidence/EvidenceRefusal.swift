/// Why a file is not taken as evidence (证据文件).
package struct EvidenceRefusal: Hashable, Sendable, CustomStringConvertible {
  /// The kind of refusal. Open: later versions add codes.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The word used in logs and JSON.
    package let name: String

    /// A code of that name.
    package init(_ name: String) { self.name = name }

    package var description: String { name }

    /// The file has no bytes.
    package static let empty = Code("empty_file")
    /// The file begins like a known format, but its header is cut off or wrong.
    package static let damagedHeader = Code("damaged_header")
    /// The file claims to be of two formats.
    package static let contradictory = Code("contradictory_format")
    /// The format is none of those that are taken.
    package static let unknownFormat = Code("unknown_format")
  }

  /// The kind of refusal.
  package let code: Code
  /// What is wrong and what to do.
  package let text: EvidenceText

  package var description: String { "\(code): \(text.en)" }

  private init(_ code: Code, zh: String, en: String) {
    self.code = code
    self.text = EvidenceText(zh: zh, en: en)
  }

  static let empty = EvidenceRefusal(
    .empty, zh: "文件是空的;请重新选择文件上传", en: "the file is empty; choose the file again")

  static func tooShort(_ byteCount: Int) -> EvidenceRefusal {
    EvidenceRefusal(
      .damagedHeader, zh: "文件只有 \(byteCount) 字节,不完整;请重新上传原文件",
      en: "the file has only \(byteCount) bytes and is cut off; send the original again")
  }

  static func damagedHeader(_ format: String) -> EvidenceRefusal {
    EvidenceRefusal(
      .damagedHeader, zh: "文件开头像 \(format),但文件头残缺或损坏;请重新上传原文件",
      en: "the file begins like \(format), but its header is cut off or damaged; send the "
        + "original again")
  }

  static func contradictory(_ one: String, _ other: String) -> EvidenceRefusal {
    EvidenceRefusal(
      .contradictory, zh: "文件同时自称 \(one) 和 \(other),无法认定格式;请另存为其中一种后上传",
      en: "the file claims to be both \(one) and \(other); save it as one of them and send that")
  }

  static let unknownFormat = EvidenceRefusal(
    .unknownFormat,
    zh: "不支持此文件格式(按内容判断,与文件名无关);可上传 JPEG、PNG、PDF、MP4 和 HEIC/HEIF,请另存为其中一种",
    en: "the file's format, judged by its content and not by its name, is not taken; JPEG, PNG, "
      + "PDF, MP4 and HEIC/HEIF are, so save it as one of them")
}
