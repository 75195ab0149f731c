import CoreFoundation
import Casework
import Glibc
import Identity
import Ledger
import Regions
import Store

/// What is known of a backup.
package struct BackupAnswer: Codable, Hashable, Sendable {
  package let path: String
  package let bytes: UInt64
  package let region: String
  package let tier: String
  package let incarnation: UInt32
  package let verify: VerifyAnswer
  /// The files of evidence that were copied; only where a backup was created or restored.
  package var evidence: EvidenceCopy?
  /// Where the store that was replaced lies now; only after a restore.
  package let replaced: String?
}

/// A backup of a store: one file, without keys, certificates or start counter, and beside it a folder
/// with the evidence files, `<file>.evidence`.
package struct StoreBackup: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// Writes the backup and verifies it: first the store, then the evidence, so that every file that the
  /// store's copy names and that is here comes along. A copy that does not verify stays as evidence.
  ///
  /// - Parameter evidence: the node's folder of evidence.
  /// - Parameter progress: called now and then; its error ends the work.
  /// - Throws: `CommandError` where something stands at the path; `StoreError`.
  func create(
    of store: Store, evidence: EvidenceFolder, judge: DeploymentKeyJudge,
    progress: @escaping () throws -> Void
  ) throws -> BackupAnswer {
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw CommandError(
        .alreadyExists, .refused, zh: "\(path) 已存在,不覆盖;请另取文件名",
        en: "\(path) stands already and is never overwritten; choose another name")
    }
    let fresh = path + ".partial"
    unlink(fresh)
    do {
      try store.backup(to: fresh, progress: progress)
      guard chmod(fresh, 0o600) == 0, rename(fresh, path) == 0 else {
        throw StoreError(
          .disk,
          "cannot write \(path): \(String(cString: strerror(errno))); check the disk and the folder"
        )
      }
      try Self.synchronise(path)
    } catch {
      unlink(fresh)
      throw error
    }
    var answer = try verify(judge: judge, progress: progress)
    let (folder, name) = Self.parts(of: path)
    answer.evidence = try EvidenceFolder.open(name + Self.evidenceSuffix, in: folder)
      .take(from: evidence, isChecked: false, progress: progress)
    return answer
  }

  /// What the name of the folder with the evidence ends with.
  private static let evidenceSuffix = ".evidence"

  /// Puts the backup's evidence, where there is any, into a node's folder.
  private func restoreEvidence(to home: HomeLayout) throws -> EvidenceCopy {
    let copies = EvidenceFolder(path: path + Self.evidenceSuffix, limits: EvidenceLimits())
    guard access(copies.path, F_OK) == 0 else { return EvidenceCopy() }
    return try EvidenceFolder.open(in: home).take(from: copies, isChecked: true) {}
  }

  /// A path's folder and its last part.
  private static func parts(of path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// Checks a backup in a copy of its own, so that the file itself stays as it is.
  ///
  /// - Parameter progress: called now and then; its error ends the work.
  /// - Throws: `CommandError` of exit 65 for a file that is no store, and where there is none.
  package func verify(
    judge: DeploymentKeyJudge, progress: () throws -> Void = {}
  ) throws -> BackupAnswer {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(
        .badBackup, .badData, zh: "\(path) 不是备份文件,请核对路径",
        en: "\(path) is no backup file; check the path")
    }
    let scratch = path + ".checking"
    Self.remove(scratch)
    guard mkdir(scratch, 0o700) == 0 else {
      throw StoreError(
        .disk,
        "cannot make \(scratch): \(String(cString: strerror(errno))); the folder of the backup must "
          + "be writable and have room for a copy")
    }
    defer { Self.remove(scratch) }
    try Store.copy(path, to: scratch + "/" + Store.fileName)
    let store: Store
    do {
      store = try Store.open(
        in: scratch, library: .shipped, judge: judge, signer: nil)
    } catch let error as StoreError where error.code == .damaged || error.code == .wrongStore {
      throw CommandError(
        .badBackup, .badData, zh: "\(path) 不是台账备份,或已损坏;请换用另一份备份",
        en: "\(path) is no backup of a store, or is damaged; use another backup")
    }
    defer { try? store.close() }
    let (identity, verification) = try store.read {
      (try $0.identity(), try $0.verify(judge: judge) { _ in try progress() })
    }
    return BackupAnswer(
      path: path, bytes: UInt64(status.st_size), region: identity.region.rawValue,
      tier: identity.tier.name, incarnation: identity.incarnation,
      verify: VerifyAnswer(verification), replaced: nil)
  }

  /// Puts the backup in the place of a stopped node's store, and its evidence, each file checked against
  /// its hash, beside what is there. The next start opens a new incarnation, and the neighbours bring
  /// what the backup lacks.
  ///
  /// - Throws: `StoreError` of code locked where a node runs on the folder; `CommandError` of exit 65
  ///   for a backup of another node or one that does not verify.
  package func restore(to home: HomeLayout) throws -> BackupAnswer {
    try home.requireOwner()
    let credentials = try home.keyStore.load()
    let answer = try verify(judge: DeploymentKeyJudge(roots: credentials.roots))
    let name = credentials.certified.name
    guard answer.region == name.region.rawValue, answer.tier == name.tier.name else {
      throw CommandError(
        .badBackup, .badData,
        zh: "\(path) 是 \(answer.region) 的备份,本目录属于 \(name.region),不能恢复",
        en: "\(path) is a backup of \(answer.region), this folder is that of \(name.region)")
    }
    guard answer.verify.ok else {
      throw CommandError(
        .badBackup, .badData,
        zh: "\(path) 校验不通过:\(answer.verify.failures.first?.reason ?? "");请换用另一份备份",
        en: "\(path) does not verify: \(answer.verify.failures.first?.reason ?? ""); use another "
          + "backup")
    }
    let replaced = try Store.replace(in: home.path, withCopyOf: path)
    return BackupAnswer(
      path: answer.path, bytes: answer.bytes, region: answer.region, tier: answer.tier,
      incarnation: answer.incarnation, verify: answer.verify,
      evidence: try restoreEvidence(to: home), replaced: replaced)
  }

  /// Removes the files that a store leaves in a scratch folder, and the folder.
  private static func remove(_ scratch: String) {
    for name in ["", "-wal", "-shm", "-journal"] { unlink("\(scratch)/\(Store.fileName)\(name)") }
    unlink("\(scratch)/store.lock")
    rmdir(scratch)
  }

  private static func synchronise(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw StoreError(.disk, "cannot put \(path) on the disk: \(String(cString: strerror(errno)))")
    }
    close(descriptor)
    try Store.synchronise(parts(of: path).folder)
  }
}
