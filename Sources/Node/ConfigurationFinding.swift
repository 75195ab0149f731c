package import Regions

/// One thing that is wrong in a `node.yaml`, with its exact place and its cure.
package struct ConfigurationFinding: Hashable, Sendable {
  /// The kind of finding. The raw value is the stable word for logs and JSON.
  package enum Code: String, CaseIterable, Sendable {
    case fileTooLarge = "file_too_large"
    case yamlSyntax = "yaml_syntax"
    case tooDeep = "too_deep"
    case duplicateKey = "duplicate_key"
    case unknownKey = "unknown_key"
    case missingKey = "missing_key"
    case wrongType = "wrong_type"
    case malformedID = "malformed_id"
    case malformedAddress = "malformed_address"
    case listenNotIP = "listen_not_ip"
    case unknownWord = "unknown_word"
    case outOfRange = "out_of_range"
    case notTheCertificate = "not_the_certificate"
  }

  /// The line, from 1.
  package let line: Int
  /// The column, from 1.
  package let column: Int
  /// The kind of finding.
  package let code: Code
  /// The word in the file that the finding is about; may be empty.
  package let subject: String
  /// The second thing that the message needs; may be empty.
  package let detail: String

  /// A finding; a subject or detail over 200 characters is shortened.
  package init(line: Int, column: Int, code: Code, subject: String = "", detail: String = "") {
    self.line = line
    self.column = column
    self.code = code
    self.subject = Self.shortened(subject)
    self.detail = Self.shortened(detail)
  }

  /// The longest piece of a file that a message repeats, in characters.
  private static let longestQuotation = 200

  private static func shortened(_ text: String) -> String {
    text.count <= longestQuotation ? text : text.prefix(longestQuotation) + "…"
  }

  /// What is wrong, in that language.
  package func message(in language: Language) -> String {
    switch language {
    case .zh: messageZH
    case .en: messageEN
    }
  }

  /// What to do, in that language.
  package func cure(in language: Language) -> String {
    switch language {
    case .zh: cureZH
    case .en: cureEN
    }
  }

  private var messageEN: String {
    switch code {
    case .fileTooLarge: "The file has \(subject) bytes, more than \(detail)."
    case .yamlSyntax: "The text is not YAML: \(subject)."
    case .tooDeep: "The text is nested too deep."
    case .duplicateKey: "The key “\(subject)” stands twice."
    case .unknownKey: "“\(subject)” is no key here."
    case .missingKey: "The key “\(subject)” is missing."
    case .wrongType: "A \(detail == "mapping" ? "mapping (key: value)" : "text") is expected here."
    case .malformedID: "“\(subject)” is no id."
    case .malformedAddress: "“\(subject)” is no address."
    case .listenNotIP: "“\(subject)” names no IP address to listen on."
    case .unknownWord: "“\(subject)” is none of the words allowed here."
    case .outOfRange: "“\(subject)” is not within \(detail)."
    case .notTheCertificate: "“\(subject)” is not what the node's certificate says: \(detail)."
    }
  }

  private var cureEN: String {
    switch code {
    case .fileTooLarge: "Is it the right file?"
    case .yamlSyntax: "Mend the indentation, quotes or colons at or before this place."
    case .tooDeep: "Write one setting on each line."
    case .duplicateKey: "Keep one of the two."
    case .unknownKey: "Remove or correct it; the keys here are \(detail)."
    case .missingKey: "Add a line `\(subject): ...`."
    case .wrongType: "See the explanation at the top of the file."
    case .malformedID: "Use 1 to 40 of a-z, 0-9 and inner hyphens, for example `banpu-zhen`."
    case .malformedAddress: "Write host:port, for example `10.0.3.7:7420` or `[fd00::7]:7420`."
    case .listenNotIP: "Write an IP address of this machine, or `0.0.0.0` for all of them."
    case .unknownWord: "Use one of \(detail)."
    case .outOfRange: "Write a whole number within the range, or remove the line."
    case .notTheCertificate: "Correct the line, or install this node's own certificate."
    }
  }

  private var messageZH: String {
    switch code {
    case .fileTooLarge: "文件有 \(subject) 字节,超过上限 \(detail) 字节。"
    case .yamlSyntax: "不是合法的 YAML 文本:\(subject)。"
    case .tooDeep: "嵌套过深。"
    case .duplicateKey: "键“\(subject)”重复。"
    case .unknownKey: "此处没有“\(subject)”这个键。"
    case .missingKey: "缺少键“\(subject)”。"
    case .wrongType: "此处应为\(detail == "mapping" ? "键值对(键: 值)" : "文字")。"
    case .malformedID: "“\(subject)”不是合法的标识。"
    case .malformedAddress: "“\(subject)”不是合法的地址。"
    case .listenNotIP: "“\(subject)”不是可监听的 IP 地址。"
    case .unknownWord: "“\(subject)”不是此处可用的词。"
    case .outOfRange: "“\(subject)”不在 \(detail) 之内。"
    case .notTheCertificate: "“\(subject)”与本节点证书不符,证书为 \(detail)。"
    }
  }

  private var cureZH: String {
    switch code {
    case .fileTooLarge: "请确认是否选对了文件。"
    case .yamlSyntax: "请检查此处及之前的缩进、引号和冒号。"
    case .tooDeep: "请每行写一项设置。"
    case .duplicateKey: "请只保留一个。"
    case .unknownKey: "请删除或更正;此处可用的键:\(detail)。"
    case .missingKey: "请补上一行 `\(subject): ...`。"
    case .wrongType: "写法见文件开头的说明。"
    case .malformedID: "请用 1 至 40 个 a-z、0-9 及中间的连字符,如 `banpu-zhen`。"
    case .malformedAddress: "请写成 主机:端口,如 `10.0.3.7:7420` 或 `[fd00::7]:7420`。"
    case .listenNotIP: "请写本机的 IP 地址,或用 `0.0.0.0` 表示全部地址。"
    case .unknownWord: "请用其中之一:\(detail)。"
    case .outOfRange: "请写范围内的整数,或删去此行。"
    case .notTheCertificate: "请更正此行,或安装本节点自己的证书。"
    }
  }
}

extension ConfigurationFinding: Comparable {
  /// Findings come in the order of the file.
  package static func < (a: ConfigurationFinding, b: ConfigurationFinding) -> Bool {
    (a.line, a.column, a.code.rawValue, a.subject) < (b.line, b.column, b.code.rawValue, b.subject)
  }
}
