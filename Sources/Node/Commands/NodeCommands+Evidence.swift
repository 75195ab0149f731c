import Casework
import Crypto
import Evidence
import Glibc
import Ledger
import Regions
import Replication
import Store

extension NodeCommands {
  func folder() throws -> EvidenceFolder { try EvidenceFolder.open(in: home) }

  /// Takes a file in as evidence of a lead (登记证据) or as an attachment of a directive (附件): first
  /// the file, on the disk under its hash, then the event that names it. What the file says of time and
  /// place stands beside what people state.
  ///
  /// - Throws: `CommandError` of exit 77 where the process forbids it, of exit 65 for a file that is
  ///   none or of a format that is not taken; `EvidenceError`.
  package func addEvidence(
    _ arguments: EvidenceAddArguments, by person: ActingPerson
  ) async throws -> EvidenceAnswer {
    let entity = try core.store.read { try evidenced(arguments.lead, in: $0) }
    let state = try foldedState(of: entity)
    let kind = Process.evidenceKind(of: state.family)
    // Told before a large file is read.
    try permit(core.store.rules.refusal(of: kind, on: state, by: actor(person)))
    let folder = try folder()
    let body = try await offload { [self] cancellation in
      try takeIn(arguments.path, note: arguments.note, to: folder, cancellation)
    }
    let answer = try await perform(
      Act(kind: kind, body: body), on: entity.id, by: person,
      lane: arguments.urgent ? .urgent : .bulk)
    guard let added = try evidence(of: entity.id).last(where: { $0.commit == answer.commit })
    else {
      // A closure of this origin, for one, may have come in between.
      throw CommandError(
        .waiting, .refused, zh: "证据已登记,但现在不生效,请用 lead show 查看原因",
        en: "the evidence is in the ledger and has no effect now; lead show says why")
    }
    return try core.store.read { try self.answer(added, folder, $0) }
  }

  /// Takes one file into the folder.
  ///
  /// - Returns: the body of the event that names it.
  func takeIn(
    _ path: String, note: String?, to folder: EvidenceFolder, _ cancellation: Cancellation
  ) throws -> CanonicalValue {
    let source = try EvidencePaths.source(path)
    let head = try source.read(at: 0, count: EvidenceBounds.headBytes)
    let format: EvidenceFormat
    switch EvidenceFormat.judge(head: head) {
    case .format(let known): format = known
    case .refused(let refusal):
      throw CommandError(
        .badField, .badData, zh: "\(path):\(refusal.text.zh)",
        en: "\(path): \(refusal.text.en)")
    }
    let byteCount = try source.byteCount()
    var writer = try folder.writer(announcedBytes: byteCount)
    var offset = 0
    while offset < byteCount {
      try cancellation.check()
      let chunk = try source.read(at: offset, count: EvidenceLimits.chunkBytes)
      // A file that shrinks meanwhile is told as one of the wrong length.
      if chunk.isEmpty { break }
      try writer.write(chunk)
      offset += chunk.count
    }
    let receipt = try writer.finish()
    let reader = try folder.reader(of: receipt.name)
    let metadata = try ImageMetadata.read(format) { try reader.bytes(at: $0, count: $1) }
    var entries: [String: CanonicalValue] = [
      "file": .text(receipt.name.description), "name": .text(EvidencePaths.name(path)),
      "type": .text(format.mediaType), "bytes": .integer(Int64(receipt.byteCount)),
    ]
    if let note = note.flatMap({ Self.trimmed($0) }) { entries["note"] = .text(note) }
    let instant = metadata.cameraTime?.instantMilliseconds ?? metadata.satelliteTimeMilliseconds
    entries["taken"] = instant.map { .integer($0) }
    entries["camera_time"] = metadata.cameraTime.map {
      // Without its zone: what the clock on the wall showed.
      .text(String(CommandTime.text($0.wallMilliseconds).dropLast()))
    }
    entries["location"] = metadata.position.flatMap {
      try? LeadContent.location($0.latitude, $0.longitude)?.value
    }
    return .map(entries)
  }

  /// Lists the evidence of a lead or the attachments of a directive, in the order of its authors' times.
  package func listEvidence(_ arguments: LeadShowArguments) throws -> [EvidenceAnswer] {
    let folder = try folder()
    return try core.store.read { reader in
      try evidence(of: evidenced(arguments.lead, in: reader).id, in: reader).map {
        try answer($0, folder, reader)
      }
    }
  }

  /// Copies a piece of evidence out, and checks it on the way.
  ///
  /// - Throws: `CommandError` of exit 65 for a word that names not exactly one piece, of exit 77 where
  ///   something stands at the path; `EvidenceError` where the file is not here.
  package func getEvidence(_ arguments: EvidenceGetArguments) async throws -> EvidenceGetAnswer {
    let id = try core.store.read { try evidenced(arguments.lead, in: $0).id }
    let piece = try piece(arguments.evidence, among: evidence(of: id), named: "EVIDENCE")
    guard let name = EvidenceName(piece.file) else { throw Self.damaged(piece.file) }
    return try await offload { [self] cancellation in
      var reader = try folder().reader(of: name)
      let target = try EvidencePaths.target(arguments.path)
      var hasher = SHA256()
      var copied = 0
      do {
        while let chunk = try reader.next() {
          try cancellation.check()
          try target.write(chunk, at: copied)
          hasher.update(data: chunk)
          copied += chunk.count
        }
        guard EvidenceName(hasher.finalize()) == name else { throw Self.damaged(piece.file) }
        try target.synchronise()
      } catch {
        unlink(arguments.path)
        throw error
      }
      return EvidenceGetAnswer(
        schema: "liandong.evidence_get/1", path: arguments.path, file: piece.file, bytes: copied)
    }
  }

