import CoreFoundation
import FoundationEssentials
import Glibc
import Identity
import Ledger
import Regions
import Replication
import Store

extension NodeCommands {
  static let statusSchema = "liandong.status/1"

  /// How the node is.
  ///
  /// - Parameter isRunning: whether links are served beside this call.
  package func status(isRunning: Bool) throws -> StatusAnswer {
    let now = core.wallMilliseconds()
    let known = core.links.statuses
    return try core.store.read { reader in
      let identity = try reader.identity()
      let figures = try reader.figures()
      let places = try Places(reader)
      let day = CommandTime.day(now)
      let links = try peers(places.tree, known).map { peer, role in
        try link(
          to: peer, role: role, known[peer], reader, now: now,
          name: day.flatMap { places.directory.name(of: peer, on: $0) })
      }
      return StatusAnswer(
        schema: Self.statusSchema,
        node: .init(
          region: core.region.rawValue,
          regionName: day.flatMap { places.directory.name(of: core.region, on: $0) },
          tier: core.tier.name, incarnation: identity.incarnation,
          deployment: identity.deployment, version: core.software,
          protocol: ReplicationBounds.protocolVersions.upperBound, running: isRunning),
        store: .init(
          bytes: storeBytes(figures), freeBytes: freeBytes(), synchronous: figures.synchronous,
          journal: figures.journal),
        ledger: .init(
          head: identity.head.description, commits: UInt64(figures.commits),
          events: figures.events, leads: UInt64(figures.leads),
          directives: UInt64(figures.directives)),
        links: links, conflictsOpen: UInt64(figures.openConflicts),
        waiting: UInt64(try reader.waitingCount()),
        evidenceWanted: UInt64(try reader.wantedEvidenceCount()),
        certificate: .init(
          notAfter: CommandTime.text(
            Int64(try core.credentials.load().certified.notAfter.timeIntervalSince1970) * 1000)),
        clock: .init(skewSeconds: Nullable(skew(known))))
    }
  }

  private func skew(_ known: [RegionID: LinkRegistry.Status]) -> Double? {
    let differences = known.values.compactMap(\.clockDifference?.milliseconds)
    return differences.max().map { Double($0) / 1000 }
  }

  /// The tree's neighbours and whoever else a link was open with.
  private func peers(
    _ tree: LinkTree?, _ known: [RegionID: LinkRegistry.Status]
  ) -> [(RegionID, String)] {
    var peers: [(RegionID, String)] = []
    if let parent = tree?.parent(of: core.region) { peers.append((parent, "parent")) }
    for child in tree?.children(of: core.region) ?? [] { peers.append((child, "child")) }
    let listed = Set(peers.map(\.0))
    for (peer, status) in known.sorted(by: { $0.key < $1.key }) where !listed.contains(peer) {
      peers.append((peer, status.role))
    }
    return peers
  }

  private func link(
    to peer: RegionID, role: String, _ status: LinkRegistry.Status?, _ reader: StoreReader,
    now: UInt64, name: String?
  ) throws -> StatusAnswer.LinkPart {
    let backlog = try reader.backlog(for: peer)
    let lag = backlog.oldestMilliseconds.map { now > $0 ? Double(now - $0) / 1000 : 0 } ?? 0
    let isPaused = core.links.isPaused
    let state = isPaused ? .paused : status?.state ?? .backoff
    let isOpen = state == .connected
    return StatusAnswer.LinkPart(
      peer: peer.rawValue, peerName: name, role: role,
      state: state.rawValue, backlogEvents: backlog.events,
      backlogBytes: backlog.bytes, lagSeconds: lag,
      lastSuccessAt: Nullable(status?.lastSuccessAt.map { CommandTime.text($0) }),
      retryAt: Nullable(isPaused ? nil : status?.retryAt.map { CommandTime.text($0) }),
      setAside: UInt64(try reader.setAsideCount(from: peer)),
      lastError: Nullable(status?.lastError), tls: isOpen ? status?.tlsVersion ?? "" : "",
      address: status?.remoteAddress ?? "", peerIncarnation: Nullable(status?.peerIncarnation),
      peerVersion: status?.peerSoftware ?? "", bytesSent: status?.bytesSent ?? 0,
      bytesReceived: status?.bytesReceived ?? 0, repairing: status?.isRepairing ?? false)
  }

  /// The database and its log as they lie on the disk.
  private func storeBytes(_ figures: StoreFigures) -> UInt64 {
    let pages = UInt64(max(figures.pages, 0)) * UInt64(max(figures.pageBytes, 0))
    guard let folder = core.store.folder else { return pages }
    var total: UInt64 = 0
    for suffix in ["", "-wal"] {
      var status = stat()
      if stat("\(folder)/\(Store.fileName)\(suffix)", &status) == 0 {
        total += UInt64(status.st_size)
      }
    }
    return total
  }

  private func freeBytes() -> UInt64 {
    var status = statvfs()
    guard let folder = core.store.folder, statvfs(folder, &status) == 0 else { return 0 }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize)
  }
}
