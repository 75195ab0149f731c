import Casework
import Evidence
import Logging
import Regions
import Replication
import ServiceLifecycle
import Store

/// Looks through the ledger, as it grows, for evidence that the node's policy wants, for contacts whose
/// keys are missing here and for those whose keys are to be destroyed; from the beginning where the
/// store was copied back, so that what was lost comes again, and what was destroyed is so once more.
struct EvidenceKeeper: Service {
  /// The most events that one look takes.
  static let pageEvents = 256
  /// How long the ledger may grow on before the next look.
  private static let pause = Duration.milliseconds(250)
  /// How long until the next look where none comes.
  private static let idle = Duration.seconds(60)
  /// After so many rows of the ledger the place is noted also where nothing was wanted, so that a
  /// start does not look through all of it.
  private static let unnotedRows: Int64 = 256 * 16_000

  let carrier: EvidenceCarrier
  let policy: NodeConfiguration.Evidence

  private var core: NodeCore { carrier.core }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var (place, looked): (Int64?, Int64) = (nil, 0)
      var mustLook = true
      while !Task.isCancelled {
        if let known = place {
          let news = carrier.registry.takeNews()
          if let first = news.first {
            // An event of a commit that was held in part comes before what was looked through.
            place = min(known, first - 1)
            mustLook = true
          } else if !mustLook {
            place = max(known, news.place)
            mustLook = max(known, news.place) - looked > Self.unnotedRows
          }
        }
        do {
          if mustLook {
            var before: Int64?
            repeat { before = place } while try await look(from: &place) && !Task.isCancelled
            // Where the last page leaves the place, it could not be taken, or there was nothing.
            if place != before { (mustLook, looked) = (false, place ?? 0) }
          }
        } catch {
          core.logger.error("cannot tell which evidence to fetch", metadata: ["error": "\(error)"])
        }
        await carrier.registry.evidenceCame.wait(atMost: Self.idle)
        try? await Task.sleep(for: Self.pause)
      }
    }
  }

  /// Takes the next events.
  ///
  /// - Parameter place: how far the ledger was looked through; `nil` before the first look.
  /// - Returns: whether there may be more.
  func look(from place: inout Int64?) async throws -> Bool {
    let start = place
    let found = try core.store.read { reader in
      let noted = try reader.evidencePlace()
      let page = try reader.evidence(
        after: start ?? noted, ofKinds: Self.kinds, limit: Self.pageEvents)
      return (
        page: page, noted: noted, router: try reader.router(of: core),
        destroyed: try Self.destroyed(among: page.events, reader)
      )
    }
    guard let router = found.router else { return false }
    try await core.destroyKeys(of: found.destroyed)
    let destroyed = Set(found.destroyed.map(\.id))
    let wanted = found.page.events.compactMap { NamedEvidence($0, limits: carrier.folder.limits) }
      .filter { isWanted($0, router) && !destroyed.contains($0.event.entity) }
    let reached = found.page.place
    if !wanted.isEmpty || reached - found.noted > Self.unnotedRows {
      let isNoted = try await core.writer.write { transaction in
        for evidence in wanted {
          let isNoted = try transaction.want(
            evidence.name.hash, by: evidence.event.key, byteCount: evidence.byteCount,
            isUrgent: false)
          // The place stays, and the next look takes them again.
          guard isNoted else { return false }
        }
        try transaction.noteEvidencePlace(reached)
        return true
      }
      carrier.registry.wakeAll()
      guard isNoted else {
        try await destroyKeys(after: reached)
        return false
      }
    }
    place = reached
    return found.page.events.count == Self.pageEvents
  }

  /// Destroys the keys beyond a page that could not be taken: whatever fills the list of files that are
  /// wanted, what is ordered to be destroyed must not outlast it.
  private func destroyKeys(after place: Int64) async throws {
    var start = place
    while true {
      let (page, destroyed) = try core.store.read { reader in
        let page = try reader.evidence(
          after: start, ofKinds: ContactKind.all, limit: Self.pageEvents)
        return (page, try Self.destroyed(among: page.events, reader))
      }
      try await core.destroyKeys(of: destroyed)
      guard page.events.count == Self.pageEvents else { return }
      start = page.place
    }
  }

  /// The contacts among the events' entities whose keys are to be destroyed.
  private static func destroyed(
    among events: [HeldEvidence], _ reader: StoreReader
  ) throws -> [HeldContact] {
    let contacts = Set(events.filter { ContactKind.all.contains($0.kind) }.map(\.entity))
    return try contacts.compactMap { try HeldContact(of: $0, in: reader) }
      .filter { $0.destruction != nil }
  }

  private static let kinds = NamedEvidence.fileKinds + ContactKind.all

  /// Whether the policy fetches a file: what offices below took in, and what offices above attached to
  /// their directives, by its length; what this one took in and has no more always. Contacts' keys are
  /// wanted whatever the policy.
  private func isWanted(_ evidence: NamedEvidence, _ router: Router) -> Bool {
    let author = evidence.event.author
    let isAbove = router.tree.isAtOrAbove(core.region, author)
    if evidence.isContactKey { return isAbove && !carrier.holds(evidence) }
    let isOrdered = evidence.event.kind == Process.evidenceKind(of: "directive")
    let isNear = isAbove || isOrdered && router.tree.isAtOrAbove(author, core.region)
    let mayCome =
      policy.fetch != .none
      && (author == core.region || isNear && policy.takes(evidence.byteCount))
    return mayCome && !carrier.holds(evidence)
  }
}

extension NodeConfiguration.Evidence {
  /// Whether a file of that length is fetched by itself.
  func takes(_ byteCount: Int) -> Bool {
    switch fetch {
    case .none: false
    case .small: byteCount <= smallBytes
    case .all: true
    }
  }
}
