import Crypto
import Evidence
import Foundation
import Identity
import Ledger
import Regions
import Replication
import Store

/// Writes one lead's custody file (证据链档案); docs/CUSTODY.md describes it.
///
/// Commits and evidence pass through one at a time; what stays in memory is the story, as the fold
/// holds it, and a line for each file.
struct CustodyExport {
  /// How many characters of each text the story shows; the events have all of it.
  static let storyCharacters = 400

  let told: ToldLead
  let core: NodeCore
  let folder: EvidenceFolder
  let credentials: NodeKeyStore.Credentials
  /// The story in both languages.
  let records: (zh: [StoryRecord], en: [StoryRecord])
  let cancellation: Cancellation

  private var entries: [StoryEntry] { told.story.entries }
  private var exporter: KeyName { KeyName(of: credentials.key.publicKey) }

  /// Writes everything.
  ///
  /// - Parameter file: new and empty.
  /// - Throws: `CommandError` for evidence that is damaged; `StoreError`, `EvidenceError`.
  func write(to file: consuming OpenFile, at path: String) throws -> LeadExportAnswer {
    let latest = entries.map(\.entry.acceptedAtMilliseconds).max() ?? 0
    var writer = CustodyWriter(
      tar: UstarWriter(file: file, modifiedSeconds: latest / 1000))
    try writer.add("README.txt", text: CustodyReadme.text)
    try writer.add("verify.sh", text: CustodyScript.text)
    let commits = try addCommits(&writer)
    let evidence = try addEvidence(&writer)
    let missing = Set(entries.flatMap(\.missingParents)).sorted()
    var index = ["lead \(told.entity.id)", "exporter \(exporter)"]
    index += commits.lines
    index += missing.map { "missing \($0)" }
    index += evidence.lines
    try writer.add("index.txt", text: Self.text(of: index))
    try writer.add(
      "story.txt",
      text: Self.text(
        of: records.zh.flatMap { $0.lines(in: .zh) } + [""]
          + records.en.flatMap { $0.lines(in: .en) }))
    try writer.add("story.json", Self.array(of: records.zh))
    let files = writer.fileCount
    let (bytes, manifest) = try writer.finish { preimage in
      Array(try credentials.key.privateKey.signature(for: preimage).derRepresentation)
    }
    return LeadExportAnswer(
      schema: "liandong.lead_export/1", path: path, lead: told.entity.id.description,
      bytes: bytes, files: files, commits: commits.count, events: entries.count,
      evidence: evidence.held, evidenceAbsent: evidence.absent, missing: missing.count,
      manifest: Array(manifest).hex,
      verifier: Hash(of: Array(CustodyScript.text.utf8)).description)
  }

  private static func text(of lines: [String]) -> String {
    lines.map { $0 + "\n" }.joined()
  }

  private static func array(of records: [StoryRecord]) throws -> [UInt8] {
    var bytes = Array("[\n".utf8)
    for (index, record) in records.enumerated() {
      if index > 0 { bytes += Array(",\n".utf8) }
      bytes += try AnswerCoding.encode(record)
    }
    return bytes + Array("\n]\n".utf8)
  }

  // MARK: Commits.

  /// Adds each commit once, in the order in which the story first needs it, and the chains.
  ///
  /// - Returns: the lines of the index, one an event in the order of the story.
  private func addCommits(
    _ writer: inout CustodyWriter
  ) throws -> (lines: [String], count: Int) {
    let events = Dictionary(grouping: entries, by: \.entry.commit)
    var numbers: [Hash: (number: String, places: [Hash: Int])] = [:]
    var keys: Set<String> = []
    var unsigned: [String] = []
    func add(_ chain: [[UInt8]], of key: KeyName) throws {
      guard keys.insert(key.description).inserted else { return }
      let pem = Identity.CertificateChain(der: chain).pem
      try writer.add("keys/\(key).pem", text: pem)
    }
    try add(credentials.chain.der, of: exporter)
    let lines = try entries.map { told in
      let hash = told.entry.commit
      if numbers[hash] == nil {
        try cancellation.check()
        let (commit, chain) = try commit(holding: events[hash] ?? [])
        let number = Self.padded(numbers.count + 1, digits: 5)
        try add(chain, of: commit.stamp.key)
        let isSigned = try addCommit(commit, chain, number, &writer)
        if !isSigned { unsigned.append("unsigned \(number)") }
        numbers[hash] = (
          number,
          // A peer may have put an event into a commit twice; its first place tells as much.
          Dictionary(
            commit.events.map { ($0.event.hash, $0.position) },
            uniquingKeysWith: { first, _ in first })
        )
      }
      let event = told.entry.event.hash
      guard let found = numbers[hash], let place = found.places[event] else {
        throw Self.damaged(hash)
      }
      return "event \(found.number) \(Self.padded(place, digits: 3)) \(event)"
    }
    return (unsigned + lines, numbers.count)
  }

  /// Reads a commit with the lead's events in it; all others stand there as their hashes.
  private func commit(holding entries: [StoryEntry]) throws -> (Commit, [[UInt8]]) {
    let keys = entries.map { SetKey(time: $0.entry.stamp.time, hash: $0.entry.event.hash) }
    return try core.store.read { reader in
      var pending = try reader.events(keys)
      guard let commit = try reader.nextShipment(of: &pending)?.commits.first,
        let chain = try reader.chain(of: commit.stamp.key)
      else { throw Self.damaged(entries.first?.entry.commit ?? .zero) }
      return (commit, chain)
    }
  }

  /// - Returns: whether the commit's own signature verifies; else a later commit vouches for it, which
  ///   is not in the file.
  private func addCommit(
    _ commit: Commit, _ chain: [[UInt8]], _ number: String, _ writer: inout CustodyWriter
  ) throws -> Bool {
    let folder = "commits/\(number)"
    let hashes = commit.entries.map(\.hash)
    let signed = Commit.preimage(
      stampHash: Stamp.hash(of: commit.stampBytes), previous: commit.previous,
      list: Commit.listHash(hashes))
    let signature = try P256.Signing.ECDSASignature(rawRepresentation: commit.signature)
    try writer.add("\(folder)/stamp.bin", commit.stampBytes)
    try writer.add("\(folder)/hashes.bin", hashes.flatMap(\.bytes))
    try writer.add("\(folder)/signed.bin", signed)
    try writer.add("\(folder)/signature.der", Array(signature.derRepresentation))
    for (position, event) in commit.events {
      try writer.add("\(folder)/event-\(Self.padded(position, digits: 3)).bin", event.bytes)
    }
    let judged = try core.judge.judge(chain)
    return commit.isSigned(by: judged.publicKey)
  }

  private static func padded(_ number: Int, digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }

  private static func damaged(_ commit: Hash) -> StoreError {
    StoreError(.damaged, "commit \(commit.short) cannot be read; run `liandong verify`")
  }
}