  static func damaged(_ file: String) -> CommandError {
    CommandError(
      .notFound, .badData, zh: "证据文件 \(file) 已损坏或名称不合规,请运行 evidence verify 并从备份恢复",
      en: "the evidence file \(file) is damaged or ill-named; run evidence verify, restore a backup"
    )
  }

  /// Reads every file of evidence that is here and compares it with its hash.
  package func verifyEvidence() async throws -> EvidenceVerifyAnswer {
    try await offload { [self] cancellation in
      let found = try folder().verify { _, _ in try cancellation.check() }
      return EvidenceVerifyAnswer(
        schema: "liandong.evidence_verify/1", ok: found.isSound, files: found.fileCount,
        bytes: found.byteCount,
        findings: found.findings.map {
          .init(kind: $0.kind.rawValue, path: $0.path, message: $0.message(in: language))
        })
    }
  }

  // MARK: What the ledger says.

  /// Finds what carries files: a lead by number or id, or a directive by id.
  ///
  /// - Throws: what finding a lead throws, where it is neither.
  func evidenced(_ reference: String, in reader: StoreReader) throws -> StoredEntity {
    do {
      return try lead(reference, in: reader)
    } catch {
      guard let directive = try? directive(reference, in: reader) else { throw error }
      return directive
    }
  }

  /// An effective event that added evidence.
  struct Piece: Sendable {
    let event: Hash
    let commit: String
    let body: CanonicalValue
    let stamp: Stamp

    var file: String { body["file"]?.text ?? "" }
  }

  func evidence(of id: EntityID) throws -> [Piece] {
    try core.store.read { try evidence(of: id, in: $0) }
  }

  func evidence(of id: EntityID, in reader: StoreReader) throws -> [Piece] {
    let kinds = Process.evidenceFamilies.map { Process.evidenceKind(of: $0) }
    return try reader.timeline(of: id).compactMap { entry in
      guard kinds.contains(entry.event.kind), entry.effect == .effective,
        let body = try? CanonicalValue(decoding: entry.event.body)
      else { return nil }
      return Piece(
        event: entry.event.hash, commit: entry.commit.description, body: body, stamp: entry.stamp)
    }
  }

  /// The piece that the beginning of a hash names: its event's or its file's.
  func piece(_ word: String, among pieces: [Piece], named name: String) throws -> Piece {
    let word = word.lowercased()
    let found = pieces.filter {
      $0.event.description.hasPrefix(word) || $0.file.hasPrefix(word)
    }
    guard found.count == 1, !word.isEmpty else {
      throw CommandError.field(
        name, zh: "“\(word)”不指恰好一件证据,请用 evidence list 查看",
        en: "'\(word)' names not exactly one piece of evidence; see evidence list")
    }
    return found[0]
  }

  /// The neighbours that a file may come from, the likeliest first.
  private func carriers(_ piece: Piece, _ reader: StoreReader) throws -> [String] {
    let key = SetKey(time: piece.stamp.time, hash: piece.event)
    guard let event = try reader.evidence(key, ofKinds: NamedEvidence.fileKinds),
      let router = try reader.router(of: core)
    else { return [] }
    return router.carriers(from: event.source, audience: event.audience).map(\.rawValue)
  }

  func answer(_ piece: Piece, _ folder: EvidenceFolder, _ reader: StoreReader) throws
    -> EvidenceAnswer
  {
    let location = piece.body["location"].flatMap { Location($0) }
    let name = EvidenceName(piece.file)
    let isWanted = try name.map { try reader.wantedEvidence($0.hash) != nil } ?? false
    let progress = name.flatMap { core.evidence.progress(of: $0) }
    func degrees(_ value: Int64?) -> Double? { value.map { Double($0) / LeadContent.microdegrees } }
    return try EvidenceAnswer(
      schema: "liandong.evidence/1", event: piece.event.description, file: piece.file,
      name: piece.body["name"]?.text ?? "", type: piece.body["type"]?.text ?? "",
      bytes: piece.body["bytes"]?.integer ?? 0,
      takenAt: piece.body["taken"]?.integer.map { CommandTime.text($0) },
      cameraTime: piece.body["camera_time"]?.text,
      latitude: degrees(location?.latitudeMicrodegrees),
      longitude: degrees(location?.longitudeMicrodegrees), note: piece.body["note"]?.text,
      addedAt: CommandTime.text(piece.stamp.time.milliseconds), by: piece.stamp.actor,
      region: piece.stamp.origin.region.rawValue,
      held: name.map { folder.holds($0) } ?? false,
      wanted: isWanted,
      from: progress.map { [$0.peer.rawValue] } ?? (isWanted ? carriers(piece, reader) : []),
      receivedBytes: progress?.receivedBytes,
      faults: name.map { core.evidence.faults(of: $0).sorted { $0.key < $1.key }.map(\.value) }
        ?? [])
  }
}
