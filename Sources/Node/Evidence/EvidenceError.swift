import Evidence
import Glibc
package import Regions

/// An operating error with evidence files: what the person is told, in both languages.
package struct EvidenceError: Error, Sendable, CustomStringConvertible {
  /// What kind of error it is; more kinds may be added.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let rawValue: String

    /// The file is not held here.
    package static let notFound = Code(rawValue: "not_found")
    /// The file is larger than the limit.
    package static let tooLarge = Code(rawValue: "too_large")
    /// The disk has no room for the file.
    package static let noSpace = Code(rawValue: "no_space")
    /// The file has fewer or more bytes than were announced.
    package static let wrongLength = Code(rawValue: "wrong_length")
    /// The content has another hash than the one that it was asked for by.
    package static let wrongContent = Code(rawValue: "wrong_content")
    /// The same file is being fetched already.
    package static let busy = Code(rawValue: "busy")
    /// As many files are half fetched as may be.
    package static let tooManyTransfers = Code(rawValue: "too_many_transfers")
    /// A link or another thing stands where a file or folder of ours should.
    package static let foreign = Code(rawValue: "foreign")
    /// The system refused to read or write.
    package static let inputOutput = Code(rawValue: "input_output")
  }

  package let code: Code
  /// What is wrong, where, and what to do, in Chinese.
  package let chinese: String
  /// What is wrong, where, and what to do, in English.
  package let english: String
  package let cause: (any Error)?

  init(_ code: Code, zh chinese: String, en english: String, cause: (any Error)? = nil) {
    self.code = code
    self.chinese = chinese
    self.english = english
    self.cause = cause
  }

  /// The message in that language.
  package func message(in language: Language) -> String {
    switch language {
    case .zh: chinese
    case .en: english
    }
  }

  package var description: String { cause.map { "\(english) (\($0))" } ?? english }
}

extension EvidenceError {
  /// What a failed system call on that path means.
  static func failed(_ failure: HomeSystemFailure, at path: String) -> EvidenceError {
    switch failure.number {
    case ENOSPC, EDQUOT:
      EvidenceError(
        .noSpace, zh: "无法写入 \(path):磁盘已满;请清理磁盘后重试",
        en: "cannot write \(path): the disk is full; make room and try again", cause: failure)
    case ELOOP, ENOTDIR, EISDIR: foreign(path)
    default:
      EvidenceError(
        .inputOutput, zh: "无法读写 \(path);请检查磁盘、挂载和目录属主",
        en: "cannot read or write \(path); check the disk, the mount and the owner", cause: failure)
    }
  }

  static func foreign(_ path: String) -> EvidenceError {
    EvidenceError(
      .foreign, zh: "\(path) 是符号链接或其他对象,不是本系统的文件或目录,不予使用;请将其移走",
      en: "\(path) is a link or something else that is no file or folder of ours, and is not "
        + "followed; move it away")
  }

  static func notFound(_ name: EvidenceName) -> EvidenceError {
    EvidenceError(
      .notFound, zh: "本节点没有证据文件 \(name);请等待同步或向上级节点索取",
      en: "the evidence file \(name) is not held here; wait until it is fetched, or ask the parent")
  }

  static func tooLarge(limit: Int) -> EvidenceError {
    EvidenceError(
      .tooLarge, zh: "证据文件超过上限 \(limit) 字节;请压缩或拆分后上传",
      en: "the evidence file is larger than \(limit) bytes; compress or split it")
  }

  static func noSpace(_ path: String, needed: Int, free: Int) -> EvidenceError {
    EvidenceError(
      .noSpace,
      zh: "\(path) 所在磁盘仅余 \(free) 字节,写入需要 \(needed) 字节(含为台账预留的空间);请清理磁盘后重试",
      en: "the disk of \(path) has \(free) bytes free and \(needed) are needed, those kept for the "
        + "ledger included; make room and try again")
  }

  static func wrongLength(_ found: Int, announced: Int) -> EvidenceError {
    EvidenceError(
      .wrongLength, zh: "收到 \(found) 字节,应为 \(announced) 字节;传输不完整或有误,请重新传输",
      en: "\(found) bytes came and \(announced) were announced; send the file again")
  }

  static func wrongContent(_ name: EvidenceName) -> EvidenceError {
    EvidenceError(
      .wrongContent, zh: "收到的内容与证据文件 \(name) 的哈希不符,已删除;请重新获取",
      en: "what came is not the evidence file \(name), by its hash, and was removed; fetch it again"
    )
  }

  static func busy(_ path: String) -> EvidenceError {
    EvidenceError(
      .busy, zh: "\(path) 正由另一传输写入;请等待其结束",
      en: "\(path) is being written by another transfer; wait until that has ended")
  }

  static func tooManyTransfers(limit: Int) -> EvidenceError {
    EvidenceError(
      .tooManyTransfers, zh: "未完成的证据传输已达 \(limit) 个;请先完成或放弃其中一些",
      en: "\(limit) evidence files are half fetched, the most that may be; end some of them first")
  }
}
