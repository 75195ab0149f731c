package import Regions

/// What came of reading all evidence files.
package struct EvidenceVerification: Hashable, Sendable {
  /// How many files were read, the damaged ones included.
  package internal(set) var fileCount = 0
  /// Their bytes.
  package internal(set) var byteCount = 0
  /// How much is wrong.
  package private(set) var findingCount = 0
  /// What is wrong, by path; of very many, the first thousand.
  package private(set) var findings: [EvidenceFinding] = []

  /// Whether all is well.
  package var isSound: Bool { findingCount == 0 }

  mutating func add(_ kind: EvidenceFinding.Kind, _ path: String) {
    findingCount += 1
    if findings.count < EvidenceLimits.findings {
      findings.append(EvidenceFinding(kind: kind, path: path))
    }
  }
}

/// One thing that is wrong in the folder of evidence.
package struct EvidenceFinding: Hashable, Sendable {
  /// What is wrong. The raw value is the stable word for logs and JSON.
  package enum Kind: String, Sendable {
    /// A file's content is not what its name says.
    case damaged
    /// Something that is none of ours; it is never served and may be moved away.
    case foreign
    /// The system did not let it be read.
    case unreadable
  }

  package let kind: Kind
  /// The path below the folder of evidence.
  package let path: String

  /// What is wrong and what to do, in that language.
  package func message(in language: Language) -> String {
    switch (kind, language) {
    case (.damaged, .zh): "\(path) 的内容与文件名中的哈希不符,已损坏;请从备份恢复或向其他节点重新获取"
    case (.damaged, .en):
      "\(path) is damaged: its content has another hash; restore it from a backup, or fetch it anew"
    case (.foreign, .zh): "\(path) 不是本系统的证据文件;请核实后移走"
    case (.foreign, .en): "\(path) is no evidence file of ours; look at it and move it away"
    case (.unreadable, .zh): "\(path) 无法读取;请检查磁盘和权限"
    case (.unreadable, .en): "\(path) cannot be read; check the disk and the permissions"
    }
  }
}
